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

import heapq
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.attribute_texts import attribute_colours, attribute_texts
from tpugraph_db.analytics.colours import Colours, Refinement, distinct, first_colours, mixed
from tpugraph_db.analytics.links import Links
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord

MOST_ROUNDS = 128
"""Rounds of refinement: how far around two ops are compared."""
WIDEST = 256
"""Pairs that two groups of neighbours may make; wider ones say too little to be looked at."""
SURE_FROM = 2
"""Rounds after which a colour that is an op's own is believed against a name."""

_NUMBER = re.compile(r"[.\d]+$")

Pair = tuple[int, int]


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


@dataclass(frozen=True)
class _Rung:
    """Colours of both graphs after as many rounds."""

    rounds: int
    a: Colours
    b: Colours


def match(a: GraphRecord, b: GraphRecord) -> Matched:
    """Match the ops of two graphs; both with programs or both without. Time: about linear in ops and edges."""
    rungs = _rungs(a, b)
    pairing = _Pairing(a, b, rungs)
    for ours, theirs in _by_name(a, b, rungs):
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


class _Pairing:
    """Pairs that are made, and those that they speak for."""

    def __init__(self, a: GraphRecord, b: GraphRecord, rungs: Sequence[_Rung]) -> None:
        self.b_of, self.a_of = [-1] * len(a), [-1] * len(b)
        self._links = Links(a), Links(b)
        self._colours = [(rung.a.tolist(), rung.b.tolist()) for rung in rungs]
        self._votes: Counter[Pair] = Counter()
        self._waiting: list[tuple[int, int, int, int]] = []

    @property
    def done(self) -> bool:
        """All ops of one of the two graphs have partners."""
        return min(self.b_of) >= 0 or min(self.a_of) >= 0

    def join(self, ours: int, theirs: int) -> None:
        """Make a pair, unless one of the two is taken."""
        if self.b_of[ours] >= 0 or self.a_of[theirs] >= 0:
            return
        self.b_of[ours], self.a_of[theirs] = theirs, ours
        free = self._links[0].of(ours, self.b_of)
        others = self._links[1].of(theirs, self.a_of) if free else {}
        for slot in free.keys() & others.keys():
            if len(free[slot]) * len(others[slot]) <= WIDEST:
                for pair in product(free[slot], others[slot]):
                    self._speak_for(pair)

    def settle(self, level: int) -> None:
        """Make the pairs that are spoken for and agree on a rung as fine as ``level``; -1: in their opcode."""
        while self._waiting and -self._waiting[0][0] >= level:
            *_, ours, theirs = heapq.heappop(self._waiting)
            self.join(ours, theirs)

    def _speak_for(self, pair: Pair) -> None:
        self._votes[pair] += 1
        heapq.heappush(self._waiting, (-self._level(pair), -self._votes[pair], *pair))

    def _level(self, pair: Pair) -> int:
        """The finest rung on which both have one colour, -1 where there is none."""
        ours, theirs = pair
        for level in reversed(range(len(self._colours))):
            if self._colours[level][0][ours] == self._colours[level][1][theirs]:
                return level
        return -1


def _rungs(a: GraphRecord, b: GraphRecord) -> list[_Rung]:
    """From the ops alone to the finest; of as many rounds first without attributes, then with them."""
    rungs = _ladder(a, b, first_colours(a), first_colours(b))
    if a.program is not None and b.program is not None:
        firsts = [
            mixed(first_colours(record) + attribute_colours(attribute_texts(program)))
            for record, program in ((a, a.program), (b, b.program))
        ]
        rungs += _ladder(a, b, *firsts)
    return sorted(rungs, key=lambda rung: rung.rounds)


