"""What ``--where`` matches, for train, eval and predict: a condition on a graph ``g``, or a file of Cypher.

The statement of a file returns graphs, a row each: a Graph node or a graph's id. Or it returns ops: an Op node, its uid
``GRAPH#INDEX``, or two columns ``graph`` and ``index``; then what is within some steps of a graph's ops is the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpugraph_db.errors import DataError, NotFoundError, ReadOnlyError
from tpugraph_db.query import stored_record
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Node, Store
from tpugraph_db.surroundings import HOPS, Part, part
from tpugraph_db.where import Statement, statement

EXPECTED = "a Graph, its id, an Op, its uid GRAPH#INDEX, or two columns graph and index"


@dataclass(frozen=True)
class Match:
    """A graph, or some of its ops."""

    graph: str
    """Its id."""
    ops: tuple[int, ...] | None = None
    """Indices of the ops that matched, ascending; None: the whole graph."""
    hops: int = HOPS
    """How far their surroundings reach."""


def matches(
    store: Store, where: str | Path, *, hops: int = HOPS, params: Mapping[str, Any] | None = None
) -> list[Match]:
    """What ``where`` matches, by graph id.

    Args:
        where: A condition on a graph ``g``, or a path of a file of Cypher that returns graphs or ops.
        hops: How far the surroundings of ops reach.
        params: Values of its ``$names``; others are left alone (:func:`tpugraph_db.where.expect_parameters`).

    Raises:
        QueryError: it is no Cypher. ReadOnlyError: it would write. NotFoundError: it matches nothing.
        DataError: its rows are neither graphs nor ops, or not those of this store.
    """
    asked = statement(where)
    values = asked.bind(params or {})
    try:
        result = store.query(asked.text, values)
    except ReadOnlyError as error:
        if not asked.in_file:
            raise
        said = str(error).partition("; to change the store")[0]
        cure = f"tpudb query -f {where} --write runs what writes"
        raise ReadOnlyError(f"{where}: --where only reads, and {said}; {cure}") from error
    found = _collected(asked, result.columns, result.rows)
    if not found:
        shown = f"tpudb query -f {where} shows its rows" if asked.in_file else "tpudb ls lists what there is"
        raise NotFoundError(f"no graph matches {asked.where!r} ({shown})")
    return _checked(store, asked, found, hops)


def matched_part(store: Store, match: Match) -> Part | None:
    """The part that a match of ops asks for; None where it asks for the whole graph.

    Raises:
        NotFoundError, PayloadError: as :func:`tpugraph_db.query.stored_record`.
    """
    return None if match.ops is None else part(stored_record(store, match.graph), match.ops, match.hops)


def matched_record(store: Store, match: Match) -> GraphRecord:
    """The graph, or the surroundings of its ops as one."""
    found = matched_part(store, match)
    return stored_record(store, match.graph) if found is None else found.record


Named = str | tuple[str, int]
"""What a row names: a graph's id, an op's uid, or an op as (graph, index)."""


def _collected(asked: Statement, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[Named, None]:
    """What the rows name, each once."""
    pair = sorted(columns) == ["graph", "index"]
    if not pair and len(columns) != 1:
        raise DataError(asked.where, "columns", expected=EXPECTED, found=", ".join(columns) or "none")
    named: dict[Named, None] = {}
    for number, row in enumerate(rows, 1):
        value = dict(zip(columns, row, strict=True)) if pair else row[0]
        named[_named(f"{asked.where}: row {number}", value)] = None
    return named


def _named(where: str, value: Any) -> Named:
    match value:
        case str():
            return value
        case Node(labels=("Graph",), properties={"id": str() as graph}):
            return graph
        case Node(labels=("Op",), properties={"graph": str() as graph, "index": int() as index}):
            return graph, index
        case {"graph": str() as graph, "index": int() as index} if not isinstance(index, bool):
            return graph, index
    raise DataError(where, "value", expected=EXPECTED, found=_shown(value))


def _shown(value: Any) -> str:
    text = f"a node of {', '.join(value.labels)}" if isinstance(value, Node) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _checked(store: Store, asked: Statement, named: Iterable[Named], hops: int) -> list[Match]:
    """Matches of what is there."""
    texts = {value if isinstance(value, str) else value[0] for value in named}
    texts |= {text.rpartition("#")[0] for text in texts}
    rows = store.query("UNWIND $ids AS id MATCH (g:Graph {id: id}) RETURN g.id, g.ops", {"ids": sorted(texts)})
    sizes = dict(rows.rows)
    whole: set[str] = set()
    ops: dict[str, set[int]] = {}
    for value in named:
        graph, index = _resolved(value, sizes)
        if graph not in sizes or (index is not None and not 0 <= index < (sizes[graph] or 0)):
            raise DataError(asked.where, "value", expected=f"{EXPECTED}, of what is loaded", found=_shown(value))
        if index is None:
            whole.add(graph)
        else:
            ops.setdefault(graph, set()).add(index)
    if whole and ops:
        both = f"both, as {min(whole)} and an op of {min(ops)}"
        raise DataError(asked.where, "rows", expected="graphs alone, or ops alone", found=both)
    parts = [Match(graph, tuple(sorted(found)), hops) for graph, found in sorted(ops.items())]
    return parts or [Match(graph, hops=hops) for graph in sorted(whole)]


def _resolved(value: Named, sizes: Mapping[str, Any]) -> tuple[str, int | None]:
    """A graph and an index, None for all of it. A text is an op's uid only where it is no graph's id."""
    if isinstance(value, tuple):
        return value
    graph, _, index = value.rpartition("#")
    return (graph, int(index)) if value not in sizes and index.isdecimal() else (value, None)
