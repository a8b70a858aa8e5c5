"""DOT, the language of Graphviz (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator

from tpugraph_db.errors import printable
from tpugraph_db.exports.rows import PROVENANCE, Ops, edge_rows, op_rows
from tpugraph_db.record import GraphRecord

_ATTRIBUTES = ("opcode", "source", "bytes", "flops", "bytes_accessed", "measured_ns")
_RENAMED = {"name": "hlo_name", "shape": "hlo_shape"}
"""In DOT a node's shape is that of its outline, and pydot takes no attribute called name."""


def dot(record: GraphRecord, ops: Ops) -> str:
    """A digraph; nodes are op indices, edges run producer -> consumer, calls are dashed."""
    return "\n".join(_lines(record, ops)) + "\n"


def _lines(record: GraphRecord, ops: Ops) -> Iterator[str]:
    yield f"digraph {quoted(record.id)} {{"
    yield f"  provenance={quoted(PROVENANCE)};"
    yield "  node [shape=box];"
    for row in op_rows(record, ops):
        label = label_of(row["opcode"] or "unknown", row["shape"], row["name"])
        said = [(_RENAMED.get(name, name), row[name]) for name in (*_RENAMED, *_ATTRIBUTES)]
        values = ", ".join(f"{name}={quoted(str(value))}" for name, value in said if value is not None)
        yield f"  {row['op']} [label={label}, {values}];"
    for producer, consumer, call in edge_rows(record, ops):
        yield f"  {producer} -> {consumer}{' [style=dashed]' if call else ''};"
    yield "}"


def quoted(text: str) -> str:
    r"""A quoted string of DOT, on one line.

    >>> print(quoted('a"b'), quoted("c\\"))
    "a\"b" "c\\"
    """
    return f'"{_escaped(printable(text))}"'


def label_of(*lines: str | None) -> str:
    """A label of several lines; in one, Graphviz reads ``&`` as the begin of an entity."""
    return '"' + "\\n".join(_escaped(printable(line)).replace("&", "&amp;") for line in lines if line) + '"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
