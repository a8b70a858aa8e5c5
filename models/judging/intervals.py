"""Means over graphs and how sure they are, by resampling the graphs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    low, high = np.percentile(_resampled(sample, np.random.default_rng(seed)), _PERCENTILES)
    return Interval(float(sample.mean()), float(low), float(high), graphs)


def mean_of_means(groups: Sequence[ArrayLike], seed: int = 0) -> Interval:
    """Mean over groups of graphs of each group's mean, and the bootstrap within each group.

    Groups weigh the same, whatever their sizes; without a group the mean is nan. A group of one graph says nothing of
    others, so that the interval is nan.
    """
    samples = [np.asarray(group, np.float64) for group in groups]
    sizes = [len(sample) for sample in samples]
    mean = float(np.mean([sample.mean() for sample in samples])) if samples else math.nan
    if min(sizes, default=0) < 2:
        return Interval(mean, math.nan, math.nan, sum(sizes))
    random = np.random.default_rng(seed)
    means = np.mean([_resampled(sample, random) for sample in samples], axis=0)
    low, high = np.percentile(means, _PERCENTILES)
    return Interval(mean, float(low), float(high), sum(sizes))


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


def _resampled(sample: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """(2,000,) float64: means of as many graphs, drawn with replacement."""
    graphs = len(sample)
    means: NDArray[np.float64] = sample[random.integers(graphs, size=(_RESAMPLES, graphs))].mean(axis=1)
    return means
