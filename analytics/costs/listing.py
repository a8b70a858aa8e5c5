"""A graph as the cost model walks it, whether HLO or the 140 columns say it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tpugraph_db.analytics.costs.op import Op
from tpugraph_db.hlo.shape import Shape

Role = Literal["fused", "runs", "condition", "branch", "applied"]
"""What a computation is to its caller: the body of a kernel; run whole; a loop's test; one of several; or a function of
few elements, which the caller's own formula counts as often as it is applied."""

_ROLES: dict[str, Role] = {
    "fusion": "fused",
    "call": "runs",
    "while": "runs",
    "async-start": "runs",
    "conditional": "branch",
}


class Call(NamedTuple):
    """One computation of one op."""

    caller: int
    """Op index."""
    computation: int
    role: Role


@dataclass(frozen=True)
class Listing:
    """``n`` ops in file order, ``c`` computations one after the other, called ones before their callers."""

    opcodes: list[str]
    """(n,)"""
    shapes: list[Shape]
    """(n,) of the outputs."""
    operands: list[list[int]]
    """(n,) op indices; in order and repeated where :attr:`ordered`, else each producer once."""
    ordered: bool
    keys: list[Hashable]
    """(n,) ops of equal keys cost the same, computations that they apply aside."""
    options: Callable[[int], list[Op]]
    """What an op may be: one where HLO says it, several where columns leave it open, none where they say too little."""
    starts: list[int]
    """(c + 1,) the ops of computation ``k`` are ``starts[k]`` to ``starts[k + 1] - 1``."""
    roots: list[int]
    """(c,) op index of each computation's result."""
    entries: list[int]
    """Computations where the program begins."""
    calls: list[Call]
    trips: dict[int, int]
    """Of each while its trip count; -1 where it is not known."""


def role(opcode: str, attribute: str) -> Role:
    """What a computation is to an op that names it under an attribute."""
    if attribute == "condition":
        return "condition"
    return _ROLES.get(opcode, "applied")
