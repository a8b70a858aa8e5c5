"""Cypher of Neo4j's bulk path, and its parameters: columns of nodes, edges by the place of their ends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import schema
from tpugraph_db.rows import Columns, GraphRows
from tpugraph_db.stores.base import Fence, Statement, held
from tpugraph_db.stores.statements import assignments, create_nodes


def create_ops(
    ops: Columns, feeds: NDArray[np.int64], called_by: NDArray[np.int64], runs: list[list[Any]], calls: list[list[Any]]
) -> Statement:
    """Ops and what leaves them; their computations are there already.

    Args:
        runs: (uid of a computation, place of its first op, place of its last op).
        calls: (place of an op, uid of a computation, kind).
    """
    edges = {"feeds": feeds, "called_by": called_by}
    ends = {name: [pairs[:, 0].tolist(), pairs[:, 1].tolist()] for name, pairs in edges.items()}
    return _create_ops(tuple(ops)), _columns(ops) | ends | {"runs": runs, "calls": calls}


def create_edges(kind: str, ends: list[list[str]]) -> Statement:
    """Edges between ops, by uid."""
    return _FAR[kind], {"edges": ends}


def create_computations(computations: Columns) -> Statement:
    """Computation nodes."""
    return create_nodes(schema.COMPUTATION, computations), _columns(computations)


def create_configs(graphs: Sequence[GraphRows], configs: Columns, starts: list[int]) -> Statement:
    """Config nodes; those of graph ``i`` are rows ``starts[i]`` to ``starts[i + 1] - 1``."""
    ids = [graph.id for graph in graphs]
    return _create_configs(tuple(configs)), _columns(configs) | {"graphs": ids, "starts": starts}


def acknowledge(graphs: Sequence[GraphRows]) -> Statement:
    """Marks become Graph nodes."""
    return _ACKNOWLEDGE, {"graphs": [graph.graph for graph in graphs]}


def first(graphs: Sequence[GraphRows], owner: str) -> Fence:
    """Round what writes graphs at one go."""
    ids = [graph.id for graph in graphs]
    there = {"ids": ids, "sha256": [graph.graph["sha256"] for graph in graphs]}
    return Fence(held(ids, owner).check, (_THERE, there))


def step(graph: GraphRows, owner: str, number: int) -> Fence:
    """Round one of several transactions that write a graph."""
    mark = {"id": graph.id, "owner": owner, "step": number}
    return Fence((_STEP, mark), (_STEP_DONE, mark | {"sha256": graph.graph["sha256"]}))


def _columns(columns: Columns) -> dict[str, Any]:
    return {"rows": len(columns["uid"]), "columns": columns}


@cache
def _create_ops(names: tuple[str, ...]) -> str:
    return f"""
{create_nodes(schema.OP, names)}
WITH n ORDER BY i
WITH collect(n) AS ops
CALL (ops) {{
  UNWIND range(0, size($feeds[0]) - 1) AS e
  WITH ops[$feeds[0][e]] AS producer, ops[$feeds[1][e]] AS consumer
  CREATE (producer)-[:FEEDS]->(consumer)
}}
CALL (ops) {{
  UNWIND range(0, size($called_by[0]) - 1) AS e
  WITH ops[$called_by[0][e]] AS root, ops[$called_by[1][e]] AS caller
  CREATE (root)-[:CALLED_BY]->(caller)
}}
CALL (ops) {{
  UNWIND $runs AS run
  MATCH (c:Computation {{uid: run[0]}})
  UNWIND range(run[1], run[2]) AS place
  WITH ops[place] AS op, c
  CREATE (op)-[:IN]->(c)
}}
CALL (ops) {{
  UNWIND $calls AS call
  MATCH (c:Computation {{uid: call[1]}})
  WITH ops[call[0]] AS op, c, call
  CREATE (op)-[:CALLS {{kind: call[2]}}]->(c)
}}
"""


# the mark is the Graph node to be: OF leads to it, and it turns into a Graph at the end
@cache
def _create_configs(names: tuple[str, ...]) -> str:
    return f"""
UNWIND range(0, size($graphs) - 1) AS g
MATCH (l:Load {{id: $graphs[g]}})
UNWIND range($starts[g], $starts[g + 1] - 1) AS i
CREATE (n:Config {{{assignments(schema.CONFIG, names)}}})-[:OF]->(l)
"""


_FAR = {
    kind: f"""
UNWIND $edges AS e
MATCH (a:Op {{uid: e[0]}})
MATCH (b:Op {{uid: e[1]}})
CREATE (a)-[:{kind}]->(b)
"""
    for kind in ("FEEDS", "CALLED_BY")
}

_ACKNOWLEDGE = """
UNWIND $graphs AS properties
MATCH (g:Load {id: properties.id})
SET g = properties
SET g:Graph
REMOVE g:Load
"""

_THERE = """
UNWIND range(0, size($ids) - 1) AS i
MATCH (g:Graph {id: $ids[i]}) WHERE g.sha256 = $sha256[i]
WITH count(*) AS there WHERE there = size($ids)
RETURN there
"""

_STEP = """
MATCH (l:Load {id: $id}) SET l.heartbeat = timestamp()
WITH l WHERE l.owner = $owner AND l.step = $step
SET l.step = $step + 1, l.dirty = true
RETURN l.step AS step
"""

_STEP_DONE = """
MATCH (l:Load {id: $id}) WHERE l.owner = $owner AND l.step = $step + 1 RETURN l.id AS id
UNION ALL MATCH (g:Graph {id: $id, sha256: $sha256}) RETURN g.id AS id
"""
