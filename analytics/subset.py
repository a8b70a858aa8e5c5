"""Some of a graph's ops: those around one, those that a query returns, or those that a matcher finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.find_op import find_op
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.base import Store
from tpugraph_db.stores.values import Node, Path
from tpugraph_db.surroundings import HOPS, surroundings

Ops = NDArray[np.int64]
Matcher = Callable[[GraphRecord], Iterable[Sequence[int]]]
"""Matches of something in a graph, each the indices of its ops."""


def choose_ops(
    record: GraphRecord,
    *,
    near: str | int | None = None,
    hops: int | None = None,
    cypher: str | None = None,
    match: Matcher | None = None,
    store: Store | None = None,
) -> Ops | None:
    """(k,) int64, ascending indices of some ops; None where nothing chooses: the whole graph.

    Args:
        record: The graph.
        near: An op, by index or name: it, and what is within ``hops`` edges of it, either way, calls among them.
        hops: How many (2).
        cypher: A statement that reads, see :func:`queried_ops`.
        match: See :func:`matched_ops`.
        store: Where the graph is loaded.

    Raises:
        UsageError: several of the three are given, or what goes with one alone.
        NotFoundError: there is no such op, or none is chosen. QueryError: the statement does not run.
    """
    if sum(way is not None for way in (near, cypher, match)) > 1:
        raise UsageError("near, cypher and match each choose ops: give one of them")
    if hops is not None and near is None:
        raise UsageError("-k is how far to go from an op: give --near OP too")
    if near is not None:
        return surroundings(record, [find_op(record, near)], HOPS if hops is None else hops)
    if cypher is not None:
        return _some(record, queried_ops(record, cypher, store), "the query returns")
    if match is not None:
        return _some(record, matched_ops(record, match), "there is")
    return None


def matched_ops(record: GraphRecord, match: Matcher) -> Ops:
    """(k,) int64 ascending: every op of every match. ``match`` is any callable from a record to matches."""
    return _ascending(op for ops in match(record) for op in ops)


def queried_ops(record: GraphRecord, cypher: str, store: Store | None) -> Ops:
    """(k,) int64 ascending: the ops that a statement returns; it may use ``$graph``, the graph's id.

    Each value that it returns is an Op node, its uid, its index, null, a path, or a list of these.

    Raises:
        UsageError: the graph is in no store, or a value is nothing of these. QueryError: the statement does not run.
    """
    if store is None:
        raise UsageError(f"--cypher asks a store, and {record.id} is a file: tpudb load it first")
    rows = store.query(cypher, {"graph": record.id}).rows
    return _ascending(op for row in rows for value in row for op in _ops(record, value))


def _ops(record: GraphRecord, value: Any) -> Iterator[int]:
    match value:
        case None:
            return
        case list() | tuple():
            for each in value:
                yield from _ops(record, each)
        case Path():
            yield from _ops(record, value.nodes)
        case Node() if "Op" in value.labels:
            yield from _ops(record, value.properties["uid"])
        case str():
            graph, _, index = value.rpartition("#")
            if graph != record.id or not (index.isascii() and index.isdigit()):
                raise UsageError(f"the query returns {value!r}: expected ops of {record.id}: (o:Op {{graph: $graph}})")
            yield from _ops(record, int(index))
        case int() if not isinstance(value, bool):
            if not 0 <= value < len(record):
                raise UsageError(f"the query returns op {value}: {record.id} has 0 to {len(record) - 1:,}")
            yield value
        case _:
            kind = f"a {type(value).__name__}" if not isinstance(value, Node) else f"a node {':'.join(value.labels)}"
            raise UsageError(f"the query returns {kind}: expected Op nodes, their uids or their indices")


def _ascending(ops: Iterable[int]) -> Ops:
    return np.unique(np.fromiter(ops, np.int64))


def _some(record: GraphRecord, ops: Ops, what: str) -> Ops:
    if not len(ops):
        raise NotFoundError(f"{record.id}: {what} no op of it")
    return ops
