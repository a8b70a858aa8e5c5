"""What a regression on one graph's configurations sees of them: columns of ones and zeros, and columns of numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import LayoutConfigurations, TileConfigurations
from tpugraph_db.models.features.config_features import config_features
from tpugraph_db.models.features.output_layouts import choice_rows
from tpugraph_db.record import GraphRecord

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

ROW_WEIGHT = 1 / 3
"""A whole row's one-hot column beside those of its three layouts: it says what these leave over."""


@dataclass(frozen=True)
class Design:
    """The matrix ``X`` of ``c`` configurations and ``p`` columns, of which each row has few that are not 0."""

    hot: NDArray[np.int64]
    """(c, q) int64: the columns that are not 0."""
    weights: Vector
    """(p,) float64: what stands in each of those columns."""
    dense: Matrix
    """(c, d) float64: ``d`` more columns."""

    def rows(self, index: NDArray[np.int64]) -> Matrix:
        """(k, p + d) float64: some rows of ``X``."""
        hot = np.zeros((len(index), len(self.weights)))
        np.put_along_axis(hot, self.hot[index], self.weights[self.hot[index]], axis=1)
        return np.concatenate([hot, self.dense[index]], axis=1)

    def times(self, vector: Vector) -> Vector:
        """(c,) float64: ``X`` times a vector (p + d,)."""
        hot = (self.weights * vector[: len(self.weights)])[self.hot].sum(axis=1)
        return np.asarray(hot + self.dense @ vector[len(self.weights) :], np.float64)


def design(record: GraphRecord, *, known: bool) -> Design:
    """``X`` of a graph.

    Layouts: one column a choice, 1 where a configuration makes it. Tiles: the logarithms of their columns.

    Args:
        known: Add what is known before compiling: :func:`config_features`, and for layouts one column for each layout
            of output, input and kernel that an op is given, so that what is seen of one tells of the other two.
    """
    configurations = record.configurations
    if isinstance(configurations, LayoutConfigurations):
        rows, count = choice_rows(configurations), len(configurations.codebook)
        if not known:
            return Design(rows, np.ones(count), np.empty((len(rows), 0)))
        parts = _parts(configurations)
        hot = np.concatenate([rows, *(count + part[rows] for part in parts)], axis=1)
        weights = np.r_[np.full(count, ROW_WEIGHT), np.ones(int(parts.max(initial=-1)) + 1)]
        return Design(hot, weights, _known(record))
    if not isinstance(configurations, TileConfigurations):
        raise TypeError(type(configurations))
    dense = _known(record) if known else _standard(np.log1p(configurations.features.astype(np.float64)))
    return Design(np.empty((len(dense), 0), np.int64), np.empty(0), dense)


def _parts(configurations: LayoutConfigurations) -> NDArray[np.int64]:
    """(3, r) int64: numbers of the layouts of output, input and kernel of each row; each slot has its own numbers."""
    slots = np.repeat(np.arange(len(configurations.op_ids)), np.diff(configurations.offsets))
    three = configurations.codebook.reshape(-1, 3, 6)
    keys = [np.column_stack([slots, np.full(len(slots), part), three[:, part]]) for part in range(3)]
    numbers = np.unique(np.concatenate(keys), axis=0, return_inverse=True)[1]
    return numbers.reshape(3, -1).astype(np.int64)


def _known(record: GraphRecord) -> Matrix:
    return _standard(config_features(record).values.astype(np.float64))


def _standard(table: Matrix) -> Matrix:
    """(c, d): those columns that vary, with mean 0 and standard deviation 1."""
    deviation = table.std(axis=0)
    varying = deviation > 1e-9
    return np.asarray((table[:, varying] - table[:, varying].mean(axis=0)) / deviation[varying])
