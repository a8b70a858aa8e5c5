"""The critical path: what a program waits for, and how much slack there is beside it.

Symbols: ``t[v]`` the total cost of op ``v`` (what it calls included; at least 0); ``u -> v`` a data edge, producer to
consumer, of one computation::

    finish[v] = t[v] + max(finish[u] over producers u, else 0)
    tail[v]   = t[v] + max(tail[w] over consumers w, else 0)
    length    = max finish
    slack[v]  = length - (finish[v] + tail[v] - t[v])

This is how long the computation takes where every op runs as soon as its operands are there (the critical path method:
Kelley and Walker 1959). A machine that runs one op at a time takes the sum instead, whatever the path.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import structure
from tpugraph_db.errors import UsageError
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord

ROUNDING = 1e-12
"""Slack below this share of the length is rounding, and 0."""

Values = NDArray[np.float64]
Edges = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Critical(Arrays):
    """Of every op of a graph, within its computation; units are those of the cost."""

    finish: NDArray[np.float64]
    """(n,) float64: the dearest way from any source to the op's end."""
    slack: NDArray[np.float64]
    """(n,) float64: how much dearer the op may get before its computation takes longer; 0 on every critical path."""
    length: NDArray[np.float64]
    """(n,) float64: the dearest way through the op's computation."""


@dataclass(frozen=True)
class Path:
    """A way along data edges, producers first."""

    ops: tuple[int, ...]
    length: float
    """Costs of its ops, added up."""


def critical(record: GraphRecord, total: Values) -> Critical:
    """Finish and slack of every op; linear in ops and edges.

    Args:
        record: The graph. Called computations are paths of their own; a caller stands in its with all it calls.
        total: (n,) float64, at least 0: cost of each op with what it calls (:class:`.costs.Calls`).

    Raises:
        UsageError: a cost is negative or no number, or data edges close a circle.
    """
    edges = _in_order(record, total)
    finish, tail = _ways(total, edges)
    length = np.zeros(int(record.computation.max(initial=-1)) + 1)
    np.maximum.at(length, record.computation, finish)
    of_op = length[record.computation]
    slack = of_op - (finish + tail - total)
    slack[slack <= ROUNDING * of_op] = 0.0
    return Critical(finish, slack, of_op)


def longest(record: GraphRecord, total: Values, computation: int, count: int = 1) -> list[Path]:
    """The ``count`` dearest ways through a computation, from an op without operands to one that nothing uses.

    Dearest first. Each is a way of its own, though most of its ops
    may be another's too. Best-first search from the ends, steered by ``finish``: it looks at no way that is not needed.

    Raises:
        UsageError: as :func:`critical`.
    """
    edges = _in_order(record, total)
    finish, _ = _ways(total, edges)
    here = record.computation == computation
    used = np.zeros(len(record), np.bool_)
    used[edges[:, 1]] = True
    return list(islice(_dearest(finish, total, edges, np.flatnonzero(here & ~used)), count))


def between(record: GraphRecord, total: Values, start: int, end: int) -> Path | None:
    """The dearest way along data edges from op ``start`` to op ``end``, both included; None where there is none.

    Raises:
        UsageError: as :func:`critical`.
    """
    edges = _in_order(record, total)
    own = total.tolist()
    best, before = {start: own[start]}, dict[int, int]()
    for consumer, producer in edges.tolist():
        if producer in best and consumer != start:
            length = best[producer] + own[consumer]
            if length > best.get(consumer, -1.0):
                best[consumer], before[consumer] = length, producer
    if end not in best:
        return None
    ops = [end]
    while ops[-1] != start:
        ops.append(before[ops[-1]])
    return Path(tuple(reversed(ops)), best[end])


def _in_order(record: GraphRecord, total: Values) -> Edges:
    """Data edges (m, 2), those into an op before those out of it."""
    if not (total >= 0).all():
        op = int(np.flatnonzero(~(total >= 0))[0])
        raise UsageError(f"{record.id}: op {op}: expected a cost of at least 0, found {total[op]}")
    edges = record.edges[~record.is_call]
    order = structure.topological_order(len(record), edges)
    if order is None:
        raise UsageError(f"{record.id}: data edges close a circle, so there is no longest way")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    by_consumer = place[edges[:, 0]]
    return edges if (by_consumer[1:] >= by_consumer[:-1]).all() else edges[np.argsort(by_consumer, kind="stable")]


def _ways(total: Values, edges: Edges) -> tuple[Values, Values]:
    """Finish and tail (n,) each, over plain lists: numpy has nothing for a sum that waits for another."""
    own, consumers, producers = total.tolist(), edges[:, 0].tolist(), edges[:, 1].tolist()
    finish, tail = own[:], own[:]
    for consumer, producer in zip(consumers, producers, strict=True):
        length = finish[producer] + own[consumer]
        if length > finish[consumer]:
            finish[consumer] = length
    for consumer, producer in zip(reversed(consumers), reversed(producers), strict=True):
        length = tail[consumer] + own[producer]
        if length > tail[producer]:
            tail[producer] = length
    return np.array(finish, np.float64), np.array(tail, np.float64)


def _dearest(finish: Values, total: Values, edges: Edges, ends: NDArray[np.int64]) -> Iterator[Path]:
    """Whole ways to some ends, dearest first."""
    order = np.argsort(edges[:, 0], kind="stable")
    producers = edges[order, 1].tolist()
    starts = np.searchsorted(edges[order, 0], np.arange(len(total) + 1)).tolist()
    lengths, own = finish.tolist(), total.tolist()
    waiting = [(-lengths[op], -op, _Way(op, None), 0.0) for op in ends.tolist()]
    heapq.heapify(waiting)
    pushed = len(total)
    while waiting:
        estimate, _, way, after = heapq.heappop(waiting)
        before = producers[starts[way.op] : starts[way.op + 1]]
        if not before:
            yield Path(tuple(way), -estimate)
        done = after + own[way.op]
        for producer in reversed(before):  # of equal ones the newest goes on: else all of them would grow side by side
            pushed += 1
            heapq.heappush(waiting, (-(lengths[producer] + done), -pushed, _Way(producer, way), done))


@dataclass(frozen=True, slots=True)
class _Way:
    """A way's first op, and the rest of it."""

    op: int
    rest: _Way | None

    def __iter__(self) -> Iterator[int]:
        way: _Way | None = self
        while way is not None:
            yield way.op
            way = way.rest
