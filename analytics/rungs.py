"""Colours of two graphs round by round, and the ops that a colour tells from all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.attribute_texts import attribute_colours, attribute_texts
from tpugraph_db.analytics.colours import Colours, Refinement, distinct, first_colours, mixed
from tpugraph_db.record import GraphRecord

MOST_ROUNDS = 128
"""Rounds of refinement: how far around two ops are compared."""

Pair = tuple[int, int]
"""(op of A, op of B)."""


@dataclass(frozen=True)
class Rung:
    """Colours of both graphs after as many rounds."""

    rounds: int
    a: Colours
    b: Colours


def rungs_of(a: GraphRecord, b: GraphRecord) -> list[Rung]:
    """From the ops alone to the finest; of as many rounds first without attributes, then with them."""
    alone = Rung(-1, first_colours(a), first_colours(b))  # without what they call
    rungs = [alone, *_ladder(a, b, alone.a, alone.b)]
    if a.program is not None and b.program is not None:
        firsts = [
            mixed(first + attribute_colours(attribute_texts(program)))
            for first, program in ((alone.a, a.program), (alone.b, b.program))
        ]
        rungs += _ladder(a, b, *firsts)
    return sorted(rungs, key=lambda rung: rung.rounds)


def _ladder(a: GraphRecord, b: GraphRecord, first_a: Colours, first_b: Colours) -> list[Rung]:
    """After 0, 1, 2, 4, 8, ... rounds, until none tells ops further apart."""
    one, other = Refinement(a, first_a), Refinement(b, first_b)
    rungs = [Rung(0, one.colours, other.colours)]
    kinds = _kinds(rungs[0])
    while rungs[-1].rounds < MOST_ROUNDS:
        rounds = max(1, 2 * rungs[-1].rounds)
        for _ in range(rounds - rungs[-1].rounds):
            one.round(), other.round()
        rungs.append(Rung(rounds, one.colours, other.colours))
        before, kinds = kinds, _kinds(rungs[-1])
        if kinds == before:
            break
    return rungs


def _kinds(rung: Rung) -> tuple[int, int]:
    return len(distinct(rung.a)), len(distinct(rung.b))


def singles(colours: Colours, taken: Sequence[int] | None = None) -> tuple[Colours, NDArray[np.int64]]:
    """Colours that one op has, in order, and that op; of those that are not taken."""
    ops = np.arange(len(colours)) if taken is None else np.flatnonzero(np.asarray(taken, np.int64) < 0)
    order = ops[np.argsort(colours[ops], kind="stable")]
    ordered = colours[order]
    change = np.r_[True, ordered[1:] != ordered[:-1], True][: len(ordered) + 1]
    once = change[:-1] & change[1:]
    return ordered[once], order[once]


def shared(ours: tuple[Colours, NDArray[np.int64]], theirs: tuple[Colours, NDArray[np.int64]]) -> Iterator[Pair]:
    """Pairs of ops of the same colour, of what :func:`singles` gives of each graph."""
    _, at, other = np.intersect1d(ours[0], theirs[0], assume_unique=True, return_indices=True)
    return zip(ours[1][at].tolist(), theirs[1][other].tolist(), strict=True)
