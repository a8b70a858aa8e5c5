"""What a model is, and what it says of a graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from tpugraph_db.record import GraphRecord

_PROPERTY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Prediction:
    """What a model says of one graph: a column a property, by op index and by configuration number. Lower is faster."""

    model: str
    version: str
    ops: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """(n,) each."""
    configs: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """(c,) each."""

    def __post_init__(self) -> None:
        # the names become part of a statement's text
        for name in (*self.ops, *self.configs):
            if not _PROPERTY.fullmatch(name):
                raise ValueError(f"a model's property must match {_PROPERTY.pattern}, found {name!r}")


class Model(Protocol):
    """What a model must have."""

    name: str
    version: str
    shown: tuple[str, ...]
    """Op columns that people see, the one to sort by first."""

    def predict(self, record: GraphRecord) -> Prediction:
        """Rank one graph."""
