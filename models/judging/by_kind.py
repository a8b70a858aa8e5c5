"""A model for each kind of configurations, judged as one: what the competition asks for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import TileConfigurations
from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.judge import Scorer, scores_among
from tpugraph_db.record import GraphRecord

KINDS = ("layout", "tile")


class ByKind:
    """Several models under one name, theirs joined by ``/``; a graph is scored by the one of its kind."""

    def __init__(self, models: Mapping[str, Scorer]) -> None:
        """Join models, one for each of :data:`KINDS` or for one of them.

        Raises:
            UsageError: there is none, or one of another kind.
        """
        if not models or set(models) - set(KINDS):
            raise UsageError(f"expected a model for one of {', '.join(KINDS)}, found {', '.join(models) or 'none'}")
        self.models = {kind: models[kind] for kind in KINDS if kind in models}
        self.name = "/".join(dict.fromkeys(model.name for model in self.models.values()))
        self.learned_from: frozenset[str] = frozenset().union(
            *(getattr(model, "learned_from", frozenset()) for model in self.models.values())
        )
        """Ids of the graphs that one of them was trained on, or chosen by."""

    def of(self, record: GraphRecord) -> Scorer:
        """The model of a graph's kind.

        Raises:
            UsageError: there is none.
        """
        kind = "tile" if isinstance(record.configurations, TileConfigurations) else "layout"
        if kind not in self.models:
            raise UsageError(f"no model of {kind} configurations: --{kind} CHECKPOINT")
        return self.models[kind]

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64: every configuration's score by the model of its kind, lower is faster."""
        return self.of(record).scores(record)

    def scores_of(self, record: GraphRecord, among: NDArray[np.int64]) -> NDArray[np.float64]:
        """(k,) float64: those of the configurations of these numbers."""
        return scores_among(self.of(record), record, among)[among]
