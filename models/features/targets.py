"""What a model is trained on: one target for each distinct configuration, and why some graphs have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Configurations, LayoutConfigurations, TileConfigurations
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord

_SHOWN = 3


@dataclass(frozen=True, eq=False)
class Targets(Arrays):
    """Repeated measurements merged; ``d`` distinct measured configurations, in the order of the file."""

    index: NDArray[np.int64]
    """(d,) int64: number of the first measured configuration of each."""
    log_runtime: NDArray[np.float64]
    """(d,) float64: mean of the natural logarithm of ``Configurations.value`` over its measurements."""
    counts: NDArray[np.int64]
    """(d,) int64: how often it was measured."""

    def __len__(self) -> int:
        return len(self.index)


def merged(configurations: Configurations) -> Targets:
    """The targets of a graph. The mean of logarithms is the geometric mean, which no slow outlier carries away."""
    known = np.flatnonzero(configurations.measured)
    _, first, group = np.unique(configurations.same_as[known], return_index=True, return_inverse=True)
    counts = np.bincount(group, minlength=len(first)).astype(np.int64)
    sums = np.bincount(group, weights=np.log(configurations.value[known]), minlength=len(first))
    order = np.argsort(first)
    return Targets(known[first[order]], (sums / counts)[order], counts[order])


def ungradable(configurations: Configurations) -> str | None:
    """Why no ranking of a graph's configurations can be graded, in a few words; None where it can.

    ``constant columns``: the rows differ in their bits, 0 and -0, but in no number that a model sees.
    """
    known = np.flatnonzero(configurations.measured)
    if not len(configurations):
        return "no configurations"
    if not len(known):
        return "hidden runtimes"
    if len(np.unique(configurations.same_as[known])) == 1:
        return "one distinct configuration"
    if not _columns_vary(configurations, known):
        return "constant columns"
    if len(np.unique(configurations.value[known])) == 1:
        return "equal runtimes"
    return None


def _columns_vary(configurations: Configurations, known: NDArray[np.int64]) -> bool:
    """Whether some column holds two different numbers among the ``known`` configurations."""
    if isinstance(configurations, LayoutConfigurations):
        codes = configurations.codes
        choices = (configurations.choices(s)[np.unique(codes[known, s])] for s in range(codes.shape[1]))
        return any(bool((rows != rows[0]).any()) for rows in choices)
    if isinstance(configurations, TileConfigurations):
        rows = configurations.features[known]
        return bool((rows != rows[0]).any())
    raise TypeError(f"configurations of an unknown kind: {type(configurations).__name__}")


def gradable(records: Sequence[GraphRecord]) -> tuple[list[GraphRecord], dict[str, str]]:
    """The graphs that have an order of configurations, and why the others (by id) have none."""
    reasons = {record.id: ungradable(record.configurations) for record in records}
    kept = [record for record in records if not reasons[record.id]]
    return kept, {graph: reason for graph, reason in reasons.items() if reason}


def some(left_out: Mapping[str, str]) -> str:
    """The first few graphs that are left out, and why, for a message."""
    return "; ".join(f"{graph}: {reason}" for graph, reason in list(left_out.items())[:_SHOWN])
