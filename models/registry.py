"""Models by name. A model is one module here and one line in :data:`MODELS`."""

from __future__ import annotations

from importlib import import_module

from tpugraph_db.errors import NotFoundError, did_you_mean
from tpugraph_db.models.prediction import Model

MODELS: dict[str, str] = {"cost": "tpugraph_db.models.weighted_sum:WeightedSum"}
"""Where each model's class is: imported only when the model is asked for."""


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
