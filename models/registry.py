"""Models by name: one module here and one line in :data:`MODELS` each; learned ones are checkpoints besides."""

from __future__ import annotations

import importlib.util
from importlib import import_module
from pathlib import Path

from tpugraph_db.errors import NotFoundError, UsageError, did_you_mean
from tpugraph_db.models.judging.judge import Scorer
from tpugraph_db.models.prediction import Model
from tpugraph_db.models.training.folder import model_of, read_index

MODELS: dict[str, str] = {
    "cost": "tpugraph_db.models.baselines.weighted_sum:WeightedSum",
    "bytes": "tpugraph_db.models.baselines.bytes:Bytes",
    "ridge": "tpugraph_db.models.baselines.from_few:FromFew",
}
"""Where each model's class is that needs no training: imported only when the model is asked for."""

TREES = "gbdt"
"""The one trained model that is no network."""

TRAINED = ("gcn", "gru", "sage", TREES)
"""Models that ``tpudb train`` makes checkpoints of."""

FEW = "ridge"
"""The one that learns from the graph itself, as does another model's correction by it."""


def find_model(
    model: str | Path,
    *,
    name: str = "",
    backend: str = "auto",
    device: str = "auto",
    shown: int | None = None,
    seed: int | None = None,
) -> Model:
    """The model of a name, or of a checkpoint's folder.

    Args:
        model: A name of :data:`MODELS`, or a folder that ``tpudb train`` has written.
        name: What the properties of a checkpoint, or of what learns from ``shown``, are called by; the model's own
            name unless given, and ``<its name>_fewshot`` with ``shown``.
        backend: ``auto``, ``dgl`` or ``torch``; for networks.
        device: ``auto``, ``cpu`` or ``cuda``; for networks.
        shown: How many measured configurations of each graph ``ridge`` learns from, or the correction of another
            model (:mod:`tpugraph_db.models.baselines.from_few`).
        seed: Of which these are.

    Raises:
        NotFoundError: no such model; names near ones. DataError: the folder is no whole checkpoint.
        UsageError: a name for a model that has its own, what learned models need is not installed, or the backend or
            device is not there.
    """
    if name in MODELS and name != str(model):
        raise UsageError(f"{name!r} is the name of another model: call the checkpoint by another")
    if str(model) == FEW or shown is not None:
        return _from_few(None if str(model) == FEW else _found(model, "", backend, device), name, shown, seed)
    if seed is not None:
        raise UsageError("--seed is of which configurations --shown shows: give both")
    return _found(model, name, backend, device)


def find_scorer(model: str, *, backend: str = "auto", device: str = "auto") -> Scorer:
    """A model that scores configurations: as :func:`find_model`, with ``NAME=FOLDER`` to call a checkpoint by a name.

    Raises:
        UsageError: the model ranks ops alone. All others as :func:`find_model`.
    """
    name, _, folder = ("", "", model) if "=" not in model or Path(model).is_dir() else model.partition("=")
    return _scorer(find_model(folder, name=name, backend=backend, device=device))


def expect_trained(model: str) -> None:
    """Refuse a model that there is no training of.

    Raises:
        NotFoundError: no such model; names near ones. UsageError: it needs no training.
    """
    if model in MODELS:
        raise UsageError(f"the model {model} needs no training: tpudb predict --model {model}")
    if model not in TRAINED:
        near = did_you_mean(model, list(TRAINED))
        raise NotFoundError(f"no model {model!r} to train; there is {', '.join(TRAINED)}{near}")


def need(*modules: str) -> None:
    """Refuse, in one line, what the extra ``models`` is needed for.

    Raises:
        UsageError: one of the modules is not installed.
    """
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise UsageError(f"learned models need {module}: pip install 'tpugraph-db[models]'")


def _found(model: str | Path, name: str, backend: str, device: str) -> Model:
    if str(model) in MODELS:
        if name:
            raise UsageError(f"the model {model} has a name: {name!r} can be that of a checkpoint only")
        module, _, kind = MODELS[str(model)].partition(":")
        found: Model = getattr(import_module(module), kind)()
        return found
    if Path(model).is_dir():
        return _checkpoint(Path(model), name, backend, device)
    if str(model) in TRAINED:
        raise NotFoundError(f"{model} must be trained: tpudb train --model {model} -o FOLDER, then --model FOLDER")
    if str(model) == "fewshot":
        raise NotFoundError("fewshot corrects another model: --model MODEL --shown 20, where MODEL is that one")
    near = did_you_mean(str(model), [*MODELS, *TRAINED])
    raise NotFoundError(f"no model {str(model)!r}; there is {', '.join(MODELS)}, or a checkpoint's folder{near}")


def _checkpoint(folder: Path, name: str, backend: str, device: str) -> Model:
    if model_of(read_index(folder)) == TREES:
        need("lightgbm", "scipy")
        from tpugraph_db.models.baselines.trained_gbdt import TrainedGbdt

        return TrainedGbdt(folder, name)
    if name == TREES:
        raise UsageError(f"{name!r} is the name of another model: call the checkpoint by another")
    need("torch", "scipy")
    from tpugraph_db.models.learned import Learned

    return Learned(folder, name, backend=backend, device=device)


def _from_few(base: Model | None, name: str, shown: int | None, seed: int | None) -> Model:
    from tpugraph_db.models.baselines.from_few import SHOWN, FromFew

    if base:
        _scorer(base)
    return FromFew(
        name or (f"{base.name}_fewshot" if base else FEW), SHOWN if shown is None else shown, seed or 0, base
    )


def _scorer(model: Model) -> Scorer:
    if not isinstance(model, Scorer):
        raise UsageError(f"the model {model.name} ranks ops alone: expected one that scores configurations")
    return model
