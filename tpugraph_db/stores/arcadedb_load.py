"""ArcadeDB's bulk path: nodes as one JSON text across the border to Java, edges as pairs of record ids."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tpugraph_db.rows import Columns, GraphRows
from tpugraph_db.stores.base import Statement, graph_node
from tpugraph_db.stores.jvm import java

_JOIN = ";"


def add_nodes(batch: Any, label: str, columns: Columns) -> list[str]:
    """Make nodes from columns; their record ids, in order."""
    names = list(columns)
    rows = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*columns.values(), strict=True)
    ]
    if not rows:
        return []
    # the wrapper's own create_vertices sends rows with lists cell by cell
    create = java("com.arcadedb.python.VertexBatcher").createVerticesJson
    return str(create(batch._java_graph_batch, label, json.dumps(rows))).split(_JOIN)


def add_edges(batch: Any, graph: GraphRows, ops: list[str]) -> None:
    """Join ops, given by their record ids."""
    ids = np.array(ops, object)
    create = java("com.arcadedb.python.EdgeBatcher").newEdgesJoined
    for kind, edges in (("FEEDS", graph.feeds), ("CALLED_BY", graph.called_by)):
        if len(edges):
            create(batch._java_graph_batch, _JOIN.join(ids[edges[:, 0]]), kind, _JOIN.join(ids[edges[:, 1]]))


def finish(graph: GraphRows) -> list[Statement]:
    """What makes a graph whose ops are there visible."""
    link = "MATCH (g:Graph {id: $graph}) MATCH (c:Config {graph: $graph}) CREATE (c)-[:OF]->(g)"
    return [graph_node(graph), (link, {"graph": graph.id})]
