"""The baselines ``random`` and ``column``: what a model must beat before it is worth a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import UsageError
from tpugraph_db.models.features.config_features import config_features
from tpugraph_db.models.features.targets import merged, ungradable
from tpugraph_db.models.judging.metrics import kendall
from tpugraph_db.record import GraphRecord


@dataclass(frozen=True)
class Random:
    """A random order of each graph's configurations, the same one for the same seed and graph."""

    seed: int = 0
    name = "random"

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64: a permutation of 0 to c - 1."""
        random = np.random.default_rng([self.seed, crc32(record.id.encode())])
        return random.permutation(len(record.configurations)).astype(np.float64)


@dataclass(frozen=True)
class Column:
    """One column of :func:`config_features`, up or down."""

    column: str
    sign: int
    """1 where more is slower, -1 where more is faster."""
    tau: float
    """Mean Kendall tau-b over the graphs that it was chosen on."""
    name = "column"

    @classmethod
    def fit(cls, records: Sequence[GraphRecord]) -> Column:
        """The column with the greatest mean tau, up or down, over the graphs that can be graded.

        A column that is constant in a graph has tau 0 there. Of those that tie, the first.

        Raises:
            UsageError: no graph can be graded, or there are tiles and layouts among them.
        """
        graded = [record for record in records if ungradable(record.configurations) is None]
        if not graded:
            raise UsageError(
                f"expected graphs with measured configurations to choose a column on, found {len(records)}"
            )
        features = [config_features(record) for record in graded]
        names = features[0].columns
        if any(each.columns != names for each in features):
            raise UsageError("expected graphs of layouts or of tiles to choose a column on, found both")
        taus = np.mean([_taus(record, each.values) for record, each in zip(graded, features, strict=True)], axis=0)
        best = int(np.abs(taus).argmax())
        return cls(names[best], 1 if taus[best] >= 0 else -1, float(abs(taus[best])))

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64: the column times its sign.

        Raises:
            UsageError: the record's configurations are not of the kind that it was chosen on.
        """
        features = config_features(record)
        if self.column not in features.columns:
            raise UsageError(f"{record.id} has no column {self.column!r}: its configurations are of another kind")
        return self.sign * features.values[:, features.columns.index(self.column)].astype(np.float64)


def _taus(record: GraphRecord, values: NDArray[np.float32]) -> NDArray[np.float64]:
    targets = merged(record.configurations)
    return np.array([kendall(column, targets.log_runtime) for column in values[targets.index].T])
