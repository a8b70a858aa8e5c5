"""What a model says of one graph, and the rows that people see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Result
from tpugraph_db.surroundings import Part


@dataclass(frozen=True)
class GraphPrediction:
    """A model's word on one graph, or on a part of it."""

    graph: str
    record: GraphRecord
    """What the model saw: the graph, or the part."""
    prediction: Prediction
    """By the ops of ``record``."""
    shown: tuple[str, ...]
    """Op columns that people see, the one to sort by first."""
    part: Part | None = None
    """Where some ops of the graph were asked for, and not all of it."""

    @property
    def size(self) -> int:
        """Ops of the graph."""
        return len(self.record) if self.part is None else self.part.size

    @property
    def asked(self) -> int:
        """Ops that were asked for."""
        return len(self.record) if self.part is None else len(self.part.ops)

    def written(self) -> tuple[tuple[str, Mapping[str, NDArray[Any]]], ...]:
        """By label, the columns that belong on the graph's nodes, by index; masked where an op was not asked for.

        A configuration's score is of what the model saw: it is the graph's only where that was all of the graph.
        """
        if self.part is None:
            return ("Op", self.prediction.ops), ("Config", self.prediction.configs)
        ops = {name: self.part.spread(values) for name, values in self.prediction.ops.items()}
        return ("Op", ops), ("Config", self.prediction.configs if self.part.is_whole else {})

    def top(self, count: int) -> Result:
        """The ``count`` best-scored configurations where the model scores them, else its ops."""
        return self.top_configs(count) if self.prediction.configs else self.top_ops(count)

    def top_ops(self, count: int) -> Result:
        """The ``count`` ops with the largest values of those that were asked for, ties by index; one row an op."""
        asked = np.arange(len(self.record)) if self.part is None else self.part.places()
        values = self.prediction.ops[self.shown[0]][asked] if self.shown else np.empty(0)
        order = asked[np.argsort(-values, kind="stable")[:count]] if self.shown else np.empty(0, np.int64)
        outputs = shapes.describe(self.record.features[order])
        numbers = order if self.part is None else self.part.near[order]
        rows = [
            (self.graph, number, self.record.opcodes[op].item(), output.text, *self._values(op))
            for op, number, output in zip(order.tolist(), numbers.tolist(), outputs, strict=True)
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
