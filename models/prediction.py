"""What a model is, and what it says of a graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from tpugraph_db import schema
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
    """What its node keeps beside: ``data`` (fingerprint of what was learned from), ``quality``, ``quality_metric``."""

    def __post_init__(self) -> None:
        for label, columns in ((schema.OP, self.ops), (schema.CONFIG, self.configs)):
            taken = {p.name for p in label.properties if p.model != self.model}
            for name in columns:
                # the name becomes part of a statement's text
                if not PROPERTY.fullmatch(name):
                    raise ValueError(f"a model's property must match {PROPERTY.pattern}, found {name!r}")
                if name in taken:
                    raise ValueError(f"{label.name}.{name} is not the model {self.model}'s to write (tpudb schema)")


class Model(Protocol):
    """What a model must have."""

    name: str
    version: str
    shown: tuple[str, ...]
    """Op columns that people see, the one to sort by first."""

    def predict(self, record: GraphRecord) -> Prediction:
        """Rank one graph."""
