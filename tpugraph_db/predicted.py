"""What a model says of one graph, and the rows that people see of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Result


@dataclass(frozen=True)
class GraphPrediction:
    """A model's word on one graph."""

    graph: str
    record: GraphRecord
    prediction: Prediction
    shown: tuple[str, ...]
    """Op columns that people see, the one to sort by first."""

    def top(self, count: int) -> Result:
        """The ``count`` best-scored configurations where the model scores them, else its ops."""
        return self.top_configs(count) if self.prediction.configs else self.top_ops(count)

    def top_ops(self, count: int) -> Result:
        """The ``count`` ops with the largest values, ties by index; one row an op."""
        values = self.prediction.ops[self.shown[0]] if self.shown else np.empty(0)
        order = np.argsort(-values, kind="stable")[:count]
        outputs = shapes.describe(self.record.features[order])
        rows = [
            (self.graph, int(op), self.record.opcodes[op].item(), output.text, *self._values(int(op)))
            for op, output in zip(order, outputs, strict=True)
        ]
        return Result(("graph", "index", "opcode", "shape", *self.shown), rows, len(values))

    def top_configs(self, count: int) -> Result:
        """The ``count`` configurations with the lowest scores, ties by number, beside what was measured of them."""
        columns = list(self.prediction.configs.values())
        order = best_configs(self.prediction, count)
        configs = self.record.configurations
        known, slowdown = configs.measured, configs.slowdown
        rows = [
            (
                self.graph,
                config,
                *(column[config].item() for column in columns),
                int(configs.runtime_ns[config]) if known[config] else None,
                float(slowdown[config]) if known[config] else None,
            )
            for config in order.tolist()
        ]
        names = ("graph", "config", *self.prediction.configs, "runtime_ns", "slowdown")
        return Result(names, rows, len(columns[0]) if columns else 0)

    def _values(self, op: int) -> tuple[Any, ...]:
        return tuple(self.prediction.ops[name][op].item() for name in self.shown)


def best_configs(prediction: Prediction, count: int) -> NDArray[np.int64]:
    """(at most ``count``,) int64: numbers of the configurations with the lowest scores, ties by number."""
    if not prediction.configs:
        return np.empty(0, np.int64)
    return np.argsort(next(iter(prediction.configs.values())), kind="stable")[:count]
