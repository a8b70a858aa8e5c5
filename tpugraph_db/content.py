"""Files named by the sha256 of their content: safetensors with one line of JSON beside the arrays.

A file is written whole, made durable, and renamed into place before anything refers to it; it is never changed.
Reading maps it: only what is touched is read from the disk.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import StoreError
from tpugraph_db.whole_file import DRAFT, fill, make_durable

Arrays = Mapping[str, NDArray[Any]]

_DTYPES = {
    "BOOL": np.bool_,
    "U8": np.uint8,
    "U16": np.uint16,
    "U32": np.uint32,
    "I32": np.int32,
    "I64": np.int64,
    "F32": np.float32,
    "F64": np.float64,
}


@dataclass(frozen=True)
class Content:
    """A file before it is written."""

    name: str
    """The file's name: sha256 of its content, and a suffix."""
    content: bytes


def encode(arrays: Arrays, key: str, header: str, suffix: str) -> Content:
    """Arrays as a file, with ``header`` under one ``key``. Equal ones give the same file."""
    from safetensors.numpy import save

    # one key only: safetensors writes several in no fixed order, and the file is named by its content
    content = save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, metadata={key: header})
    return Content(hashlib.sha256(content).hexdigest() + suffix, content)


def write(files: Iterable[Content], folder: Path) -> None:
    """Write files below ``folder``, each whole and durable or not at all.

    Raises:
        StoreError: the disk is full, or the folder not to be written.
    """
    drafts: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file in files:
            handle, draft = tempfile.mkstemp(dir=folder, prefix=f"{DRAFT}{file.name}-")
            drafts.append((Path(draft), folder / file.name))
            with open(handle, "wb") as opened:
                fill(opened, file.content)
        for path, place in drafts:
            path.replace(place)
        make_durable(folder)
    except OSError as error:
        cure = "make room or give access, and say the same again: what is done stays"
        raise StoreError(f"{folder}: the payload cannot be written ({error.strerror}); {cure}") from error
    finally:
        for path, _ in drafts:
            path.unlink(missing_ok=True)


def mapped(path: Path) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    """Header and arrays of a file, the arrays memory-mapped.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError: it is no such file.
    """
    # safetensors' own numpy reader copies; the format is eight bytes of length, a JSON header, and raw arrays
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > path.stat().st_size:
            raise ValueError("the header runs past the end")
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__")
    data = np.memmap(path, np.uint8, "r", offset=8 + length) if header else np.empty(0, np.uint8)
    arrays = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        arrays[name] = data[start:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"]).view(np.ndarray)
    return metadata, arrays


def remove(folder: Path, name: str) -> None:
    """Delete a file if it is there, and what an interrupted write has left of it."""
    if Path(name).name != name:
        return  # names come from nodes, which anyone may have written
    (folder / name).unlink(missing_ok=True)
    for draft in folder.glob(f"{DRAFT}{name}-*"):
        draft.unlink(missing_ok=True)


def is_there(folder: Path, name: str) -> bool:
    """Whether the file exists; its content is checked by :func:`is_intact`."""
    return (folder / name).is_file()


def is_intact(path: Path) -> bool:
    """The content is what the name says; asked once of a file that does not change."""
    status = path.stat()
    key = str(path), status.st_ino, status.st_size, status.st_mtime_ns
    if key not in _intact and _digest(path) == path.name.partition(".")[0]:
        _intact.add(key)
    return key in _intact


_intact: set[tuple[str, int, int, int]] = set()


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
