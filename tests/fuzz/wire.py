"""Changes of protobuf's wire format: field numbers, wire types, numbers and lengths, at any depth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random as Chance

_VARINTS = (0, 1, 127, 128, 2**31, 2**32 - 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**70 - 1)
_JUNK = (b"", b"\0", b"\xff" * 11, b"\xed\xa0\x80", b"\x0a\x7f", b"\x0b" * 10_000, b"\x08\x80" * 100, b"a" * 100_000)


@dataclass
class Field:
    """One field as the wire has it."""

    number: int
    wire: int
    value: bytes
    """What follows the tag, less the length where there is one."""
    size: int | None = None
    """A length that is not the value's."""


def changed(chance: Chance, content: bytes, depth: int = 0) -> bytes:
    """Some fields of the message changed, or of one that is in it."""
    fields = parsed(content)
    if not fields:
        return chance.choice(_JUNK)
    at = chance.randrange(len(fields))
    inner = [field for field in fields if field.wire == 2 and parsed(field.value)]
    if inner and depth < 8 and chance.random() < 0.75:
        field = chance.choice(inner)
        field.value = changed(chance, field.value, depth + 1)
    else:
        chance.choice(_EDITS)(chance, fields, at)
    return b"".join(map(written, fields))


def parsed(content: bytes) -> list[Field]:
    """The fields of a message; none where it is no message."""
    fields, at = [], 0
    while at < len(content):
        tag, at = _varint(content, at)
        start, wire = at, tag & 7
        if wire == 0:
            _, at = _varint(content, at)
        elif wire == 2:
            size, start = _varint(content, at)
            at = start + size
        else:
            at += {1: 8, 5: 4}.get(wire, len(content) + 1)
        if at > len(content) or not tag >> 3:
            return []
        fields.append(Field(tag >> 3, wire, content[start:at]))
    return fields


def written(field: Field) -> bytes:
    size = len(field.value) if field.size is None else field.size
    length = varint(size) if field.wire == 2 else b""
    return varint(field.number << 3 | field.wire) + length + field.value


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _varint(content: bytes, at: int) -> tuple[int, int]:
    number, shift = 0, 0
    while at < len(content):
        number |= (content[at] & 127) << shift
        shift += 7
        at += 1
        if content[at - 1] < 128:
            return number, at
    return 0, len(content) + 1


def _number(chance: Chance, fields: list[Field], at: int) -> None:
    other = chance.choice((0, 1, 2, 3, 5, 6, 35, 36, 38, 99, 2**29 - 1, 2**29, fields[at].number + 1))
    fields[at].number = other


def _wire(chance: Chance, fields: list[Field], at: int) -> None:
    fields[at].wire = chance.randrange(8)


def _value(chance: Chance, fields: list[Field], at: int) -> None:
    field = fields[at]
    field.value = varint(chance.choice(_VARINTS)) if field.wire == 0 else chance.choice(_JUNK)


def _packed(chance: Chance, fields: list[Field], at: int) -> None:
    numbers = [chance.choice(_VARINTS[:9]) for _ in range(chance.choice((1, 3, 10_000)))]
    fields[at].wire, fields[at].value = 2, b"".join(map(varint, numbers))


def _length(chance: Chance, fields: list[Field], at: int) -> None:
    fields[at].wire = 2
    fields[at].size = chance.choice((0, 1, len(fields[at].value) + 1, 2**31 - 1, 2**31, 2**32, 2**63))


def _missing(chance: Chance, fields: list[Field], at: int) -> None:
    del fields[at]


def _again(chance: Chance, fields: list[Field], at: int) -> None:
    fields[at:at] = [fields[at]] * chance.choice((1, 1, 2, 100))


def _order(chance: Chance, fields: list[Field], at: int) -> None:
    fields.insert(chance.randrange(len(fields)), fields.pop(at))


def _deep(chance: Chance, fields: list[Field], at: int) -> None:
    """The field inside itself, up to 10,000 times (as messages, whose lengths are bounded, or as groups)."""
    field, depth = fields[at], chance.choice((50, 100, 101, 1_000, 10_000))
    if chance.random() < 0.3:
        field.wire, field.value = 3, varint(field.number << 3 | 3) * depth
        return
    field.wire, number = 2, chance.choice((field.number, 1, 4, 5, 10))
    for _ in range(depth):
        field.value = written(Field(number, 2, field.value))


_EDITS: tuple[Callable[[Chance, list[Field], int], None], ...] = (
    *(_number, _wire, _value, _value, _packed, _length, _missing, _again, _order, _deep),
)  # fmt: skip