def _ladder(a: GraphRecord, b: GraphRecord, first_a: Colours, first_b: Colours) -> list[_Rung]:
    """After 0, 1, 2, 4, 8, ... rounds, until none tells ops further apart."""
    one, other = Refinement(a, first_a), Refinement(b, first_b)
    rungs = [_Rung(0, one.colours, other.colours)]
    kinds = _kinds(rungs[0])
    while rungs[-1].rounds < MOST_ROUNDS:
        rounds = max(1, 2 * rungs[-1].rounds)
        for _ in range(rounds - rungs[-1].rounds):
            one.round(), other.round()
        rungs.append(_Rung(rounds, one.colours, other.colours))
        before, kinds = kinds, _kinds(rungs[-1])
        if kinds == before:
            break
    return rungs


def _kinds(rung: _Rung) -> tuple[int, int]:
    return len(distinct(rung.a)), len(distinct(rung.b))


def _by_name(a: GraphRecord, b: GraphRecord, rungs: Sequence[_Rung]) -> Iterator[Pair]:
    """Same name and opcode, of stems that were not numbered anew."""
    if a.program is None or b.program is None:
        return
    names, others = a.program.names.tolist(), b.program.names.tolist()
    renumbered = _renumbered(names, others, rungs)
    at = {name: op for op, name in enumerate(others)}
    for op, name in enumerate(names):
        other = at.get(name, -1)
        if other >= 0 and a.opcodes[op] == b.opcodes[other] and _NUMBER.sub("", name) not in renumbered:
            yield op, other


def _renumbered(names: Sequence[str], others: Sequence[str], rungs: Sequence[_Rung]) -> set[str]:
    """Stems of which structure is sure that more names have moved than stayed."""
    sure: dict[int, int] = {}
    for rung in reversed(rungs):
        if rung.rounds >= SURE_FROM:
            for ours, theirs in _shared(_singles(rung.a), _singles(rung.b)):
                sure.setdefault(ours, theirs)
    moved: Counter[str] = Counter()
    for ours, theirs in sure.items():
        stem = _NUMBER.sub("", names[ours])
        if stem == _NUMBER.sub("", others[theirs]):
            moved[stem] += 1 if names[ours] != others[theirs] else -1
    return {stem for stem, count in moved.items() if count > 0}


def _uniques(rung: _Rung, pairing: _Pairing) -> list[Pair]:
    """Free ops whose colour no other free op of their graph has."""
    return list(_shared(_singles(rung.a, pairing.b_of), _singles(rung.b, pairing.a_of)))


def _singles(colours: Colours, taken: Sequence[int] | None = None) -> tuple[Colours, NDArray[np.int64]]:
    """Colours that one op has, in order, and that op; of those that are not taken."""
    ops = np.arange(len(colours)) if taken is None else np.flatnonzero(np.asarray(taken, np.int64) < 0)
    order = ops[np.argsort(colours[ops], kind="stable")]
    ordered = colours[order]
    change = np.r_[True, ordered[1:] != ordered[:-1], True][: len(ordered) + 1]
    once = change[:-1] & change[1:]
    return ordered[once], order[once]


def _shared(ours: tuple[Colours, NDArray[np.int64]], theirs: tuple[Colours, NDArray[np.int64]]) -> Iterator[Pair]:
    _, at, other = np.intersect1d(ours[0], theirs[0], assume_unique=True, return_indices=True)
    return zip(ours[1][at].tolist(), theirs[1][other].tolist(), strict=True)


def _ties(a: GraphRecord, b: GraphRecord, rung: _Rung, pairing: _Pairing, even: bool) -> Iterator[Pair]:
    """Free ops that several share a colour with, by index; those of the same attributes first."""
    ours, theirs = rung.a.tolist(), rung.b.tolist()
    if a.program is not None and b.program is not None:
        said = a.program.attributes.tolist(), b.program.attributes.tolist()
        yield from _in_order([*zip(ours, said[0], strict=True)], [*zip(theirs, said[1], strict=True)], pairing, even)
    yield from _in_order(ours, theirs, pairing, even)


def _in_order(ours: Sequence[Hashable], theirs: Sequence[Hashable], pairing: _Pairing, even: bool) -> Iterator[Pair]:
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
