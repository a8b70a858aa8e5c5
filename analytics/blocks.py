"""Repeated blocks without names: the layers of a model, found in the graph's structure alone.

A block is a connected piece of a computation that stands in the graph several times. It is found in three steps.

1. *Ties.* Take the colours of ops after ``r`` rounds (:mod:`tpugraph_db.analytics.colours`). Two colours are tied when
   edges of one kind join every op of the one to exactly one of the other: they always occur together.
2. *Seeds.* What ties join, counted by ``(copies - 1) * ops``, the largest first: what folding it away would save.
3. *Growth.* All copies of a seed grow at once, by an op that each of them has at the same place and that no other copy
   has. What the first or the last copy lacks ends the growth, and so does what several share. Kinds of edges are told
   apart by the colours of fewer and fewer rounds, so that what stands around the first and the last copy matters less
   and less.

An op is in one block at most. The answer does not depend on the order of the ops, nor on names or layouts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.colours import Colours, Refinement, Uses, distinct, mixed, uses
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord

ROUNDS = 4
"""Steps around an op that seeds are looked for by; with more the copies at either end are told from the others."""

SMALLEST = 2
"""Ops of a block, at least."""

Ops = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Block(Arrays):
    """A piece that stands in the graph ``k`` times; ``s`` ops each."""

    copies: NDArray[np.int64]
    """(k, s) int64: op indices. A column has the same op of every copy; rows begin with the smallest, and ascend."""

    @property
    def count(self) -> int:
        """How many copies."""
        return len(self.copies)

    @property
    def size(self) -> int:
        """Ops of one copy."""
        return int(self.copies.shape[1])


def blocks(record: GraphRecord, smallest: int = SMALLEST) -> list[Block]:
    """The repeated blocks of at least ``smallest`` ops; first the one that saves most, ``(copies - 1) * ops``."""
    refinement = Refinement(record)
    rounds = [refinement.colours, *(refinement.round() for _ in range(ROUNDS))]
    links = _Links(uses(record), len(record))
    seeds = list(_seeds(rounds, links))
    free = np.ones(len(record), np.bool_)
    found: list[Block] = []
    while candidates := _grown(seeds, rounds, links, free, smallest):
        for copies in candidates:
            if free[copies].all():
                free[copies] = False
                found.append(Block(_ordered(copies)))
    return sorted(found, key=lambda block: (-_saved(block.copies), -block.count, block.copies[0, 0]))


def block_of(record: GraphRecord, found: list[Block]) -> NDArray[np.int64]:
    """(n,) int64: place in ``found`` of each op's block, -1 where it is in none."""
    place = np.full(len(record), -1, np.int64)
    for number, block in enumerate(found):
        place[block.copies.ravel()] = number
    return place


def _saved(copies: Ops) -> int:
    return (len(copies) - 1) * int(copies.shape[1])


def _ordered(copies: Ops) -> Ops:
    """Columns by the first copy's ops, after the copies are put in order by their smallest op."""
    copies = copies[np.argsort(copies.min(axis=1))]
    return np.ascontiguousarray(copies[:, np.argsort(copies[0])])


def _seeds(rounds: list[Colours], links: _Links) -> Iterator[tuple[int, Ops]]:
    """Ops of one colour each, and after how many rounds; by what the tied colours would save."""
    found = []
    for at, colours in enumerate(rounds):
        kinds, kind, sizes = np.unique(colours, return_inverse=True, return_counts=True)
        for tied in links.tied(kind, sizes):
            first = min(tied, key=lambda each: int(kinds[each]))
            found.append(((sizes[first] - 1) * len(tied), at, int(kinds[first])))
    for _, at, colour in sorted(found, key=lambda each: (-each[0], each[1], each[2])):
        yield at, np.flatnonzero(rounds[at] == np.uint64(colour))


def _grown(
    seeds: list[tuple[int, Ops]], rounds: list[Colours], links: _Links, free: NDArray[np.bool_], smallest: int
) -> list[Ops]:
    """What the free ops of each seed grow into, by what it saves; a seed within what another grew into is left out."""
    within = np.zeros(len(free), np.int64)
    found = []
    for at, seed in seeds:
        some = seed[free[seed]]
        if len(some) < 2 or (within[some] == len(some)).all():
            continue
        copies = links.grow(some, rounds[: at + 1], free.copy())
        if copies.shape[1] >= smallest:
            within[copies] = len(copies)
            found.append(copies)
    return sorted(found, key=lambda copies: -_saved(copies))


