"""The weighted-sum cost: a runtime estimate of each op from its 140 features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import structure
from tpugraph_db.kendall import dense_rank
from tpugraph_db.record import GraphRecord

WEIGHTS: tuple[tuple[int, int, float], ...] = (
    (0, 0, 0.0055),
    (1, 1, 0.0),
    (2, 20, 0.005),
    (21, 30, 0.006),
    (31, 36, 0.0065),
    (37, 84, 0.00675),
    (85, 92, 0.0068),
    (93, 94, 0.0065),
    (95, 139, 0.01),
)
"""(first column, last column, weight); columns are those of ``columns.OP_COLUMNS``."""


@dataclass(frozen=True)
class OpCosts:
    """What :func:`op_costs` gives; every array is (n,), by op index."""

    cost: NDArray[np.float64]
    """The weighted sum; no unit."""
    cost_share: NDArray[np.float64]
    """Its share of the graph's total; 0 everywhere when the total is 0."""
    cost_rank: NDArray[np.int64]
    """Dense rank, 0 = cheapest, ties share one."""
    cost_finish: NDArray[np.float64]
    """The dearest way from any source to the end of the op along FEEDS and CALLED_BY, its own cost included."""


def op_costs(record: GraphRecord) -> OpCosts:
    """Cost, share, rank and finish of every op.

    It sees no configuration: it ranks the ops of a graph, not its configurations.
    """
    cost = weighted_sum(record.features)
    total = cost.sum()
    share = cost / total if total else np.zeros_like(cost)
    return OpCosts(cost, share, dense_rank(cost), structure.longest_finish(cost, record.edges))


def weighted_sum(features: NDArray[np.float32]) -> NDArray[np.float64]:
    """Cost of each op, ``cost[v] = sum over columns j of w[j] * x[v, j]``.

    Symbols: ``x`` the (n, 140) features as the file has them, ``w`` the 140 :data:`WEIGHTS`. In float64, columns added
    from the first to the last, so that equal rows get equal costs whatever stands around them. Source: the approach
    that this project grew from; the weights are its own.
    """
    cost = np.zeros(len(features))
    for first, last, weight in WEIGHTS:
        for column in range(first, last + 1):
            cost += weight * features[:, column].astype(np.float64)
    return cost
