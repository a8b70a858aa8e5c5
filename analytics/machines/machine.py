"""A machine's peaks, from a TOML file: one that is shipped (``tpu_v4``, ``h100``, ...) or a user's own."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpugraph_db.errors import DataError, NotFoundError, did_you_mean

SHIPPED = Path(__file__).parent


@dataclass(frozen=True)
class Machine:
    """What bounds an op on one device (a TPU chip, a GPU, a CPU)."""

    name: str
    peak_flops: Mapping[str, float]
    """Flops per second by HLO element type (``bf16``, ``f32``, ``s8``, ...)."""
    memory_bandwidth: float
    """Bytes per second between the device and its main memory."""
    sources: Mapping[str, str]
    """Where ``peak_flops`` and ``memory_bandwidth`` come from."""
    others: str = ""
    """The type whose peak stands for those without one; none where empty: such ops have no modelled time then."""

    def peak(self, dtype: str) -> float:
        """Flops per second at an element type; NaN where the file gives none."""
        return self.peak_flops.get(dtype, self.peak_flops.get(self.others, math.nan))

    def to_toml(self) -> str:
        """As a machine file."""
        lines = [f"name = {_quoted(self.name)}"]
        lines += [f"others = {_quoted(self.others)}"] if self.others else []
        lines += [f"memory_bandwidth = {self.memory_bandwidth:.6g}", "", "[peak_flops]"]
        lines += [f"{dtype} = {peak:.6g}" for dtype, peak in self.peak_flops.items()]
        lines += ["", "[sources]", *(f"{key} = {_quoted(text)}" for key, text in self.sources.items())]
        return "\n".join(lines) + "\n"


def machine_names() -> list[str]:
    """Of the files that are shipped."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def find_machine(machine: str | Path) -> Machine:
    """A machine by the name of a shipped file, or by the path of one's own (which ends with ``.toml``).

    Raises:
        NotFoundError: there is no such machine or file. DataError: the file is not TOML, or lacks a key.
    """
    path = Path(machine)
    if path.suffix != ".toml":
        path = SHIPPED / f"{machine}.toml"
        if str(machine) not in machine_names():
            hint = did_you_mean(str(machine), machine_names())
            raise NotFoundError(
                f"no machine {str(machine)!r} among {', '.join(machine_names())}{hint}; your own is a path to a .toml"
            )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFoundError(f"{path}: no machine file ({error.strerror})") from error
    return read_machine(data, str(machine))


def read_machine(data: bytes, where: str) -> Machine:
    """The machine of a TOML file's bytes.

    Raises:
        DataError: it is not TOML, or a key is missing or of the wrong kind.
    """
    try:
        said = tomllib.loads(data.decode())
    except ValueError as error:
        raise DataError(where, "file", expected="TOML", found=str(error)) from error
    peaks = _table(said, "peak_flops", where)
    machine = Machine(
        name=_text(said, "name", where),
        peak_flops={dtype: _positive(peaks, dtype, where, "peak_flops.", "flops per second") for dtype in peaks},
        memory_bandwidth=_positive(said, "memory_bandwidth", where, "", "bytes per second"),
        sources=_sources(said, where),
        others=_text(said, "others", where) if "others" in said else "",
    )
    if machine.others and machine.others not in peaks:
        raise DataError(where, "others", expected=f"one of {', '.join(peaks)}", found=repr(machine.others))
    return machine


def _sources(said: Mapping[str, Any], where: str) -> dict[str, str]:
    table = _table(said, "sources", where)
    return {key: _text(table, key, where, "sources.") for key in ("peak_flops", "memory_bandwidth")}


def _table(said: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = said.get(key)
    if not isinstance(value, dict) or not value:
        raise DataError(where, key, expected=f"a table [{key}] that is not empty", found=_found(value))
    return value


def _text(said: Mapping[str, Any], key: str, where: str, prefix: str = "") -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DataError(where, prefix + key, expected="a text", found=_found(value))
    return value


def _positive(said: Mapping[str, Any], key: str, where: str, prefix: str, unit: str) -> float:
    value = said.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise DataError(where, prefix + key, expected=f"{unit}, a number above 0", found=_found(value))
    return float(value)


def _found(value: object) -> str:
    return "nothing" if value is None else repr(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'
