"""A trained network in a folder: safetensors files, and what they are in ``model.json`` (:mod:`.folder`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tpugraph_db.errors import DataError, printable
from tpugraph_db.models.features.statistics import Scale, Statistics
from tpugraph_db.models.networks.by_name import NETWORKS, build
from tpugraph_db.models.networks.gcn import Gcn
from tpugraph_db.models.networks.gru import Gru
from tpugraph_db.models.networks.sage import Sage
from tpugraph_db.models.training.folder import INDEX, model_of, read_file, read_index, save_files
from tpugraph_db.models.training.recipe import Recipe

_KINDS = ("weights", "state")

_TABLES = ("ops", "choices")
_SCALE = ("kept", "mean", "deviation")


@dataclass(frozen=True)
class Checkpoint:
    """What a folder holds."""

    recipe: Recipe
    statistics: Statistics
    weights: Mapping[str, Tensor]
    """Of the epoch that ranked the validation graphs best."""
    state: Mapping[str, Tensor]
    """What training goes on from: the last epoch's weights and the optimiser's moments."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """JSON: epochs, metrics, the graphs it was trained on by fingerprint, columns, versions."""

    def network(self) -> Gcn | Gru | Sage:
        """The network with its weights."""
        net = build(self.recipe, self.statistics)
        net.load_state_dict(dict(self.weights))
        return net.eval()


def save(checkpoint: Checkpoint, folder: Path) -> None:
    """Write a folder, or what is new in it.

    Raises:
        StoreError: the disk is full, or the folder cannot be written; what was there before stays, and nothing else.
    """
    tensors = {"weights": {**checkpoint.weights, **_packed(checkpoint.statistics)}, "state": checkpoint.state}
    contents = {kind: _to_bytes(named) for kind, named in tensors.items()}
    said = {"kind": checkpoint.statistics.kind, "recipe": asdict(checkpoint.recipe), **checkpoint.facts}
    cure = "make room or give access, and train on with --resume: the last whole checkpoint is still there"
    save_files(folder, contents, said, cure=cure)


def load(folder: Path) -> Checkpoint:
    """Read a folder.

    Raises:
        DataError: it is no checkpoint, one of another format or model, or not as it was written.
    """
    index = read_index(folder)
    recipe = _recipe(folder, index)
    weights, state = (_from_bytes(folder, index, kind) for kind in _KINDS)
    statistics = _unpacked(folder, index, weights)
    named = {name: tensor for name, tensor in weights.items() if not name.startswith("statistics.")}
    _expect_shapes(folder, build(recipe, statistics).state_dict(), named)
    facts = {key: value for key, value in index.items() if key not in ("format", "version", "kind", "recipe", "files")}
    facts["sha256"] = index["files"]["weights"]["sha256"]
    return Checkpoint(recipe, statistics, named, state, facts)


def _recipe(folder: Path, index: Mapping[str, Any]) -> Recipe:
    model, said = model_of(index), index.get("recipe")
    if model and model not in NETWORKS:
        raise DataError(str(folder / INDEX), "model", expected=", ".join(NETWORKS), found=printable(model))
    expected = {f.name: type(f.default) for f in fields(Recipe)}
    if not isinstance(said, dict) or {key: _type(value, expected.get(key)) for key, value in said.items()} != expected:
        listed = ", ".join(f"{name} ({kind.__name__})" for name, kind in expected.items())
        raise DataError(str(folder / INDEX), "recipe", expected=listed, found=printable(json.dumps(said)))
    return Recipe(**said)


def _type(value: Any, wanted: type | None) -> type:
    """JSON has one kind of number: a whole one may stand for a float."""
    return float if wanted is float and type(value) is int else type(value)


def _to_bytes(tensors: Mapping[str, Tensor]) -> bytes:
    from safetensors.torch import save as to_bytes

    return to_bytes({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()})


def _from_bytes(folder: Path, index: Mapping[str, Any], kind: str) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load as from_bytes

    content = read_file(folder, index, kind)
    try:
        return dict(from_bytes(content))
    except SafetensorError as error:
        where = str(folder / index["files"][kind]["file"])
        raise DataError(where, "file", expected="safetensors", found=printable(str(error))) from error


def _packed(statistics: Statistics) -> dict[str, Tensor]:
    return {
        f"statistics.{table}.{name}": torch.from_numpy(np.array(getattr(getattr(statistics, table), name)))
        for table in _TABLES
        for name in _SCALE
    }


def _unpacked(folder: Path, index: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Statistics:
    missing = {name for name in _names() if name not in tensors}
    if missing:
        raise DataError(str(folder), "weights", expected=", ".join(_names()), found=f"no {', '.join(sorted(missing))}")
    for table in _TABLES:
        ours = [name for name in _names() if name.startswith(f"statistics.{table}.")]
        _expect_shapes(folder, dict.fromkeys(ours, tensors[ours[0]]), {name: tensors[name] for name in ours})
    scales = (Scale(*(tensors[f"statistics.{table}.{name}"].numpy() for name in _SCALE)) for table in _TABLES)
    return Statistics(str(index.get("kind")), *scales)


def _names() -> list[str]:
    return [f"statistics.{table}.{name}" for table in _TABLES for name in _SCALE]


def _expect_shapes(folder: Path, expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> None:
    for name in sorted({*expected, *found}):
        shapes = [tuple(side[name].shape) if name in side else "none" for side in (expected, found)]
        if shapes[0] != shapes[1]:
            cure = "the checkpoint is of another model or version: train it again"
            raise DataError(str(folder), name, expected=str(shapes[0]), found=str(shapes[1]), cure=cure)
