"""The syntax tree of a pattern. ``at`` is the place in the text, from 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["out", "in", "any"]
"""``out``: the left op FEEDS the right one; ``in``: the right one the left one; ``any``: either."""

Value = str | int | float | bool


@dataclass(frozen=True)
class Operand:
    """A property of an op."""

    name: str
    """Which op; empty for the one whose brackets it stands in."""
    property: str
    at: int


@dataclass(frozen=True)
class Comparison:
    """A property against a value, some values (any of them), or another op's property."""

    left: Operand
    sign: str
    """``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, and ``~``: contains."""
    right: Operand | tuple[Value, ...]
    text: str
    at: int


@dataclass(frozen=True)
class Not:
    """The condition does not hold."""

    part: Condition


@dataclass(frozen=True)
class Both:
    """All of the conditions hold (``and``), or one of them (``or``)."""

    word: Literal["and", "or"]
    parts: tuple[Condition, ...]


Condition = Comparison | Not | Both


@dataclass(frozen=True)
class Op:
    """One op, or several that follow one another."""

    name: str
    """As the pattern calls it; empty where it does not."""
    opcodes: frozenset[str] | None
    """The opcodes it may have, or may not; None: any, also one that nobody knows."""
    excluded: bool
    """They are those it may not have."""
    configurable: bool
    """A layout configuration must set it."""
    filters: tuple[Condition, ...]
    low: int
    high: int
    """How often it stands there, one copy feeding the next."""
    text: str
    at: int

    @property
    def single(self) -> bool:
        """It stands for exactly one op."""
        return self.low == self.high == 1


@dataclass(frozen=True)
class Reference:
    """The op that has this name already."""

    name: str
    at: int


@dataclass(frozen=True)
class Branches:
    """Several chains that begin and end alike."""

    chains: tuple[Chain, ...]
    at: int


Item = Op | Reference | Branches


@dataclass(frozen=True)
class Arrow:
    """What joins two items."""

    direction: Direction
    hops: int
    """0: one edge of FEEDS; else a path of 1 to so many."""
    at: int


@dataclass(frozen=True)
class Chain:
    """Items and the arrows between them: one fewer."""

    items: tuple[Item, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Pattern:
    """All of it."""

    text: str
    chains: tuple[Chain, ...]
    where: Condition | None
    ops: tuple[Op, ...]
    """In the order of the text: a column each."""
