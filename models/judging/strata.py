"""Judging among configurations that constrain about as many ops.

How many ops a configuration constrains tells much of its runtime by itself: a model that has learnt nothing else
ranks well over all configurations, and hardly within strata.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.metrics import kendall
from tpugraph_db.record import GraphRecord

BINS = 5


def strata(record: GraphRecord) -> NDArray[np.int64]:
    """(c,) int64: how many ops each layout configuration constrains, those whose row is not all -1.

    Raises:
        UsageError: the record holds tile configurations, which constrain no ops.
    """
    configs = record.configurations
    if not isinstance(configs, LayoutConfigurations):
        raise UsageError(f"{record.id}: only layout configurations constrain ops")
    constrains = (configs.codebook != -1).any(axis=1)
    counts = np.zeros(len(configs), np.int64)
    for slot, start in enumerate(configs.offsets[:-1]):
        counts += constrains[start + configs.codes[:, slot].astype(np.int64)]
    return counts


def tau_within(scores: NDArray[Any], values: NDArray[Any], strata: NDArray[np.int64], bins: int = BINS) -> float:
    """Mean of Kendall's tau-b within bins of about equal size along ``strata``, each weighted by its pairs.

    A bin of ``b`` configurations weighs ``b (b - 1) / 2``; one whose values all tie has no tau and is left out, and
    without any other the mean is nan. Equal strata share a bin, so that fewer, larger bins may remain.
    """
    of = equal_bins(strata, bins)
    total = weight = 0.0
    for one in np.unique(of):
        inside = of == one
        tau, pairs = kendall(scores[inside], values[inside]), math.comb(int(inside.sum()), 2)
        if not math.isnan(tau):
            total, weight = total + pairs * tau, weight + pairs
    return total / weight if weight else math.nan


def equal_bins(strata: NDArray[np.int64], bins: int) -> NDArray[np.int64]:
    """(c,) int64: ``floor(bins * q)`` with ``q`` in (0, 1) the mean quantile of the configurations of equal stratum."""
    _, group, counts = np.unique(strata, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    return (bins * middle / max(len(strata), 1)).astype(np.int64)[group]
