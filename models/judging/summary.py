"""Many graphs' figures as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tpugraph_db.errors import UsageError, did_you_mean
from tpugraph_db.models.judging.intervals import interval
from tpugraph_db.models.judging.judge import KS, Judged

_SLOWDOWNS = {f"slowdown@{k}": k for k in KS}

METRICS = ("tau", "tau_within", "opa", *_SLOWDOWNS, "tile_score", "repeat_tau")
"""The figures of a graph, in the order of the table."""


class Row(NamedTuple):
    """One metric's mean over graphs and its 95 % interval (:class:`tpugraph_db.models.judging.intervals.Interval`)."""

    metric: str
    mean: float
    low: float
    high: float
    graphs: int


def by_graph(judged: Sequence[Judged], metric: str) -> dict[str, float]:
    """A metric by graph id; a graph judged several times (seeds) gets the mean, one that lacks the metric nothing.

    Raises:
        UsageError: no such metric.
    """
    found = defaultdict(list)
    for one in judged:
        value = _figure(one, metric)
        if value is not None:
            found[one.graph].append(value)
    return {graph: float(np.mean(values)) for graph, values in found.items()}


def summary(judged: Sequence[Judged], seed: int = 0) -> list[Row]:
    """A row for each of :data:`METRICS` that some graph has."""
    figures = {metric: by_graph(judged, metric) for metric in METRICS}
    return [Row(metric, *interval(list(of.values()), seed)) for metric, of in figures.items() if of]


def _figure(judged: Judged, metric: str) -> float | None:
    if metric in _SLOWDOWNS:
        return judged.slowdown[_SLOWDOWNS[metric]]
    if metric not in METRICS:
        raise UsageError(f"no metric {metric!r}; there is {', '.join(METRICS)}{did_you_mean(metric, list(METRICS))}")
    value: float | None = getattr(judged, metric)
    return value