class _Links:
    """Who stands next to whom."""

    def __init__(self, given: Uses, ops: int) -> None:
        self._uses, self._ops = given, ops
        here = np.concatenate([given.consumer, given.producer])
        there = np.concatenate([given.producer, given.consumer])
        kind = np.concatenate([2 * given.place, 2 * given.place + 1]).astype(np.uint64)
        order = np.argsort(here, kind="stable")
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(here, minlength=ops))])
        self._there, self._kind = there[order], kind[order]

    def tied(self, kind: Ops, sizes: Ops) -> Iterator[set[int]]:
        """Sets of two or more colours (by number) that always occur together; ``kind`` (n,) is each op's colour."""
        import networkx as nx

        given = self._uses
        out_of, into = kind[given.producer], kind[given.consumer]
        joined = (out_of * len(sizes) + into).astype(np.uint64) + mixed(given.place.astype(np.uint64))
        _, first, edge, count = np.unique(joined, return_index=True, return_inverse=True, return_counts=True)
        out_of, into = out_of[first], into[first]
        alike = (count > 1) & (count == sizes[out_of]) & (count == sizes[into]) & (out_of != into)
        for op in (given.producer, given.consumer):
            ops_of_edge = distinct(edge * self._ops + op) // self._ops
            alike &= np.bincount(ops_of_edge, minlength=len(count)) == count
        yield from nx.connected_components(nx.Graph(np.stack([out_of, into], axis=1)[alike].tolist()))

    def grow(self, seed: Ops, rounds: list[Colours], free: NDArray[np.bool_]) -> Ops:
        """(k, s): copies grown from a seed (k,) among the free ops, which are free no more."""
        columns = [seed]
        free[seed] = False
        for colours in reversed(rounds):
            new = list(range(len(columns)))
            while new:
                edge = np.stack([columns[at] for at in new], axis=1)
                more = self._next(edge, np.array(new, np.uint64), colours, free)
                new = list(range(len(columns), len(columns) + len(more)))
                columns += more
        return np.stack(columns, axis=1)

    def _next(self, edge: Ops, names: NDArray[np.uint64], colours: Colours, free: NDArray[np.bool_]) -> list[Ops]:
        """New columns (k,) next to the columns ``edge`` (k, f) of those names; they are free no more."""
        ops = edge.ravel()
        counts = self._starts[ops + 1] - self._starts[ops]
        at = np.repeat(np.arange(len(ops)), counts)
        link = self._starts[ops][at] + np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        some = free[self._there[link]]
        at, link = at[some], link[some]
        copy, column = np.divmod(at, edge.shape[1])
        keys = mixed(mixed(mixed(names[column]) + self._kind[link]) + colours[self._there[link]])
        found = _one_in_each(keys, copy, self._there[link], len(edge))
        if len(distinct(found.ravel())) == found.size:
            free[found] = False
            return list(found)
        once = np.bincount(found.ravel(), minlength=self._ops)[found].max(axis=1) == 1
        more = []
        for ops, alone in zip(found, once.tolist(), strict=True):  # two keys may lead to one op
            if alone or free[ops].all():
                free[ops] = False
                more.append(ops)
        return more


def _one_in_each(keys: Colours, copy: Ops, ops: Ops, copies: int) -> Ops:
    """(g, copies): the ops under each key that every copy has once, all of them distinct."""
    order = np.lexsort((copy, keys))
    keys, copy, ops = keys[order], copy[order], ops[order]
    ends = np.append(np.flatnonzero(keys[1:] != keys[:-1]) + 1, len(keys))
    whole = ends[np.diff(ends, prepend=0) == copies] - copies
    rows = whole[:, None] + np.arange(copies)
    once = (copy[rows] == np.arange(copies)).all(axis=1)
    found = ops[rows[once]]
    apart = np.sort(found, axis=1)
    distinct: Ops = found[(apart[:, 1:] != apart[:, :-1]).all(axis=1)]
    return distinct
