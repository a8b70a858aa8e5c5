"""What a model is, and what it says of a graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import schema
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.kendall import dense_rank
from tpugraph_db.record import GraphRecord

PROPERTY = re.compile(r"[a-z][a-z0-9_]*")
"""Names of models and of what they write."""


@dataclass(frozen=True)
class Prediction:
    """What a model says of one graph: a column a property, by op index and by configuration number. Lower is faster."""

    model: str
    version: str
    ops: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """(n,) each."""
    configs: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """(c,) each; the score to rank by first."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What its node keeps beside: ``data`` (fingerprint of what was learned from), ``shown`` (numbers of the graph's
    own configurations that were), ``quality``, ``quality_metric``."""

    def __post_init__(self) -> None:
        for label, columns in ((schema.OP, self.ops), (schema.CONFIG, self.configs)):
            taken = {p.name for p in label.properties if p.model != self.model}
            for name in columns:
                # the name becomes part of a statement's text
                if not PROPERTY.fullmatch(name):
                    raise ValueError(f"a model's property must match {PROPERTY.pattern}, found {name!r}")
                if name in taken:
                    raise ValueError(f"{label.name}.{name} is not the model {self.model}'s to write (tpudb schema)")


def of_scores(name: str, version: str, scores: NDArray[np.float64], notes: Mapping[str, Any]) -> Prediction:
    """What a model says that scores configurations alone: ``<name>_score`` and ``<name>_rank``.

    Args:
        scores: (c,) float64, lower is faster.
        notes: :attr:`Prediction.notes`.
    """
    return Prediction(name, version, configs=score_columns(name, scores), notes=notes)


def score_columns(name: str, scores: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """(c,) each: ``<name>_score``, float64, and ``<name>_rank``, int64, dense from 0."""
    return {f"{name}_score": scores, f"{name}_rank": dense_rank(scores)}


def expect_name(name: str) -> None:
    """Refuse a name that cannot begin a property's.

    Raises:
        UsageError: it does not match :data:`PROPERTY`.
    """
    if not PROPERTY.fullmatch(name):
        raise UsageError(f"a model's name must match {PROPERTY.pattern}, found {name!r}")


def expect_configurations(record: GraphRecord) -> None:
    """Refuse a graph that has none to rank.

    Raises:
        DataError: says so.
    """
    if not len(record.configurations):
        cure = "the model cost ranks ops, which every graph has"
        raise DataError(record.id, "configurations", expected="at least one", found="none", cure=cure)


class Model(Protocol):
    """What a model must have."""

    name: str
    version: str
    shown: tuple[str, ...]
    """Op columns that people see, the one to sort by first."""

    def predict(self, record: GraphRecord) -> Prediction:
        """Rank one graph."""
