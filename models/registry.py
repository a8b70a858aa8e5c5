"""Models by name: one module here and one line in :data:`MODELS` each; learned ones are checkpoints besides."""

from __future__ import annotations

import importlib.util
from importlib import import_module
from pathlib import Path

from tpugraph_db.errors import NotFoundError, UsageError, did_you_mean
from tpugraph_db.models.judging.judge import Scorer
from tpugraph_db.models.prediction import Model

MODELS: dict[str, str] = {"cost": "tpugraph_db.models.baselines.weighted_sum:WeightedSum"}
"""Where each model's class is: imported only when the model is asked for."""


def find_model(model: str | Path, *, name: str = "", backend: str = "auto", device: str = "auto") -> Model:
    """The model of a name, or of a checkpoint's folder.

    Args:
        model: A name of :data:`MODELS`, or a folder that ``tpudb train`` has written.
        name: What a checkpoint's properties are called by; its network's name unless given.
        backend: ``auto``, ``dgl`` or ``torch``; for checkpoints.
        device: ``auto``, ``cpu`` or ``cuda``; for checkpoints.

    Raises:
        NotFoundError: no such model; names near ones. DataError: the folder is no whole checkpoint.
        UsageError: a name for a model that has its own, what learned models need is not installed, or the backend or
            device is not there.
    """
    if name in MODELS:
        raise UsageError(f"{name!r} is the name of another model: call the checkpoint by another")
    if str(model) in MODELS:
        if name:
            raise UsageError(f"the model {model} has a name: {name!r} can be that of a checkpoint only")
        module, _, kind = MODELS[str(model)].partition(":")
        found: Model = getattr(import_module(module), kind)()
        return found
    if Path(model).is_dir():
        need("torch", "scipy")
        from tpugraph_db.models.learned import Learned

        return Learned(Path(model), name, backend=backend, device=device)
    near = did_you_mean(str(model), list(MODELS))
    raise NotFoundError(f"no model {str(model)!r}; there is {', '.join(MODELS)}, or a checkpoint's folder{near}")


def find_scorer(model: str, *, backend: str = "auto", device: str = "auto") -> Scorer:
    """A model that scores configurations: as :func:`find_model`, with ``NAME=FOLDER`` to call a checkpoint by a name.

    Raises:
        UsageError: the model ranks ops alone. All others as :func:`find_model`.
    """
    name, _, folder = ("", "", model) if "=" not in model or Path(model).is_dir() else model.partition("=")
    found = find_model(folder, name=name, backend=backend, device=device)
    if not isinstance(found, Scorer):
        raise UsageError(f"the model {found.name} ranks ops alone: expected one that scores configurations")
    return found


def need(*modules: str) -> None:
    """Refuse, in one line, what the extra ``models`` is needed for.

    Raises:
        UsageError: one of the modules is not installed.
    """
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise UsageError(f"learned models need {module}: pip install 'tpugraph-db[models]'")
