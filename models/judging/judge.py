"""How well scores rank the configurations of one graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.models.features.targets import ungradable
from tpugraph_db.models.judging.metrics import TILE_K, kendall, opa, slowdown_at, tile_score
from tpugraph_db.models.judging.repeats import Truth, repeat_tau, true_values
from tpugraph_db.models.judging.strata import strata, tau_within
from tpugraph_db.record import GraphRecord

KS = (1, TILE_K, 10, 100)
"""For slowdown@k."""


@runtime_checkable
class Scorer(Protocol):
    """What can be judged."""

    name: str

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64: a score of each configuration, lower is faster."""


@runtime_checkable
class PartScorer(Protocol):
    """A :class:`Scorer` that need not score all configurations of a graph to score some."""

    def scores_of(self, record: GraphRecord, among: NDArray[np.int64]) -> NDArray[np.float64]:
        """(k,) float64: what ``scores`` has at these numbers."""


def scores_among(scorer: Scorer, record: GraphRecord, among: NDArray[np.int64]) -> NDArray[np.float64]:
    """(c,) float64: scores of the configurations ``among`` holds; others may be nan, where that saves work."""
    if not isinstance(scorer, PartScorer):
        return scorer.scores(record)
    numbers = np.unique(among)
    found = np.full(len(record.configurations), np.nan)
    found[numbers] = scorer.scores_of(record, numbers)
    return found


@dataclass(frozen=True)
class Judged:
    """The figures of one graph (:mod:`tpugraph_db.models.judging.metrics`). Only of slowdowns less is better."""

    graph: str
    """Its id."""
    collection: str
    configs: int
    """How many configurations were ranked."""
    distinct: int
    """How many of them differ from all before."""
    repeat_tau: float | None
    """:func:`tpugraph_db.models.judging.repeats.repeat_tau`; None where nothing was measured twice."""
    tau: float
    tau_within: float | None
    """:func:`tpugraph_db.models.judging.strata.tau_within`; None for tiles, and where every stratum's values tie."""
    opa: float
    slowdown: Mapping[int, float]
    """By k of :data:`KS`."""
    tile_score: float | None
    """None for layouts."""


def judge(
    record: GraphRecord, scores: NDArray[np.float64], *, truth: Truth = "run", among: NDArray[np.int64] | None = None
) -> Judged:
    """The figures of one graph.

    Args:
        scores: (c,), one for each configuration of the record; lower is faster. Those that are not ranked may be nan.
        truth: ``repeat`` where the first run was trained on, whose noise a model may have learnt.
        among: (k,) int64, the configurations to rank, all if not given; unmeasured ones are left out. A number that
            stands there twice counts twice, as the paper's lists do.

    Raises:
        UsageError: there is nothing to grade (list the graph: :func:`tpugraph_db.models.features.targets.ungradable`).
        DataError: the scores are not one number for each configuration, finite for those that are ranked.
    """
    configurations = record.configurations
    if reason := ungradable(configurations):
        raise UsageError(f"{record.id} cannot be graded: {reason}")
    chosen, values = _measured(record, truth, among)
    _expect_scores(record, scores, chosen)
    given = scores[chosen]
    layout = isinstance(configurations, LayoutConfigurations)
    within = tau_within(given, values, strata(record)[chosen]) if layout else np.nan
    return Judged(
        graph=record.id,
        collection=record.collection,
        configs=len(chosen),
        distinct=len(np.unique(configurations.same_as[chosen])),
        repeat_tau=repeat_tau(configurations, chosen),
        tau=kendall(given, values),
        tau_within=None if np.isnan(within) else within,
        opa=opa(given, values),
        slowdown={k: slowdown_at(given, values, k) for k in KS},
        tile_score=None if layout else tile_score(given, values),
    )


def _measured(
    record: GraphRecord, truth: Truth, among: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The numbers of the configurations to rank, ascending, so that ties go by number; and their values."""
    values = true_values(record.configurations, truth)
    count = len(values)
    chosen = np.arange(count) if among is None else np.sort(among)
    if len(chosen) and not 0 <= chosen[0] <= chosen[-1] < count:
        raise UsageError(f"{record.id}: expected configuration numbers below {count:,}, found {chosen[0]}-{chosen[-1]}")
    chosen = chosen[~np.isnan(values[chosen])]
    if len(np.unique(values[chosen])) < 2:
        raise UsageError(f"{record.id} cannot be graded: no order among the {len(chosen):,} configurations asked for")
    return chosen, values[chosen]


def _expect_scores(record: GraphRecord, scores: NDArray[np.float64], chosen: NDArray[np.int64]) -> None:
    expected = f"{len(record.configurations):,} finite numbers"
    if scores.shape != (len(record.configurations),):
        raise DataError(record.id, "scores", expected=expected, found=f"shape {scores.shape}")
    if wrong := int((~np.isfinite(scores[chosen])).sum()):
        raise DataError(record.id, "scores", expected=expected, found=f"{wrong:,} that are not finite")
