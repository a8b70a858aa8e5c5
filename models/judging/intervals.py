"""Means over graphs and how sure they are, by resampling the graphs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from tpugraph_db.errors import UsageError

_RESAMPLES = 2_000
_PERCENTILES = (2.5, 97.5)


class Interval(NamedTuple):
    """A mean over graphs and its 95 % interval, nan below two graphs: one says nothing of others."""

    mean: float
    low: float
    high: float
    graphs: int


def interval(values: ArrayLike, seed: int = 0) -> Interval:
    """Mean of one value a graph, and the percentile bootstrap over graphs of 2,000 resamples.

    Source: Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979).

    >>> interval([0.5, 0.5, 0.5])
    Interval(mean=0.5, low=0.5, high=0.5, graphs=3)
    """
    sample = np.asarray(values, np.float64)
    graphs = len(sample)
    if graphs < 2:
        return Interval(float(sample[0]) if graphs else math.nan, math.nan, math.nan, graphs)
    random = np.random.default_rng(seed)
    means = sample[random.integers(graphs, size=(_RESAMPLES, graphs))].mean(axis=1)
    low, high = np.percentile(means, _PERCENTILES)
    return Interval(float(sample.mean()), float(low), float(high), graphs)


def paired(one: Mapping[str, float], other: Mapping[str, float], seed: int = 0) -> Interval:
    """:func:`interval` of ``one - other``, graph by graph: narrower than either, for graphs differ more than models.

    Args:
        one: A value by graph id (:func:`tpugraph_db.models.judging.summary.by_graph`).
        other: The same graphs' values by another model.

    Raises:
        UsageError: they are not of the same graphs.
    """
    if odd := sorted(set(one) ^ set(other)):
        raise UsageError(f"a paired difference needs the same graphs on both sides; on one only: {', '.join(odd[:3])}")
    return interval([one[graph] - other[graph] for graph in sorted(one)], seed)
