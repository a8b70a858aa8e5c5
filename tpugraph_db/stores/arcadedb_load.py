"""ArcadeDB's bulk path: nodes as JSON text across the border to Java, edges as pairs of record ids."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.ahead import ahead
from tpugraph_db.rows import Columns, GraphRows
from tpugraph_db.stores.joined import config_starts, joined_columns, joined_edges, joined_ends
from tpugraph_db.stores.jvm import java

PIECE = 5_000
"""Nodes or edges that cross at a time: a text of two megabytes, whatever a graph's size."""

_JOIN = ";"


def add_parts(batch: Any, graphs: Sequence[GraphRows]) -> list[str]:
    """Everything of some graphs but their Graph nodes; record ids of their configurations."""
    ops = np.array(_add_nodes(batch, "Op", joined_columns([graph.ops for graph in graphs])), object)
    _add_edges(batch, "FEEDS", ops[joined_edges(graphs, lambda graph: graph.feeds)])
    _add_edges(batch, "CALLED_BY", ops[joined_edges(graphs, lambda graph: graph.called_by)])
    _add_computations(batch, graphs, ops)
    return _add_nodes(batch, "Config", joined_columns([graph.configs for graph in graphs]))


def _add_computations(batch: Any, graphs: Sequence[GraphRows], ops: NDArray[np.object_]) -> None:
    columns = joined_columns([graph.computations for graph in graphs])
    if not columns["uid"]:
        return
    made = np.array(_add_nodes(batch, "Computation", columns), object)
    inside = joined_ends(graphs, lambda graph: graph.inside)
    calls = joined_ends(graphs, lambda graph: graph.calls)
    kinds = [kind for graph in graphs for kind in graph.call_kinds]
    _add_edges(batch, "IN", np.column_stack([ops[inside[:, 0]], made[inside[:, 1]]]))
    _add_edges_with(batch, "CALLS", np.column_stack([ops[calls[:, 0]], made[calls[:, 1]]]), {"kind": kinds})


def add_graph_nodes(batch: Any, graphs: Sequence[GraphRows], configs: list[str]) -> None:
    """The Graph nodes, and what leads to them."""
    names = dict.fromkeys(name for graph in graphs for name in graph.graph)
    made = _add_nodes(batch, "Graph", {name: [graph.graph.get(name) for graph in graphs] for name in names})
    graph_of = np.repeat(np.array(made, object), np.diff(config_starts(graphs)))
    _add_edges(batch, "OF", np.column_stack([np.array(configs, object), graph_of]))


def _add_nodes(batch: Any, label: str, columns: Columns) -> list[str]:
    """Make nodes from columns; their record ids, in order."""
    # the wrapper's own create_vertices sends rows with lists cell by cell
    create = java("com.arcadedb.python.VertexBatcher").createVerticesJson
    count = len(next(iter(columns.values())))
    pieces = (
        {name: values[start : start + PIECE] for name, values in columns.items()} for start in range(0, count, PIECE)
    )
    ids: list[str] = []
    for rows in ahead(_rows, pieces):
        ids += str(create(batch._java_graph_batch, label, rows)).split(_JOIN)
    return ids


def _rows(columns: Columns) -> str:
    """As JSON: an object a row, without what it lacks."""
    names = list(columns)
    rows = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*columns.values(), strict=True)
    ]
    return json.dumps(rows)


def _add_edges(batch: Any, kind: str, ends: NDArray[np.object_]) -> None:
    """(m, 2) record ids: from, to."""
    create = java("com.arcadedb.python.EdgeBatcher").newEdgesJoined
    for start in range(0, len(ends), PIECE):
        piece = ends[start : start + PIECE]
        create(batch._java_graph_batch, _JOIN.join(piece[:, 0]), kind, _JOIN.join(piece[:, 1]))


def _add_edges_with(batch: Any, kind: str, ends: NDArray[np.object_], properties: Columns) -> None:
    """(m, 2) record ids: from, to; and (m,) values of each property."""
    create = java("com.arcadedb.python.EdgeBatcher").newEdgesJson
    columns = {"_src": ends[:, 0].tolist(), "_dst": ends[:, 1].tolist(), **properties}
    for start in range(0, len(ends), PIECE):
        piece = {name: values[start : start + PIECE] for name, values in columns.items()}
        create(batch._java_graph_batch, kind, _rows(piece))
