"""Neo4j's bulk path: a few statements for many graphs, each taking columns.

Within a transaction an edge reaches its ends by their place in the list of new ops, which needs no index. A graph that
is too large for one transaction (which the server holds in memory: 300,000 ops with their edges overflow a heap of
2 GB) comes in pieces; edges between pieces find their ends by uid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import schema
from tpugraph_db.rows import Columns, GraphRows
from tpugraph_db.stores.base import Fence, Statement, held
from tpugraph_db.stores.joined import config_starts, joined_columns, joined_edges

TRANSACTION_ELEMENTS = 10_000
"""Nodes and edges of a transaction (measured best on Neo4j 5.26)."""

LARGE_ELEMENTS = 100_000
"""A graph with more comes in pieces."""

PIECE_VALUES = 1_000_000
"""Entries of lists (``codes``) in a transaction: a message of a few megabytes."""


@dataclass(frozen=True)
class Transaction:
    """What is written together."""

    statements: list[Statement]
    fence: Fence


def group(graphs: Sequence[GraphRows]) -> Iterator[list[GraphRows]]:
    """Graphs that fit one transaction together; a large one alone."""
    waiting: list[GraphRows] = []
    for graph in graphs:
        if is_large(graph):
            yield [graph]
            continue
        waiting.append(graph)
        if sum(other.elements for other in waiting) >= TRANSACTION_ELEMENTS:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def is_large(graph: GraphRows) -> bool:
    """Too large for one transaction."""
    return graph.elements > LARGE_ELEMENTS or len(graph.configs["uid"]) > _configs_a_piece(graph)


def whole(graphs: Sequence[GraphRows], owner: str) -> Transaction:
    """Small graphs in one transaction."""
    feeds = joined_edges(graphs, lambda graph: graph.feeds)
    called_by = joined_edges(graphs, lambda graph: graph.called_by)
    statements = [
        _create_ops(joined_columns([graph.ops for graph in graphs]), feeds, called_by),
        _create_configs(graphs, joined_columns([graph.configs for graph in graphs]), config_starts(graphs)),
        _acknowledge(graphs),
    ]
    return Transaction(statements, _first(graphs, owner))


def pieces(graph: GraphRows, owner: str) -> Pieces:
    """A large graph in several transactions, to be done in order; its Graph node is the last."""
    return Pieces(graph, owner)


class Pieces:
    """See :func:`pieces`. An iterator that can be told that its last one was too large."""

    def __init__(self, graph: GraphRows, owner: str) -> None:
        self._graph, self._owner, self._step = graph, owner, -1
        end = _Piece(_acknowledge([graph]), list)
        self._waiting: Iterator[_Piece] = chain(_op_pieces(graph), _far_edges(graph), _config_pieces(graph), [end])

    def __iter__(self) -> Iterator[Transaction]:
        return self

    def __next__(self) -> Transaction:
        self._last = next(self._waiting)
        self._step += 1
        return Transaction([self._last.statement], _step(self._graph, self._owner, self._step))

    def halve(self) -> bool:
        """Let smaller ones take the place of the last one; False where none is smaller."""
        smaller = self._last.smaller()
        self._waiting = chain(smaller, self._waiting)
        self._step -= 1
        return bool(smaller)


@dataclass(frozen=True)
class _Piece:
    statement: Statement
    smaller: Callable[[], list[_Piece]]
    """The same in several; none where it cannot be parted."""


def _op_pieces(graph: GraphRows) -> Iterator[_Piece]:
    for start, stop in _ranges(len(graph.ops["uid"]), TRANSACTION_ELEMENTS // 3):
        yield _op_piece(graph, start, stop)


def _op_piece(graph: GraphRows, start: int, stop: int) -> _Piece:
    """Ops from ``start`` to ``stop``, and the edges between them."""
    near = [_within(edges, start, stop) for edges in (graph.feeds, graph.called_by)]

    def smaller() -> list[_Piece]:
        half = (stop - start) // 2
        between = [edges[(edges < half).any(axis=1) & (edges >= half).any(axis=1)] + start for edges in near]
        halves = [_op_piece(graph, start, start + half), _op_piece(graph, start + half, stop)]
        return [*halves, *_edge_pieces(graph, *between)] if half else []

    return _Piece(_create_ops(_cut(graph.ops, start, stop), *near), smaller)


def _within(edges: NDArray[np.int64], start: int, stop: int) -> NDArray[np.int64]:
    return edges[((edges >= start) & (edges < stop)).all(axis=1)] - start


def _far_edges(graph: GraphRows) -> Iterator[_Piece]:
    """Edges between pieces."""
    size = TRANSACTION_ELEMENTS // 3
    return _edge_pieces(
        graph, *[edges[edges[:, 0] // size != edges[:, 1] // size] for edges in (graph.feeds, graph.called_by)]
    )


def _edge_pieces(graph: GraphRows, feeds: NDArray[np.int64], called_by: NDArray[np.int64]) -> Iterator[_Piece]:
    for kind, edges in (("FEEDS", feeds), ("CALLED_BY", called_by)):
        for start, stop in _ranges(len(edges), TRANSACTION_ELEMENTS):
            yield _edge_piece(graph, kind, edges[start:stop])


def _edge_piece(graph: GraphRows, kind: str, edges: NDArray[np.int64]) -> _Piece:
    uids = graph.ops["uid"]

    def smaller() -> list[_Piece]:
        return [_edge_piece(graph, kind, half) for half in np.array_split(edges, 2)] if len(edges) > 1 else []

    return _Piece((_FAR[kind], {"edges": [[uids[a], uids[b]] for a, b in edges.tolist()]}), smaller)


def _config_pieces(graph: GraphRows) -> Iterator[_Piece]:
    for start, stop in _ranges(len(graph.configs["uid"]), _configs_a_piece(graph)):
        yield _config_piece(graph, start, stop)


def _config_piece(graph: GraphRows, start: int, stop: int) -> _Piece:
    def smaller() -> list[_Piece]:
        middle = (start + stop) // 2
        return [_config_piece(graph, start, middle), _config_piece(graph, middle, stop)] if stop - start > 1 else []

    return _Piece(_create_configs([graph], _cut(graph.configs, start, stop), [0, stop - start]), smaller)


def _configs_a_piece(graph: GraphRows) -> int:
    codes = graph.configs.get("codes") or [[]]
    return max(1, min(TRANSACTION_ELEMENTS // 2, PIECE_VALUES // max(1, len(codes[0]))))


def _ranges(count: int, size: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + size, count)) for start in range(0, count, size))


def _cut(columns: Columns, start: int, stop: int) -> Columns:
    return {name: values[start:stop] for name, values in columns.items()}


def _columns(label: schema.Label, columns: Columns) -> dict[str, Any]:
    """Parameters of :func:`schema.create_nodes`; a property that no node has is null, and so is each of its entries."""
    return {"rows": len(columns["uid"]), "columns": {name: columns.get(name) for name in label.property_names()}}


def _create_ops(ops: Columns, feeds: NDArray[np.int64], called_by: NDArray[np.int64]) -> Statement:
    edges = {"feeds": feeds, "called_by": called_by}
    ends = {name: [pairs[:, 0].tolist(), pairs[:, 1].tolist()] for name, pairs in edges.items()}
    return _CREATE_OPS, _columns(schema.OP, ops) | ends


def _create_configs(graphs: Sequence[GraphRows], configs: Columns, starts: list[int]) -> Statement:
    ids = [graph.id for graph in graphs]
    return _CREATE_CONFIGS, _columns(schema.CONFIG, configs) | {"graphs": ids, "starts": starts}


def _acknowledge(graphs: Sequence[GraphRows]) -> Statement:
    return _ACKNOWLEDGE, {"graphs": [graph.graph for graph in graphs]}


def _first(graphs: Sequence[GraphRows], owner: str) -> Fence:
    ids = [graph.id for graph in graphs]
    there = {"ids": ids, "sha256": [graph.graph["sha256"] for graph in graphs]}
    return Fence(held(ids, owner).check, (_THERE, there))


def _step(graph: GraphRows, owner: str, step: int) -> Fence:
    mark = {"id": graph.id, "owner": owner, "step": step}
    return Fence((_STEP, mark), (_STEP_DONE, mark | {"sha256": graph.graph["sha256"]}))


_CREATE_OPS = f"""
{schema.create_nodes(schema.OP)}
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

# the mark is the Graph node to be: OF leads to it, and it turns into a Graph at the end
_CREATE_CONFIGS = f"""
UNWIND range(0, size($graphs) - 1) AS g
MATCH (l:Load {{id: $graphs[g]}})
UNWIND range($starts[g], $starts[g + 1] - 1) AS i
CREATE (n:Config {{{schema.assignments(schema.CONFIG)}}})-[:OF]->(l)
"""

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
