"""The arrays beside the graph engine: one file a graph, as :mod:`tpugraph_db.content` writes them.

It is written before its graph is acknowledged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tpugraph_db import content, flat
from tpugraph_db.configurations import LayoutConfigurations, TileConfigurations
from tpugraph_db.content import Content
from tpugraph_db.errors import PayloadError
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


def encode(record: GraphRecord) -> Content:
    """The record's arrays as a file. Equal records give the same one."""
    return content.encode(_tensors(record), "record", _header(record), SUFFIX)


def read(folder: Path, name: str, *, verify: bool = False) -> GraphRecord:
    """The record of a payload file, its arrays memory-mapped; ``verify`` reads it all and checks the name's sha256.

    Raises:
        PayloadError: the file is missing, or is not what was written.
    """
    path = folder / name
    if not path.is_file():
        raise PayloadError(f"{path}: the payload of this graph is missing; load its file again with --replace")
    if verify and not content.is_intact(path):
        raise PayloadError(f"{path}: the payload has changed since it was written; load its file again with --replace")
    try:
        header, tensors = content.mapped(path)
        return _record(json.loads(header["record"]), tensors)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise PayloadError(f"{path}: not a payload ({error}); load its file again with --replace") from error


def _tensors(record: GraphRecord) -> dict[str, NDArray[Any]]:
    own = {name: getattr(record, name) for name in _RECORD}
    names = (*_CONFIGURATIONS[_kind(record)], *_WHERE_KNOWN)
    own |= {f"config.{name}": getattr(record.configurations, name) for name in names}
    if record.program is not None:
        own |= flat.arrays(record.program, "program")
    return {name: array for name, array in own.items() if array is not None}


def _header(record: GraphRecord) -> str:
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
