"""The score of the competition "Google - Fast or Slow? Predict AI Model Runtime" (Kaggle, 2023).

The mean over five collections, each a mean over its graphs: of Kendall's tau-b for layouts, of ``1 - slowdown@5`` for
tiles. Collections weigh the same, however many graphs they have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tpugraph_db.models.judging.intervals import Interval, interval, mean_of_means
from tpugraph_db.models.judging.judge import Judged
from tpugraph_db.models.judging.summary import by_graph

COLLECTIONS = ("layout:xla:default", "layout:xla:random", "layout:nlp:default", "layout:nlp:random", "tile:xla")

MEAN = "competition"
"""What the row of the mean is called."""


class Row(NamedTuple):
    """A collection's mean, or the mean of the collections."""

    collection: str
    metric: str
    """``tau`` or ``tile_score``; of the mean, how many collections it is of."""
    mean: float
    low: float
    high: float
    repeat_tau: float | None
    """Mean over the graphs that have configurations measured twice."""
    graphs: int


@dataclass(frozen=True)
class Competition:
    """The score; it is the competition's only where no collection is ``absent``."""

    collections: Mapping[str, Interval]
    """Of each collection that was judged, in the order of :data:`COLLECTIONS`."""
    repeat_taus: Mapping[str, Interval]
    """Of those of them whose graphs have configurations measured twice."""
    mean: Interval
    """Of the ``collections``; nan where there is none."""
    absent: tuple[str, ...]
    """Those that were not."""

    def rows(self) -> list[Row]:
        """A row for each collection, and then their mean."""
        of = f"mean of {len(self.collections)} of {len(COLLECTIONS)} collections"
        found = [self._row(collection, metric_of(collection), one) for collection, one in self.collections.items()]
        return [*found, self._row(MEAN, of, self.mean)]

    def _row(self, name: str, metric: str, one: Interval) -> Row:
        repeat = self.repeat_taus[name].mean if name in self.repeat_taus else None
        return Row(name, metric, one.mean, one.low, one.high, repeat, one.graphs)


def competition(judged: Sequence[Judged], seed: int = 0) -> Competition:
    """The score of one model. Graphs of other collections are no part of it; ``seed`` is the intervals'."""
    figures = {name: _figures(judged, name, metric_of(name)) for name in COLLECTIONS}
    there = {name: list(of.values()) for name, of in figures.items() if of}
    repeats = {name: list(_figures(judged, name, "repeat_tau").values()) for name in there}
    return Competition(
        collections={name: interval(values, seed) for name, values in there.items()},
        repeat_taus={name: interval(values, seed) for name, values in repeats.items() if values},
        mean=mean_of_means(list(there.values()), seed),
        absent=tuple(name for name in COLLECTIONS if name not in there),
    )


def metric_of(collection: str) -> str:
    """What the competition judges a collection by."""
    return "tile_score" if collection.startswith("tile:") else "tau"


def _figures(judged: Sequence[Judged], collection: str, metric: str) -> dict[str, float]:
    return by_graph([one for one in judged if one.collection == collection], metric)
