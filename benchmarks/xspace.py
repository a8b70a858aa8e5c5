"""A profile of a program that nobody ran: every instruction once on a GPU, a microsecond each, as XSpace's wire format.

XProf counts flops and bytes of what a profile names, from the HLO inside the profile; it has no way to ask for them
of HLO alone.
"""

from __future__ import annotations

from collections.abc import Iterator

PROGRAM = 1
"""The program's number."""
NS = 1_000
"""How long each instruction takes here."""

_METADATA, _DEVICE = "/host:metadata", "/device:GPU:0"
_STATS = {"Hlo Proto": 1, "program_id": 2, "hlo_op": 3, "hlo_module": 4}


def xspace(module: bytes, name: str, ops: list[str]) -> bytes:
    """XSpace of an HloModuleProto and the names of its instructions."""
    proto = _field(1, module)  # HloProto.hlo_module
    program = _message(1, PROGRAM) + _field(2, f"{name}({PROGRAM})") + _field(5, _stat("Hlo Proto", _field(6, proto)))
    metadata = _message(1, 1) + _field(2, _METADATA) + _entry(4, PROGRAM, program) + _names()
    events = b"".join(_field(4, _event(at, op, name)) for at, op in enumerate(ops))
    line = _message(1, 1) + _field(2, "Stream #1") + events
    kinds = b"".join(_entry(4, at + 1, _message(1, at + 1) + _field(2, op)) for at, op in enumerate(ops))
    device = _message(1, 2) + _field(2, _DEVICE) + _field(3, line) + kinds + _names()
    return _field(1, metadata) + _field(1, device)


def _event(at: int, op: str, module: str) -> bytes:
    stats = [("hlo_op", _field(5, op)), ("hlo_module", _field(5, module)), ("program_id", _message(3, PROGRAM))]
    where = _message(1, at + 1) + _message(2, 2 * at * NS * 1000) + _message(3, NS * 1000)
    return where + b"".join(_field(4, _stat(key, value)) for key, value in stats)


def _names() -> bytes:
    return b"".join(_entry(5, number, _message(1, number) + _field(2, name)) for name, number in _STATS.items())


def _stat(name: str, value: bytes) -> bytes:
    return _message(1, _STATS[name]) + value


def _entry(number: int, key: int, value: bytes) -> bytes:
    """One entry of a map."""
    return _field(number, _message(1, key) + _field(2, value))


def _message(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _field(number: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    return bytes(_sevens(number))


def _sevens(number: int) -> Iterator[int]:
    while number > 127:
        yield number & 127 | 128
        number >>= 7
    yield number
