"""Literals of HLO protobuf as HLO text: scalars in full, everything else as ``{...}``."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.proto_shapes import ELEMENT_TYPES

ELIDED = "{...}"

_LARGEST = 256
"""Bytes that no scalar's literal takes; the layout is the longest part."""


@lru_cache(maxsize=1 << 10)
def constant(data: bytes) -> str:
    """The value of a scalar as XLA prints it; ``{...}`` for an array, a tuple, or a type that Python has no number of.

    ``data`` is a ``Literal``; raises DecodeError where it is not.
    """
    if len(data) > _LARGEST:
        return ELIDED
    literal = hlo_pb2.Literal.FromString(data)
    printer = _PRINTERS.get(ELEMENT_TYPES.get(literal.shape.element_type, ""))
    if printer is None or literal.shape.dimensions:
        return ELIDED
    try:
        return printer(literal)
    except (IndexError, struct.error):  # the value is not there
        return ELIDED


def shortest(value: float, single: bool) -> str:
    """As few digits as give the number back, at least six (single) or fifteen (double) tried."""
    few, many = (6, 9) if single else (15, 17)
    text = f"{value:.{few}g}"
    back = float(np.float32(text)) if single else float(text)
    return _special(value) or (text if back == value else f"{value:.{many}g}")


def _special(value: float) -> str:
    if value != value:
        return "-nan" if np.signbit(value) else "nan"
    return str(value) if value in (np.inf, -np.inf) else ""


def _digits(value: float, digits: int) -> str:
    return _special(value) or f"{value:.{digits}g}"


def _bf16(data: bytes) -> float:
    return float(struct.unpack("<f", b"\0\0" + data)[0])


def _complex(real: float, imaginary: float, single: bool) -> str:
    return f"({shortest(real, single)}, {shortest(imaginary, single)})"


_PRINTERS: dict[str, Callable[[hlo_pb2.Literal], str]] = {
    "pred": lambda literal: "true" if literal.preds[0] else "false",
    "s8": lambda literal: str(struct.unpack("<b", literal.s8s)[0]),
    "s16": lambda literal: str(struct.unpack("<h", literal.s16s)[0]),
    "s32": lambda literal: str(literal.s32s[0]),
    "s64": lambda literal: str(literal.s64s[0]),
    "u8": lambda literal: str(struct.unpack("<B", literal.u8s)[0]),
    "u16": lambda literal: str(struct.unpack("<H", literal.u16s)[0]),
    "u32": lambda literal: str(literal.u32s[0]),
    "u64": lambda literal: str(literal.u64s[0]),
    "f16": lambda literal: _digits(struct.unpack("<e", literal.f16s)[0], 5),
    "bf16": lambda literal: _digits(_bf16(literal.bf16s), 4),
    "f32": lambda literal: shortest(literal.f32s[0], single=True),
    "f64": lambda literal: shortest(literal.f64s[0], single=False),
    "c64": lambda literal: _complex(literal.c64s[0], literal.c64s[1], single=True),
    "c128": lambda literal: _complex(literal.c128s[0], literal.c128s[1], single=False),
}
