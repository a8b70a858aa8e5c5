"""Which op of one graph is which of another: by name, then by structure.

1. Where both have programs, ops of the same name and opcode. XLA numbers names anew (``add.1``, ``add.2``): where
   structure says of most ops of a stem that their numbers have moved, names of that stem say nothing.
2. By colour (:mod:`.colours`), of ops as they are with their attributes, then without, from the finest round down to
   the ops alone: colours that one op of either graph has. Every match speaks for its neighbours: operands at the same
   place, consumers at the same place, what is called and who calls, each of the same opcode. Of these pairs go first
   those that agree furthest around, then those that most neighbours speak for.
3. On each rung ops that no colour tells apart, where both graphs have as many, are paired one by one, each followed
   by what it speaks for; where one has more, when all rungs have been gone through.
4. Neighbours that agree in nothing but their opcode.

The answer does not depend on the order of the ops, but where pairs agree equally far: there the lower indices go first.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.by_name import by_name
from tpugraph_db.analytics.pairing import Pairing
from tpugraph_db.analytics.rungs import Pair, Rung, rungs_of, shared, singles
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord


@dataclass(frozen=True, eq=False)
class Matched(Arrays):
    """Ops of graph A with their partners in graph B; ``n`` and ``k`` ops."""

    b_of: NDArray[np.int64]
    """(n,) int64: op of B, -1 where A's has none."""
    a_of: NDArray[np.int64]
    """(k,) int64: op of A, -1 where B's has none."""
    named: NDArray[np.bool_]
    """(n,) bool: matched by name."""

    @property
    def pairs(self) -> list[Pair]:
        """(op of A, op of B), by op of A."""
        ops = np.flatnonzero(self.b_of >= 0)
        return list(zip(ops.tolist(), self.b_of[ops].tolist(), strict=True))


def match(a: GraphRecord, b: GraphRecord) -> Matched:
    """Match the ops of two graphs; both with programs or both without. Time: about linear in ops and edges."""
    rungs = rungs_of(a, b)
    pairing = Pairing(a, b, rungs)
    for ours, theirs in by_name(a, b, rungs):
        pairing.join(ours, theirs)
    named = np.array(pairing.b_of) >= 0
    for even in (True, False):
        for level in reversed(range(len(rungs))):
            if pairing.done:
                break
            for ours, theirs in _uniques(rungs[level], pairing):
                pairing.join(ours, theirs)
            pairing.settle(level)
            for ours, theirs in _ties(a, b, rungs[level], pairing, even):
                pairing.join(ours, theirs)
                pairing.settle(level)
    pairing.settle(-1)
    return Matched(np.array(pairing.b_of, np.int64), np.array(pairing.a_of, np.int64), named)


def _uniques(rung: Rung, pairing: Pairing) -> list[Pair]:
    """Free ops whose colour no other free op of their graph has."""
    return list(shared(singles(rung.a, pairing.b_of), singles(rung.b, pairing.a_of)))


def _ties(a: GraphRecord, b: GraphRecord, rung: Rung, pairing: Pairing, even: bool) -> Iterator[Pair]:
    """Free ops that several share a colour with, by index; those of the same attributes first."""
    ours, theirs = rung.a.tolist(), rung.b.tolist()
    if a.program is not None and b.program is not None:
        said = a.program.attributes.tolist(), b.program.attributes.tolist()
        yield from _in_order([*zip(ours, said[0], strict=True)], [*zip(theirs, said[1], strict=True)], pairing, even)
    yield from _in_order(ours, theirs, pairing, even)


def _in_order(ours: Sequence[Hashable], theirs: Sequence[Hashable], pairing: Pairing, even: bool) -> Iterator[Pair]:
    """Free ops of equal keys, the first of one graph with the first of the other; with ``even`` of as many in each."""
    waiting = _by_key(theirs, pairing.a_of)
    for key, group in _by_key(ours, pairing.b_of).items():
        free = [op for op in group if pairing.b_of[op] < 0]  # some may be taken meanwhile
        others = [op for op in waiting.get(key, ()) if pairing.a_of[op] < 0]
        if even and len(free) != len(others):
            continue
        left = iter(others)
        for op in free:
            if pairing.b_of[op] < 0:
                partner = next((other for other in left if pairing.a_of[other] < 0), None)
                if partner is None:
                    break
                yield op, partner


def _by_key(keys: Sequence[Hashable], partners: Sequence[int]) -> dict[Hashable, list[int]]:
    """Ops without a partner by key, both in the order of the ops."""
    found: dict[Hashable, list[int]] = {}
    for op, key in enumerate(keys):
        if partners[op] < 0:
            found.setdefault(key, []).append(op)
    return found
