"""A trained network in a folder: ``model.json`` and the safetensors files that it names, with their sha256.

Tensors are written first and model.json replaces the one before last, so that whatever ends the process, the folder
holds a whole checkpoint, this one or the one before. Nothing in it is ever executed: no pickle is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

import tpugraph_db
from tpugraph_db.errors import DataError, StoreError, UsageError, printable
from tpugraph_db.models.features.statistics import Scale, Statistics
from tpugraph_db.models.networks.by_name import build
from tpugraph_db.models.networks.gcn import Gcn
from tpugraph_db.models.networks.gru import Gru
from tpugraph_db.models.networks.sage import Sage
from tpugraph_db.models.training.recipe import Recipe

INDEX = "model.json"
FORMAT = 2
"""Of the folder; another is refused."""

_KINDS = ("weights", "state")
_WRITTEN = re.compile(rf"(\.writing-)?({'|'.join(_KINDS)})-[0-9a-f]{{16}}\.safetensors")
"""Names of files that :func:`save` makes, and may take away."""

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


def expect_free(folder: Path, resume: bool) -> None:
    """Refuse to train into a folder that holds a checkpoint already, and to resume where there is none.

    Raises:
        UsageError: one or the other.
    """
    there = (folder / INDEX).exists()
    if there and not resume:
        raise UsageError(f"{folder} holds a checkpoint: --resume goes on from it; or name another folder")
    if resume and not there:
        raise UsageError(f"{folder} holds no checkpoint to resume from; without --resume a training begins there")


def save(checkpoint: Checkpoint, folder: Path) -> None:
    """Write a folder, or what is new in it.

    Raises:
        StoreError: the disk is full, or the folder cannot be written; what was there before stays.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {"weights": {**checkpoint.weights, **_packed(checkpoint.statistics)}, "state": checkpoint.state}
        files = {kind: _write_tensors(folder, kind, named) for kind, named in tensors.items()}
        index = {
            "format": FORMAT,
            "version": tpugraph_db.__version__,
            "kind": checkpoint.statistics.kind,
            "recipe": asdict(checkpoint.recipe),
            "files": files,
            **checkpoint.facts,
        }
        _replace(folder / INDEX, json.dumps(index, indent=1).encode())
    except OSError as error:
        cure = "make room or give access, and train on with --resume: the last whole checkpoint is still there"
        raise StoreError(f"{folder}: the checkpoint cannot be written ({error.strerror}); {cure}") from error
    kept = {INDEX, *(entry["file"] for entry in files.values())}
    for path in folder.iterdir():
        if _WRITTEN.fullmatch(path.name) and path.name not in kept:
            path.unlink()


def load(folder: Path) -> Checkpoint:
    """Read a folder.

    Raises:
        DataError: it is no checkpoint, one of another format, or not as it was written.
    """
    index = _index(folder)
    weights, state = (_read_tensors(folder, index, kind) for kind in _KINDS)
    recipe = _recipe(folder, index)
    statistics = _unpacked(folder, index, weights)
    named = {name: tensor for name, tensor in weights.items() if not name.startswith("statistics.")}
    _expect_shapes(folder, build(recipe, statistics).state_dict(), named)
    facts = {key: value for key, value in index.items() if key not in ("format", "version", "kind", "recipe", "files")}
    facts["sha256"] = index["files"]["weights"]["sha256"]
    return Checkpoint(recipe, statistics, named, state, facts)


def _index(folder: Path) -> dict[str, Any]:
    where = str(folder / INDEX)
    try:
        index = json.loads((folder / INDEX).read_bytes())
    except FileNotFoundError as error:
        raise DataError(str(folder), INDEX, expected="a checkpoint's folder", found="no such file") from error
    except (ValueError, OSError) as error:
        raise DataError(where, "file", expected="JSON", found=printable(str(error))) from error
    found = index.get("format") if isinstance(index, dict) else None
    if found != FORMAT:
        cure = "train it again with this version of tpugraph-db"
        raise DataError(where, "format", expected=str(FORMAT), found=printable(str(found)), cure=cure)
    return dict(index)


def _recipe(folder: Path, index: Mapping[str, Any]) -> Recipe:
    said = index.get("recipe")
    expected = {f.name: type(f.default) for f in fields(Recipe)}
    if not isinstance(said, dict) or {key: _type(value, expected.get(key)) for key, value in said.items()} != expected:
        listed = ", ".join(f"{name} ({kind.__name__})" for name, kind in expected.items())
        raise DataError(str(folder / INDEX), "recipe", expected=listed, found=printable(json.dumps(said)))
    return Recipe(**said)


def _type(value: Any, wanted: type | None) -> type:
    """JSON has one kind of number: a whole one may stand for a float."""
    return float if wanted is float and type(value) is int else type(value)


def _write_tensors(folder: Path, kind: str, tensors: Mapping[str, Tensor]) -> dict[str, str]:
    from safetensors.torch import save as to_bytes

    content = to_bytes({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()})
    digest = hashlib.sha256(content).hexdigest()
    name = f"{kind}-{digest[:16]}.safetensors"
    _replace(folder / name, content)
    return {"file": name, "sha256": digest}


def _read_tensors(folder: Path, index: Mapping[str, Any], kind: str) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load as from_bytes

    name, sha256 = _named(folder, index, kind)
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise DataError(str(folder), kind, expected="the file that model.json names", found=str(error)) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise DataError(str(folder / name), "sha256", expected=sha256, found=digest, cure="train it again")
    try:
        return dict(from_bytes(content))
    except SafetensorError as error:
        raise DataError(str(folder / name), "file", expected="safetensors", found=printable(str(error))) from error


def _named(folder: Path, index: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """A file's name and sha256. The name is one that :func:`save` gives: no path leads out of the folder."""
    files = index.get("files")
    entry = files.get(kind) if isinstance(files, dict) else None
    name, sha256 = (str(entry.get(key)) if isinstance(entry, dict) else "" for key in ("file", "sha256"))
    if not _WRITTEN.fullmatch(name):
        expected, found = f"{kind}-<16 hexadecimal digits>.safetensors and its sha256", printable(str(entry))
        raise DataError(str(folder / INDEX), f"files.{kind}", expected=expected, found=found)
    return name, sha256


def _replace(path: Path, content: bytes) -> None:
    """Write a file, durable, under its name only when it is whole."""
    draft = path.with_name(f".writing-{path.name}")
    try:
        with open(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


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
