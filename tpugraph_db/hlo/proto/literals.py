"""Literals of HLO protobuf as HLO text, which holds values where they are few."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.proto.shapes import ELEMENT_TYPES

ELIDED = "{...}"

_MOST = 10
"""Values that are printed."""
_LARGEST = 1_024
"""Bytes that no literal of so few values takes; its layout is the longest part."""


@lru_cache(maxsize=1 << 10)
def constant(data: bytes) -> str:
    """``1.5``, ``{1, 2}``, ``{ { 1, 2 }, { 3, 4 } }``, as XLA prints it.

    ``{...}`` for more than ten values, a tuple, and types that numpy has no numbers of (below 8 bits, 8-bit floats).
    ``data`` is a ``Literal``; DecodeError where it is not.
    """
    if len(data) > _LARGEST:
        return ELIDED
    literal = hlo_pb2.Literal.FromString(data)
    dims = list(literal.shape.dimensions)
    dtype = ELEMENT_TYPES.get(literal.shape.element_type, "")
    if dtype not in _VALUES or not _few(dims):
        return ELIDED
    field, values_of = _VALUES[dtype]
    values = values_of(getattr(literal, field))
    if len(values) != math.prod(dims):
        return ELIDED
    if dtype == "pred":
        values = [value if dims else {"0": "false", "1": "true"}[value] for value in values]
    return _braced(_row_major(values, dims, literal.shape.layout.minor_to_major)) if dims else values[0]


def _few(dims: list[int]) -> bool:
    # an empty array may have dimensions of any size
    return len(dims) <= _MOST and all(0 <= dim <= _MOST for dim in dims) and math.prod(dims) <= _MOST


def _row_major(values: list[str], dims: list[int], minor_to_major: Sequence[int]) -> list[Any]:
    """Values as they lie in memory, by index: lists inside each other."""
    major = list(minor_to_major)[::-1]
    if sorted(major) != list(range(len(dims))):
        major = list(range(len(dims)))
    nested: list[Any] = np.array(values).reshape([dims[dim] for dim in major]).transpose(np.argsort(major)).tolist()
    return nested


def _braced(values: list[Any], outer: bool = True) -> str:
    """A single list stands close in its braces, as an empty one does; others keep a space."""
    if values and isinstance(values[0], list):
        return f"{{ {', '.join(_braced(part, False) for part in values)} }}"
    inner = ", ".join(values)
    return f"{{ {inner} }}" if inner and not outer else f"{{{inner}}}"


def _float(few: int, many: int, bits: str) -> Callable[[float], str]:
    """As few digits as give the number back: ``few`` or ``many``."""

    def text(value: float) -> str:
        if math.isnan(value):
            return "-nan" if math.copysign(1, value) < 0 else "nan"
        short = f"{value:.{few}g}"
        return short if float(np.array(short, bits)) == value else f"{value:.{many}g}"

    return text


_HALF, _BRAIN = _float(5, 5, "f2"), _float(4, 4, "f4")
_SINGLE, _DOUBLE = _float(6, 9, "f4"), _float(15, 17, "f8")


def _each(text: Callable[[Any], str]) -> Callable[[Sequence[Any]], list[str]]:
    return lambda values: [text(value) for value in values[: 2 * _MOST]]


def _packed(dtype: str, text: Callable[[Any], str] = str) -> Callable[[bytes], list[str]]:
    def values(data: bytes) -> list[str]:
        whole = len(data) % np.dtype(dtype).itemsize == 0
        return [text(value) for value in np.frombuffer(data, dtype).tolist()] if whole else []

    return values


def _brains(data: bytes) -> list[str]:
    high = np.frombuffer(data, "<u2") if len(data) % 2 == 0 else np.empty(0, "<u2")
    return [_BRAIN(value) for value in (high.astype("<u4") << 16).view("<f4").tolist()]


def _complex(text: Callable[[float], str]) -> Callable[[Sequence[float]], list[str]]:
    return lambda parts: [f"({text(a)}, {text(b)})" for a, b in zip(parts[::2], parts[1::2], strict=False)]


_VALUES: dict[str, tuple[str, Callable[[Any], list[str]]]] = {
    "pred": ("preds", _each(lambda value: str(int(value)))),
    "s8": ("s8s", _packed("<i1")),
    "s16": ("s16s", _packed("<i2")),
    "s32": ("s32s", _each(str)),
    "s64": ("s64s", _each(str)),
    "u8": ("u8s", _packed("<u1")),
    "u16": ("u16s", _packed("<u2")),
    "u32": ("u32s", _each(str)),
    "u64": ("u64s", _each(str)),
    "f16": ("f16s", _packed("<f2", _HALF)),
    "bf16": ("bf16s", _brains),
    "f32": ("f32s", _each(_SINGLE)),
    "f64": ("f64s", _each(_DOUBLE)),
    "c64": ("c64s", _complex(_SINGLE)),
    "c128": ("c128s", _complex(_DOUBLE)),
}
"""Field of the values, and their texts, by element type."""
