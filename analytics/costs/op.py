"""One op as the formulas see it, what it costs, and the sizes that XLA counts with."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tpugraph_db.hlo.shape import Shape

UNKNOWN = math.nan
POINTER = 8
"""Bytes of an entry of a tuple's table, and of an opaque value; XLA's default."""

_LARGEST = 1 << 100
"""No machine has as many elements; a text may claim it."""

NO_SHAPE = Shape("?", (-1,), (True,))
"""Of an output whose shape the source does not say: no elements, no bytes."""

_NUMBER = re.compile(r"-?\d+")


class Cost(NamedTuple):
    """What one execution of an op costs; NaN where that is not known."""

    flops: float = 0.0
    transcendentals: float = 0.0
    bytes_accessed: float = 0.0


@dataclass(frozen=True)
class Op:
    """An instruction without its neighbours."""

    opcode: str
    shape: Shape
    """Of the output."""
    operands: tuple[Shape, ...] = ()
    """In order."""
    said: Mapping[str, str] = field(default_factory=dict)
    """Attributes as HLO text writes them, by name."""
    applied: tuple[Cost, ...] = ()
    """One application of each function that it applies (``to_apply``, ``select``, ``scatter``), in order."""

    def numbers(self, name: str) -> tuple[int, ...]:
        """Integers of an attribute, none where it is not said: ``dimensions={0,1}``."""
        return tuple(map(int, _NUMBER.findall(self.said.get(name, ""))))

    def number(self, name: str, usual: int) -> int:
        """The integer of an attribute."""
        return next(iter(self.numbers(name)), usual)


Formula = Callable[[Op], Cost]


def elements(shape: Shape) -> float:
    """Product of the dimensions; of a tuple its first part's."""
    if shape.dtype in ("tuple", "buffer"):
        return elements(shape.parts[0]) if shape.parts else 0.0
    return _known(shape.elements)


def size(shape: Shape) -> float:
    """Bytes as XLA counts an access to a value: of a tuple its table of pointers, of a token none."""
    if shape.dtype == "tuple":
        return float(POINTER * len(shape.parts))
    if shape.dtype == "buffer":
        return size(shape.parts[0])
    special = {"token": 0, "opaque": POINTER}
    return _known(special.get(shape.dtype, shape.bytes))


def dimension(shape: Shape, at: int) -> int:
    """Size of a dimension.

    Raises IndexError where there is none, ValueError where its size has no bound.
    """
    if shape.dims[at] < 0:
        raise ValueError(f"{shape.text} has no bound in dimension {at}")
    return shape.dims[at]


def _known(count: int | None) -> float:
    return UNKNOWN if count is None or count > _LARGEST else float(count)


def leaves(shape: Shape) -> list[Shape]:
    """The arrays and tokens of a shape, of however deep a tuple."""
    if shape.dtype in ("tuple", "buffer"):
        return [leaf for part in shape.parts for leaf in leaves(part)]
    return [shape]


def traffic(op: Op) -> float:
    """Bytes of the operands and of the output: what an op accesses unless its formula says otherwise.

    As XLA counts it, of a tuple that is made all parts, and of one that is given only the table.
    """
    return sum(map(size, leaves(op.shape))) + sum(map(size, op.operands))


def scaled(cost: Cost, times: float) -> Cost:
    """The arithmetic of applying a computation some times; its values never leave registers, so no bytes."""
    return Cost(cost.flops * times, cost.transcendentals * times)


def agreed(costs: Iterable[Cost]) -> Cost:
    """What all of several readings say; NaN where they differ, or where there is none."""
    figures = [set(figure) for figure in zip(*costs, strict=True)] or [set()] * 3
    return Cost(*(next(iter(figure)) if len(figure) == 1 else UNKNOWN for figure in figures))
