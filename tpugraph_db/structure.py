"""What the edges of a graph say: calls, computations, and longest ways.

Edges are (consumer, producer) throughout, as in the files.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns

Edges = NDArray[np.int64]


def is_root(features: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(n,) bool: the op is the result of its computation."""
    roots: NDArray[np.bool_] = features[:, columns.IS_ROOT] != 0
    return roots


def is_call(features: NDArray[np.float32], edges: Edges) -> NDArray[np.bool_]:
    """(m,) bool: the edge is a call.

    The files do not mark the edges from a caller to the root of what it calls, but nothing else consumes a root:
    on ``unet_3d.4x4.bf16`` this finds all 170 call edges of the program and no other.
    """
    calls: NDArray[np.bool_] = is_root(features)[edges[:, 1]]
    return calls


def computations(roots: NDArray[np.bool_], data_edges: Edges) -> NDArray[np.int64]:
    """(n,) int64: number of each op's computation, counted from 0 in file order.

    The files write one computation after the other. A computation is a run of ops that ends at its root or, later, at
    the last op that data edges tie to it (in ``unet3d`` the run of root 2303 ends at 2309). Ops after the last root
    make a run of their own. A run that data edges tie to the next one absorbs it: no data edge crosses computations.
    """
    ops = len(roots)
    last = np.arange(ops)
    np.maximum.at(last, data_edges[:, 1], data_edges[:, 0])
    np.maximum.at(last, data_edges[:, 0], data_edges[:, 1])
    ties_end = np.maximum.accumulate(last) == np.arange(ops)
    return _runs(roots, ties_end)


def _runs(roots: NDArray[np.bool_], ties_end: NDArray[np.bool_]) -> NDArray[np.int64]:
    """A run is cut at the first op, from its root on, that no data edge reaches over."""
    root_ops, ends = np.flatnonzero(roots), np.flatnonzero(ties_end)
    cuts = np.unique(ends[np.searchsorted(ends, root_ops)]) + 1
    return np.searchsorted(cuts, np.arange(len(roots)), side="right")


def topological_order(ops: int, edges: Edges) -> NDArray[np.int64] | None:
    """(n,) int64: ops such that producers come before consumers; None when the edges close a circle.

    TpuGraphs files are written in such an order, which costs one comparison to see.
    """
    if (edges[:, 0] > edges[:, 1]).all():
        return np.arange(ops)
    consumers = edges[np.argsort(edges[:, 1], kind="stable"), 0].tolist()
    starts = np.concatenate([[0], np.cumsum(np.bincount(edges[:, 1], minlength=ops))]).tolist()
    missing = np.bincount(edges[:, 0], minlength=ops).tolist()
    order = [op for op in range(ops) if not missing[op]]
    for op in order:  # which grows meanwhile (Kahn 1962); networkx takes ten times as long
        for consumer in consumers[starts[op] : starts[op + 1]]:
            missing[consumer] -= 1
            if not missing[consumer]:
                order.append(consumer)
    return np.array(order, np.int64) if len(order) == ops else None


def longest_finish(cost: NDArray[np.float64], edges: Edges) -> NDArray[np.float64]:
    """(n,) float64: the dearest way from any source to the end of each op, its own cost included.

    ``finish[v] = cost[v] + max(finish[u] for u in producers of v, else 0)``; linear time.

    Raises:
        ValueError: the edges close a circle.
    """
    order = topological_order(len(cost), edges)
    if order is None:
        raise ValueError("the edges close a circle, so there is no longest way")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    by_consumer = edges[np.argsort(place[edges[:, 0]], kind="stable")]
    own = cost.tolist()
    before = np.where(np.isin(np.arange(len(cost)), edges[:, 0]), -np.inf, 0.0).tolist()
    for consumer, producer in by_consumer.tolist():
        before[consumer] = max(before[consumer], before[producer] + own[producer])
    return np.asarray(before, np.float64) + cost


def depths(ops: int, edges: Edges) -> NDArray[np.int64]:
    """(n,) int64: number of edges on the longest way from a source to each op; 0 for a source."""
    return longest_finish(np.ones(ops), edges).astype(np.int64) - 1
