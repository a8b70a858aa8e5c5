"""What a batch of configurations has in common is computed once: ops x configurations -> the distinct rows of them.

After ``l`` layers of message passing the state of an op depends on the choices of the configurable ops within ``l``
steps, and on nothing else of a configuration. Configurations that agree there share a *row*: an op that no configurable
op reaches has one row whatever is asked; a configurable op at layer 0 has one for each of its choices that occurs. A
layer is then the same sum over neighbours, over rows instead of ops, and gives what it would have given without
sharing: the rows that are left out are equal to ones that are there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Messages:
    """Between the rows before a layer and the ``rows`` after it, in one direction."""

    into: Rows
    """(k,) int64: row after the layer."""
    out_of: Rows
    """(k,) int64: row before it, of the op at the other end of the edge, under the same configuration."""
    edge: Rows
    """(k,) int64: which of the graph's edges it is."""


@dataclass(frozen=True)
class Layer:
    """One step of message passing."""

    rows: int
    """How many there are after it."""
    own: Rows
    """(rows,) int64: the row before it of the same op."""
    forward: Messages
    """From producers to consumers, like FEEDS."""
    backward: Messages
    """From consumers to producers."""


@dataclass(frozen=True)
class Unfolded:
    """A graph of ``n`` ops under ``b`` configurations."""

    op: Rows
    """(rows,) int64: op of each row before the first layer."""
    choice: Rows
    """(rows,) int64: its choice, -1 where the op has none."""
    layers: tuple[Layer, ...]
    place: Rows
    """(n, b) int64: row after the last layer of each op under each configuration."""


class Unfolding:
    """A graph whose batches are to be unfolded."""

    def __init__(self, ops: int, edges: Rows, slots: Rows, depth: int, seed: int = 0) -> None:
        """``edges`` (m, 2) are (consumer, producer), ``slots`` (ops,) as in ``Inputs``, ``depth`` counts layers."""
        self._ops, self._edges, self._slots, self._depth = ops, edges, slots, depth
        self._into = {end: _by_row(edges[:, end], ops) for end in (0, 1)}
        self._reach = _reach(ops, edges, slots, depth)
        self._random = np.random.default_rng(seed)
        self._marks = np.empty(0, np.uint64)

    def __call__(self, choices: Rows) -> Unfolded:
        """Unfold under ``b`` >= 1 configurations: (b, slots) int64, each slot's choice; no two slots share a number."""
        places, firsts = zip(*(self._classes(reach, choices) for reach in self._reach), strict=True)
        op, first = firsts[0]
        own = self._slots[op]
        choice = np.where(own >= 0, choices[first, np.maximum(own, 0)], -1)
        layers = tuple(self._layer(places[at], *firsts[at + 1]) for at in range(self._depth))
        return Unfolded(op, choice, layers, places[-1])

    def _classes(self, reach: sparse.csr_array, choices: Rows) -> tuple[Rows, tuple[Rows, Rows]]:
        """Rows (n, b) of ops under configurations, and of each row its op and a configuration that has it."""
        some = np.flatnonzero(np.diff(reach.indptr))
        class_of, first = _equal(reach[some] @ self._mark(choices).T)  # wraps round: a sum of random 64-bit numbers
        counts = np.ones(self._ops, np.int64)
        counts[some] = class_of.max(axis=1) + 1
        starts = np.cumsum(counts) - counts
        place = np.repeat(starts[:, None], len(choices), axis=1)
        place[some] += class_of
        firsts = np.zeros(counts.sum(), np.int64)
        firsts[np.repeat(np.diff(reach.indptr) > 0, counts)] = first
        return place, (np.repeat(np.arange(self._ops), counts), firsts)

    def _mark(self, choices: Rows) -> NDArray[np.uint64]:
        """(b, slots) uint64: a random number for each choice, the same each time (Zobrist hashing)."""
        missing = int(choices.max(initial=-1)) + 1 - len(self._marks)
        if missing > 0:
            more = self._random.integers(1 << 64, size=missing, dtype=np.uint64)
            self._marks = np.concatenate([self._marks, more])
        return self._marks[choices]

    def _layer(self, before: Rows, op: Rows, first: Rows) -> Layer:
        """``before`` (n, b) rows before it, ``op`` and ``first`` configuration of each row after it."""
        forward, backward = (self._messages(before, op, first, end) for end in (0, 1))
        return Layer(len(op), before[op, first], forward, backward)

    def _messages(self, before: Rows, op: Rows, first: Rows, end: int) -> Messages:
        """Messages into the op at an end of its edges: 0 the consumer's, 1 the producer's."""
        starts, edges = self._into[end]
        counts = starts[op + 1] - starts[op]
        into = np.repeat(np.arange(len(op)), counts)
        within = np.arange(len(into)) - np.repeat(np.cumsum(counts) - counts, counts)
        edge = edges[starts[op][into] + within]
        return Messages(into, before[self._edges[edge, 1 - end], first[into]], edge)


def _equal(keys: NDArray[np.uint64]) -> tuple[Rows, Rows]:
    """Numbers (k, b) of equal keys within each row, from 0, and where there is one of each, row by row."""
    order = np.argsort(keys, axis=1)
    ordered = np.take_along_axis(keys, order, axis=1)
    new = np.ones(keys.shape, np.bool_)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    number = np.empty(keys.shape, np.int64)
    np.put_along_axis(number, order, np.cumsum(new, axis=1) - 1, axis=1)
    return number, order[new]


def _by_row(ends: Rows, ops: int) -> tuple[Rows, Rows]:
    """Where each op's edges begin in a list of edges sorted by that end, and the list."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=ops))])
    return starts, np.argsort(ends, kind="stable")


def _reach(ops: int, edges: Rows, slots: Rows, depth: int) -> list[sparse.csr_array]:
    """For 0 to ``depth`` layers (ops, slots) uint64: 1 where a slot's choice has come as far as the op."""
    some = np.flatnonzero(slots >= 0)
    ones = np.ones(len(some), np.uint64)
    reach = sparse.csr_array((ones, (some, slots[some])), shape=(ops, max(int(slots.max(initial=-1)) + 1, 1)))
    pairs = np.concatenate([edges, edges[:, ::-1], np.repeat(np.arange(ops)[:, None], 2, axis=1)])
    step = sparse.csr_array((np.ones(len(pairs), np.uint64), tuple(pairs.T)), shape=(ops, ops))
    found = [reach]
    for _ in range(depth):
        reach = step @ reach
        reach.data[:] = 1
        found.append(reach)
    return found
