"""The rows of a query on the screen, and the ops that they are about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from tpugraph_db import schema
from tpugraph_db.explore.table import Column, Numbers, Table, table_of
from tpugraph_db.stores.result import Result
from tpugraph_db.stores.values import Node, Path, Relationship, to_plain

OpPlace = tuple[str, int]
"""The id of a graph, and the index of an op in it."""

_REFERENCE = re.compile(r"(?P<name>.+)#(?P<index>\d{1,12})", re.DOTALL)
_INDICES = ("op", "o.index", "op.index")
"""Columns whose whole numbers are indices of ops."""
_KEYS = {label.name: label.key.name for label in schema.LABELS}
_EXACT = 2**53


def answer_table(result: Result, left_out: str = "") -> Table:
    """The rows; numbers as they are, nodes, relationships and paths in short; a column may be left out."""
    table = table_of(result.columns, [[_cell(value) for value in row] for row in result.rows])
    return replace(table, columns=tuple(_exact(column) for column in table.columns if column.name != left_out))


def answer_note(result: Result, seconds: float) -> str:
    """How many rows, of how many, and how long it took."""
    rows = f"{len(result):,} row{'s' if len(result) != 1 else ''}"
    return f"{result.truncated or rows}, {seconds:.2f} s"


def op_in(columns: Sequence[str], row: Sequence[Any], graph: str | None, first: str = "") -> OpPlace | None:
    """The op that a row is about: a node, a uid, ``name#index`` of a match, an index in a column ``op``.

    Args:
        columns: Names of the row's cells.
        row: The cells.
        graph: Of what does not say of which graph it is, unless a column ``graph`` does.
        first: The column to look into first.
    """
    cells = dict(zip(columns, row, strict=True))
    said = [cells[name] for name in columns if name.split(".")[-1] == "graph" and isinstance(cells[name], str)]
    own = said[0] if said else graph
    order = [first, *columns] if first in cells else columns
    return next((place for name in order for place in _places(name, cells[name], own)), None)


def _places(name: str, value: Any, graph: str | None) -> Iterator[OpPlace]:
    match value:
        case Node(labels=labels, properties={"graph": str(of), "index": int(index)}) if "Op" in labels:
            yield of, index
        case Path(nodes=nodes):
            yield from _of_all(name, nodes, graph)
        case list() | tuple():
            yield from _of_all(name, value, graph)
        case str() if found := _REFERENCE.fullmatch(value):
            uid = "/" in found["name"]
            if uid or graph is not None:
                yield found["name"] if uid else str(graph), int(found["index"])
        case int() if name in _INDICES and not isinstance(value, bool) and graph is not None and value >= 0:
            yield graph, value


def _of_all(name: str, values: Iterable[Any], graph: str | None) -> Iterator[OpPlace]:
    for value in values:
        yield from _places(name, value, graph)


def _cell(value: Any) -> Any:
    match value:
        case Node():
            return _node(value)
        case Relationship():
            return f"[:{value.type}]"
        case Path():
            return " - ".join(map(_node, value.nodes))
        case list() | tuple():
            return [_cell(item) for item in value]
        case dict():
            return json.dumps(to_plain(value), ensure_ascii=False)
        case int() if abs(value) > _EXACT:
            return str(value)
        case None | bool() | int() | float() | str():
            return value
    return str(to_plain(value))


def _node(node: Node) -> str:
    """``(op 3 dot)``, ``(Graph ID)``."""
    properties = node.properties
    if "Op" in node.labels:
        return f"(op {properties.get('index')} {properties.get('opcode')})"
    label = node.labels[0] if node.labels else ""
    return f"({label} {properties.get(_KEYS.get(label, ''), '')})"


def _exact(column: Column) -> Column:
    return replace(column, show=_number) if isinstance(column, Numbers) else column


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() and abs(value) <= _EXACT else f"{value:.6g}"
