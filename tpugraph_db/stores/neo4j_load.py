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

from tpugraph_db.rows import Columns, GraphRows
from tpugraph_db.stores import neo4j_statements as cypher
from tpugraph_db.stores.base import Fence, Statement
from tpugraph_db.stores.joined import config_starts, joined_columns, joined_edges, op_starts

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
    computations = joined_columns([graph.computations for graph in graphs])
    starts = op_starts(graphs)
    runs = [run for graph, start in zip(graphs, starts, strict=False) for run in _runs(graph, at=start)]
    calls = [call for graph, start in zip(graphs, starts, strict=False) for call in _calls(graph, at=start)]
    statements = [
        *([cypher.create_computations(computations)] if computations["uid"] else []),
        cypher.create_ops(joined_columns([graph.ops for graph in graphs]), feeds, called_by, runs, calls),
        cypher.create_configs(graphs, joined_columns([graph.configs for graph in graphs]), config_starts(graphs)),
        cypher.acknowledge(graphs),
    ]
    return Transaction(statements, cypher.first(graphs, owner))


def pieces(graph: GraphRows, owner: str) -> Pieces:
    """A large graph in several transactions, to be done in order; its Graph node is the last."""
    return Pieces(graph, owner)


class Pieces:
    """See :func:`pieces`. An iterator that can be told that its last one was too large."""

    def __init__(self, graph: GraphRows, owner: str) -> None:
        self._graph, self._owner, self._step = graph, owner, -1
        self._waiting: Iterator[_Piece] = chain(
            _computation_pieces(graph),
            _op_pieces(graph),
            _far_edges(graph),
            _config_pieces(graph),
            [_Piece(cypher.acknowledge([graph]), list)],
        )

    def __iter__(self) -> Iterator[Transaction]:
        return self

    def __next__(self) -> Transaction:
        self._last = next(self._waiting)
        self._step += 1
        return Transaction([self._last.statement], cypher.step(self._graph, self._owner, self._step))

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


def _computation_pieces(graph: GraphRows) -> Iterator[_Piece]:
    for start, stop in _ranges(len(graph.computations["uid"]), TRANSACTION_ELEMENTS // 2):
        yield _computation_piece(graph, start, stop)


def _computation_piece(graph: GraphRows, start: int, stop: int) -> _Piece:
    def smaller() -> list[_Piece]:
        return _halves(_computation_piece, graph, start, stop)

    return _Piece(cypher.create_computations(_cut(graph.computations, start, stop)), smaller)


def _op_pieces(graph: GraphRows) -> Iterator[_Piece]:
    for start, stop in _ranges(len(graph.ops["uid"]), TRANSACTION_ELEMENTS // 3):
        yield _op_piece(graph, start, stop)


def _op_piece(graph: GraphRows, start: int, stop: int) -> _Piece:
    """Ops from ``start`` to ``stop``, the edges between them, and those to computations."""
    near = _within(graph.feeds, start, stop), _within(graph.called_by, start, stop)

    def smaller() -> list[_Piece]:
        half = (stop - start) // 2
        between = [_across(edges, half) + start for edges in near]
        return [*_halves(_op_piece, graph, start, stop), *_edge_pieces(graph, *between)] if half else []

    runs, calls = _runs(graph, start, stop), _calls(graph, start, stop)
    return _Piece(cypher.create_ops(_cut(graph.ops, start, stop), *near, runs, calls), smaller)


def _runs(graph: GraphRows, start: int = 0, stop: int | None = None, *, at: int = 0) -> list[list[Any]]:
    """For :func:`cypher.create_ops`: the ops from ``start`` to ``stop``, whose places are counted from ``at``."""
    ends = np.cumsum(graph.computations["ops"], dtype=np.int64)
    stop = len(graph.ops["uid"]) if stop is None else stop
    found = range(int(np.searchsorted(ends, start, "right")), int(np.searchsorted(ends, stop, "left")) + 1)
    uids, shift = graph.computations["uid"], at - start
    return [
        [uids[k], max(int(ends[k - 1]) if k else 0, start) + shift, min(int(ends[k]), stop) - 1 + shift]
        for k in found
        if k < len(uids)
    ]


def _calls(graph: GraphRows, start: int = 0, stop: int | None = None, *, at: int = 0) -> list[list[Any]]:
    """For :func:`cypher.create_ops`: as :func:`_runs`."""
    uids = graph.computations["uid"]
    calls = zip(graph.calls.tolist(), graph.call_kinds, strict=True)
    return [[op - start + at, uids[called], kind] for (op, called), kind in calls if stop is None or start <= op < stop]


def _within(edges: NDArray[np.int64], start: int, stop: int) -> NDArray[np.int64]:
    return edges[((edges >= start) & (edges < stop)).all(axis=1)] - start


def _across(edges: NDArray[np.int64], border: int) -> NDArray[np.int64]:
    return edges[(edges < border).any(axis=1) & (edges >= border).any(axis=1)]


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

    return _Piece(cypher.create_edges(kind, [[uids[a], uids[b]] for a, b in edges.tolist()]), smaller)


def _config_pieces(graph: GraphRows) -> Iterator[_Piece]:
    for start, stop in _ranges(len(graph.configs["uid"]), _configs_a_piece(graph)):
        yield _config_piece(graph, start, stop)


def _config_piece(graph: GraphRows, start: int, stop: int) -> _Piece:
    def smaller() -> list[_Piece]:
        return _halves(_config_piece, graph, start, stop)

    return _Piece(cypher.create_configs([graph], _cut(graph.configs, start, stop), [0, stop - start]), smaller)


def _halves(piece: Callable[[GraphRows, int, int], _Piece], graph: GraphRows, start: int, stop: int) -> list[_Piece]:
    middle = (start + stop) // 2
    return [piece(graph, start, middle), piece(graph, middle, stop)] if stop - start > 1 else []


def _configs_a_piece(graph: GraphRows) -> int:
    codes = graph.configs.get("codes") or [[]]
    return max(1, min(TRANSACTION_ELEMENTS // 2, PIECE_VALUES // max(1, len(codes[0]))))


def _ranges(count: int, size: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + size, count)) for start in range(0, count, size))


def _cut(columns: Columns, start: int, stop: int) -> Columns:
    return {name: values[start:stop] for name, values in columns.items()}
