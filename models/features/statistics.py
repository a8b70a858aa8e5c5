"""Standardising: which columns vary among the training graphs, and their mean and spread there.

They belong to the checkpoint: what is predicted later is scaled as what was learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.frozen import Arrays
from tpugraph_db.models.features.inputs import Inputs

LIMIT = 10.0
"""Standard deviations at which a value that no training graph came near is cut."""


@dataclass(frozen=True, eq=False)
class Scale(Arrays):
    """Of one table of numbers with ``f`` columns, ``k`` of which vary."""

    kept: NDArray[np.int64]
    """(k,) int64: the columns that vary."""
    mean: NDArray[np.float32]
    """(k,) float32."""
    deviation: NDArray[np.float32]
    """(k,) float32: standard deviation, above 0."""

    @classmethod
    def of(cls, tables: Sequence[NDArray[np.float32]]) -> Scale:
        """From the rows of all tables; a graph counts as much as it has rows."""
        rows = np.concatenate(tables).astype(np.float64)
        kept = np.flatnonzero(rows.min(axis=0) < rows.max(axis=0)) if len(rows) else np.empty(0, np.int64)
        mean, deviation = rows[:, kept].mean(axis=0), rows[:, kept].std(axis=0)
        return cls(kept, mean.astype(np.float32), deviation.astype(np.float32))

    def __call__(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """(rows, k) float32: each column that varies, less its mean, in deviations."""
        scaled: NDArray[np.float32] = np.clip((table[:, self.kept] - self.mean) / self.deviation, -LIMIT, LIMIT)
        return scaled


@dataclass(frozen=True)
class Statistics:
    """Of the training graphs."""

    kind: str
    """Kind of their configurations (:mod:`tpugraph_db.models.features.inputs`)."""
    ops: Scale
    choices: Scale

    @classmethod
    def of(cls, graphs: Sequence[Inputs]) -> Statistics:
        """From graphs of one kind."""
        (kind,) = {graph.kind for graph in graphs}
        ops = Scale.of([graph.op_numbers for graph in graphs])
        return cls(kind, ops, Scale.of([graph.choice_numbers for graph in graphs]))
