"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tpugraph_db.analytics.figures import Figure
from tpugraph_db.errors import UsageError, did_you_mean
from tpugraph_db.exports.dot import dot
from tpugraph_db.exports.model_explorer import model_explorer, node_data
from tpugraph_db.exports.networkx_files import graphml, node_link
from tpugraph_db.exports.rows import Ops
from tpugraph_db.exports.tables import write_tables
from tpugraph_db.formats import npz
from tpugraph_db.record import GraphRecord
from tpugraph_db.surroundings import induced

FORMATS = ("npz", "graphml", "dot", "json", "parquet", "model-explorer")

_TEXTS: dict[str, Callable[[GraphRecord, Ops], str]] = {
    "graphml": graphml,
    "dot": dot,
    "json": node_link,
    "model-explorer": model_explorer,
}


def text_of(record: GraphRecord, format_: str, ops: Ops | None = None) -> str:
    """A graph, or some of its ops (ascending indices), in a format that is text."""
    return _TEXTS[format_](record, _all(record, ops))


def write_npz(record: GraphRecord, file: BinaryIO | Path, ops: Ops | None = None) -> None:
    """TpuGraphs' arrays; of some ops those among them, numbered anew (:func:`tpugraph_db.surroundings.induced`)."""
    npz.write(record if ops is None else induced(record, ops), file)


def export(
    record: GraphRecord, path: Path, format_: str = "npz", ops: Ops | None = None, figure: Figure | None = None
) -> list[Path]:
    """Write a graph, or some of its ops (ascending indices), and a figure as node data; the files written.

    Raises:
        UsageError: no such format, or one that takes no figure. OSError: a file cannot be written.
    """
    if format_ not in FORMATS:
        known = f"there is {', '.join(FORMATS)}{did_you_mean(format_, list(FORMATS))}"
        raise UsageError(f"no format {format_!r}; {known}")
    if figure is not None and format_ != "model-explorer":
        raise UsageError("node data are Model Explorer's: the format is model-explorer")
    if format_ == "npz":
        write_npz(record, path, ops)
        return [path]
    if format_ == "parquet":
        write_tables(record, _all(record, ops), path)
        return [path / "ops.parquet", path / "edges.parquet"]
    path.write_text(text_of(record, format_, ops), encoding="utf-8")
    if figure is None:
        return [path]
    beside = node_data_path(path, figure)
    beside.write_text(node_data(record, _all(record, ops), figure), encoding="utf-8")
    return [path, beside]


def node_data_path(path: Path, figure: Figure) -> Path:
    """``graph.json`` -> ``graph.flops.structural.json``: Model Explorer shows node data under the name of its file."""
    return path.with_name(f"{path.stem}.{figure.name}.{figure.provenance}.json")


def _all(record: GraphRecord, ops: Ops | None) -> Ops:
    return np.arange(len(record)) if ops is None else ops
