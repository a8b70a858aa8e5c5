"""Pairs of ops, each of which speaks for pairs of neighbours."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from itertools import product

from tpugraph_db.analytics.links import Links
from tpugraph_db.analytics.rungs import Pair, Rung
from tpugraph_db.record import GraphRecord

WIDEST = 256
"""Pairs that two groups of neighbours may make; wider ones say too little to be looked at."""


class Pairing:
    """Pairs that are made, and those that they speak for."""

    def __init__(self, a: GraphRecord, b: GraphRecord, rungs: Sequence[Rung]) -> None:
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
