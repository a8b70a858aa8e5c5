"""Models by name. A model is one module here and one line in :data:`MODELS`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from numpy.typing import NDArray

from tpugraph_db.errors import NotFoundError, did_you_mean
from tpugraph_db.record import GraphRecord

MODELS: dict[str, str] = {"cost": "tpugraph_db.models.weighted_sum:WeightedSum"}
"""Where each model's class is: imported only when the model is asked for."""

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


def find_model(name: str) -> Model:
    """The model of a name.

    Raises:
        NotFoundError: no such model; names near ones.
    """
    if name not in MODELS:
        raise NotFoundError(f"no model {name!r}; there is {', '.join(MODELS)}{did_you_mean(name, list(MODELS))}")
    module, _, kind = MODELS[name].partition(":")
    model: Model = getattr(import_module(module), kind)()
    return model
