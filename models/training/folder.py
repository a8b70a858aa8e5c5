"""A checkpoint's folder: ``model.json``, and the files that it names with their sha256.

Files are written first and model.json replaces the one before last, so that whatever ends the process, the folder holds
a whole checkpoint, this one or the one before. Nothing in it is ever executed: no pickle is read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tpugraph_db
from tpugraph_db.errors import DataError, StoreError, UsageError, printable
from tpugraph_db.record import GraphRecord
from tpugraph_db.whole_file import DRAFT, write_whole

INDEX = "model.json"
FORMAT = 2
"""Of the folder; another is refused."""

SUFFIXES = {"weights": "safetensors", "state": "safetensors", "trees": "txt"}
"""Kinds of files: those of a network, and that of gbdt."""

_FILE = "|".join(rf"{kind}-[0-9a-f]{{16}}\.{suffix}" for kind, suffix in SUFFIXES.items())
_WRITTEN = re.compile(rf"{_FILE}|{re.escape(DRAFT)}({_FILE}|{re.escape(INDEX)})(-[0-9]+)?")
"""Names of files that :func:`save_files` makes, and may take away."""


def expect_free(folder: Path, resume: bool = False, cure: str = "--resume goes on from it; or name another") -> None:
    """Refuse to train into a folder that holds a checkpoint already, and to resume where there is none.

    Raises:
        UsageError: one or the other.
    """
    there = (folder / INDEX).exists()
    if there and not resume:
        raise UsageError(f"{folder} holds a checkpoint: {cure} folder")
    if resume and not there:
        raise UsageError(f"{folder} holds no checkpoint to resume from; without --resume a training begins there")


def fingerprint(train: Sequence[GraphRecord], valid: Sequence[GraphRecord]) -> str:
    """sha256 of what was learned from and chosen by, whatever the order of the graphs."""
    shas = "/".join(",".join(sorted(record.sha256 for record in records)) for records in (train, valid))
    return hashlib.sha256(shas.encode()).hexdigest()


def save_files(folder: Path, contents: Mapping[str, bytes], said: Mapping[str, Any], *, cure: str) -> None:
    """Write a folder, or what is new in it.

    Args:
        contents: By kind of :data:`SUFFIXES`.
        said: What model.json says besides: JSON.
        cure: What to do where it cannot be written.

    Raises:
        StoreError: the disk is full, or the folder cannot be written; what was there before stays, and nothing else.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            files = {kind: _write(folder, kind, content) for kind, content in contents.items()}
            index = {"format": FORMAT, "version": tpugraph_db.__version__, **said, "files": files}
            write_whole(folder / INDEX, json.dumps(index, indent=1).encode())
        finally:
            _tidy(folder)
    except OSError as error:
        raise StoreError(f"{folder}: the checkpoint cannot be written ({error.strerror}); {cure}") from error


def read_index(folder: Path) -> dict[str, Any]:
    """What model.json says.

    Raises:
        DataError: there is none, or it is of another format.
    """
    where = str(folder / INDEX)
    try:
        index = json.loads((folder / INDEX).read_bytes())
    except FileNotFoundError as error:
        raise DataError(str(folder), INDEX, expected="a checkpoint's folder", found="no such file") from error
    except (ValueError, OSError, RecursionError) as error:
        raise DataError(where, "file", expected="JSON", found=printable(str(error))) from error
    found = index.get("format") if isinstance(index, dict) else None
    if found != FORMAT:
        cure = "train it again with this version of tpugraph-db"
        raise DataError(where, "format", expected=str(FORMAT), found=printable(str(found)), cure=cure)
    return dict(index)


def model_of(index: Mapping[str, Any]) -> str:
    """The model that a folder says to hold; nothing where it does not say."""
    recipe = index.get("recipe")
    model = recipe.get("model") if isinstance(recipe, dict) else ""
    return model if isinstance(model, str) else ""


def read_file(folder: Path, index: Mapping[str, Any], kind: str) -> bytes:
    """The content of the file of a kind that ``index`` names.

    Raises:
        DataError: it is not there, or not what was written.
    """
    name, sha256 = _named(folder, index, kind)
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise DataError(str(folder), kind, expected="the file that model.json names", found=str(error)) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise DataError(str(folder / name), "sha256", expected=sha256, found=digest, cure="train it again")
    return content


def _write(folder: Path, kind: str, content: bytes) -> dict[str, str]:
    digest = hashlib.sha256(content).hexdigest()
    name = f"{kind}-{digest[:16]}.{SUFFIXES[kind]}"
    write_whole(folder / name, content)
    return {"file": name, "sha256": digest}


def _tidy(folder: Path) -> None:
    """Take away the files of earlier checkpoints, and those of one that could not be finished."""
    kept = _kept(folder)
    for path in folder.iterdir():
        if kept is not None and _WRITTEN.fullmatch(path.name) and path.name not in kept:
            path.unlink(missing_ok=True)


def _kept(folder: Path) -> set[str] | None:
    """Names of the files that the folder's model.json names; None where it cannot be read."""
    try:
        files = read_index(folder)["files"] if (folder / INDEX).exists() else {}
        return {entry["file"] for entry in files.values()}
    except (DataError, KeyError, TypeError, AttributeError):
        return None


def _named(folder: Path, index: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """A file's name and sha256. The name is one that :func:`save_files` gives: no path leads out of the folder."""
    files = index.get("files")
    entry = files.get(kind) if isinstance(files, dict) else None
    name, sha256 = (str(entry.get(key)) if isinstance(entry, dict) else "" for key in ("file", "sha256"))
    if not re.fullmatch(rf"{kind}-[0-9a-f]{{16}}\.{SUFFIXES[kind]}", name):
        expected, found = f"{kind}-<16 hexadecimal digits>.{SUFFIXES[kind]} and its sha256", printable(str(entry))
        raise DataError(str(folder / INDEX), f"files.{kind}", expected=expected, found=found)
    return name, sha256
