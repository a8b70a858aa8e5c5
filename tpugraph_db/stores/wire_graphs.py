"""Graphs on their way to a store's server: in pieces, so that no message grows with a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from tpugraph_db.rows import Columns, GraphRows

PIECE = 10_000
"""Rows of a part in a message."""

_NODES = ("ops", "configs", "computations")
_EDGES = ("feeds", "called_by", "calls")

Message = tuple[str, Any]
"""A part's name, and some rows of it; ``graph`` begins the next one."""


def to_messages(graphs: Sequence[GraphRows]) -> Iterator[Message]:
    """Every part of some graphs."""
    for graph in graphs:
        yield "graph", graph.graph
        for part in _NODES:
            yield from ((part, columns) for columns in _cut(getattr(graph, part)))
        for part in _EDGES:
            edges = getattr(graph, part)
            yield from ((part, edges[at : at + PIECE].tolist()) for at in range(0, len(edges), PIECE))
        yield "call_kinds", graph.call_kinds


def to_graphs(messages: Iterable[Message]) -> list[GraphRows]:
    """The graphs that :func:`to_messages` was given."""
    graphs: list[dict[str, Any]] = []
    for part, rows in messages:
        if part == "graph":
            graphs.append({"graph": rows} | {name: [] for name in (*_EDGES, "call_kinds")})
        elif part in _NODES:
            columns = graphs[-1].setdefault(part, {name: [] for name in rows})
            for name, values in rows.items():
                columns[name] += values
        else:
            graphs[-1][part] += rows
    return [_graph(parts) for parts in graphs]


def _graph(parts: dict[str, Any]) -> GraphRows:
    edges = {name: np.array(parts[name], np.int64).reshape(-1, 2) for name in _EDGES}
    return GraphRows(**{**parts, **edges})


def _cut(columns: Columns) -> Iterator[Columns]:
    """Some rows of every column at a time; once where there are none, for the columns' names."""
    for at in range(0, len(columns["uid"]) or 1, PIECE):
        yield {name: values[at : at + PIECE] for name, values in columns.items()}
