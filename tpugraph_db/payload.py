"""The arrays beside the graph engine: one safetensors file a graph, named by the sha256 of its content.

A file is written whole, made durable, and renamed into place before its graph is acknowledged; it is never changed.
Reading maps it: only what is touched is read from the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import flat
from tpugraph_db.configurations import LayoutConfigurations, TileConfigurations
from tpugraph_db.errors import PayloadError, StoreError
from tpugraph_db.program import Program
from tpugraph_db.record import GraphRecord

SUFFIX = ".safetensors"
_RECORD = ("opcode_numbers", "features", "edges", "splits", "measured_ns")
_IDENTITY = ("collection", "split", "name", "sha256")
_KINDS = {"layout": LayoutConfigurations, "tile": TileConfigurations}
_CONFIGURATIONS = {
    "layout": ("runtime_ns", "op_ids", "codebook", "offsets", "codes"),
    "tile": ("runtime_ns", "features", "normalizer_ns"),
}
_WHERE_KNOWN = ("repeat_runtime_ns", "is_default")
"""Arrays of configurations that only some sources give."""


@dataclass(frozen=True)
class Payload:
    """A payload file before it is written."""

    name: str
    """The file's name: sha256 of its content."""
    content: bytes


def encode(record: GraphRecord) -> Payload:
    """The record's arrays as a file. Equal records give the same one."""
    from safetensors.numpy import save

    content = save(_tensors(record), metadata={"record": _header(record)})
    return Payload(hashlib.sha256(content).hexdigest() + SUFFIX, content)


def write(payloads: Iterable[Payload], folder: Path) -> None:
    """Write files below ``folder``, each whole and durable or not at all.

    Raises:
        StoreError: the disk is full, or the folder not to be written.
    """
    drafts: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for payload in payloads:
            handle, draft = tempfile.mkstemp(dir=folder, prefix=f".writing-{payload.name}-")
            drafts.append((Path(draft), folder / payload.name))
            _write_durably(handle, payload.content)
        for path, place in drafts:
            path.replace(place)
        _make_durable(folder)
    except OSError as error:
        cure = "make room or give access, and say the same again: what is done stays"
        raise StoreError(f"{folder}: the payload cannot be written ({error.strerror}); {cure}") from error
    finally:
        for path, _ in drafts:
            path.unlink(missing_ok=True)


def read(folder: Path, name: str, *, verify: bool = False) -> GraphRecord:
    """The record of a payload file, its arrays memory-mapped; ``verify`` reads it all and checks the name's sha256.

    Raises:
        PayloadError: the file is missing, or is not what was written.
    """
    path = folder / name
    if not path.is_file():
        raise PayloadError(f"{path}: the payload of this graph is missing; load its file again with --replace")
    if verify and not _is_intact(path):
        raise PayloadError(f"{path}: the payload has changed since it was written; load its file again with --replace")
    try:
        header, tensors = _map(path)
        return _record(json.loads(header["record"]), tensors)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise PayloadError(f"{path}: not a payload ({error}); load its file again with --replace") from error


def remove(folder: Path, name: str) -> None:
    """Delete a payload file if it is there, and what an interrupted write has left of it."""
    (folder / name).unlink(missing_ok=True)
    for draft in folder.glob(f".writing-{name}-*"):
        draft.unlink(missing_ok=True)


def is_there(folder: Path, name: str) -> bool:
    """Whether the file exists; its content is checked by :func:`read`."""
    return (folder / name).is_file()


def _tensors(record: GraphRecord) -> dict[str, NDArray[Any]]:
    own = {name: getattr(record, name) for name in _RECORD}
    names = (*_CONFIGURATIONS[_kind(record)], *_WHERE_KNOWN)
    own |= {f"config.{name}": getattr(record.configurations, name) for name in names}
    if record.program is not None:
        own |= flat.arrays(record.program, "program")
    return {name: np.ascontiguousarray(array) for name, array in own.items() if array is not None}


def _header(record: GraphRecord) -> str:
    # one key only: safetensors writes several in no fixed order, and the file is named by its content
    header = {name: getattr(record, name) for name in _IDENTITY}
    header |= {"kind": _kind(record), "source_dtypes": dict(record.source_dtypes)}
    # only where there is something to say: a file keeps the name that earlier versions gave it
    if record.program is not None:
        header["program"] = flat.scalars(record.program)
    if record.failed_runs is not None:
        header["failed_runs"] = record.failed_runs
    return json.dumps(header, sort_keys=True)


def _kind(record: GraphRecord) -> str:
    return next(kind for kind, made in _KINDS.items() if isinstance(record.configurations, made))


def _record(header: dict[str, Any], tensors: Mapping[str, NDArray[Any]]) -> GraphRecord:
    kind = header["kind"]
    arrays = {name: tensors[f"config.{name}"] for name in _CONFIGURATIONS[kind]}
    arrays |= {name: tensors[f"config.{name}"] for name in _WHERE_KNOWN if f"config.{name}" in tensors}
    fields: dict[str, Any] = {name: header[name] for name in _IDENTITY} | {name: tensors.get(name) for name in _RECORD}
    return GraphRecord(
        **fields,
        configurations=_KINDS[kind](**arrays),
        source_dtypes=header["source_dtypes"],
        program=flat.restored(Program, "program", tensors, header["program"]) if "program" in header else None,
        failed_runs=header.get("failed_runs"),
    )


def _map(path: Path) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    # safetensors' own numpy reader copies; the format is eight bytes of length, a JSON header, and raw arrays
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > path.stat().st_size:
            raise ValueError("the header runs past the end")
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__")
    data = np.memmap(path, np.uint8, "r", offset=8 + length) if header else np.empty(0, np.uint8)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        tensors[name] = data[start:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"]).view(np.ndarray)
    return metadata, tensors


_DTYPES = {"BOOL": np.bool_, "U8": np.uint8, "U16": np.uint16, "U32": np.uint32, "I64": np.int64, "F32": np.float32}


def _is_intact(path: Path) -> bool:
    """The content is what the name says; asked once of a file that does not change."""
    status = path.stat()
    key = str(path), status.st_ino, status.st_size, status.st_mtime_ns
    if key not in _intact and _digest(path) + SUFFIX == path.name:
        _intact.add(key)
    return key in _intact


_intact: set[tuple[str, int, int, int]] = set()


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_durably(handle: int, content: bytes) -> None:
    with open(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)


def _make_durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
