"""Some of a graph's ops, as stats, export and draw take them: also those of a pattern's matches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tpugraph_db.analytics.subset import Matcher, Ops, choose_ops
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.errors import UsageError
from tpugraph_db.match import find, match
from tpugraph_db.match_rows import ops_of
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Store


def chosen_ops(record: GraphRecord, store: Store | None, *, match: str | None = None, **subset: Any) -> Ops | None:
    """(k,) int64, ascending indices of some ops; None where nothing chooses: the whole graph.

    Args:
        record: The graph.
        store: Where it is loaded; None for a file.
        match: A pattern, or the name of one (docs/patterns.md): the ops of all its matches.
        subset: See :func:`tpugraph_db.analytics.subset.choose_ops`.

    Raises:
        UsageError: the pattern is a query of the library, or the graph is in no store. PatternError: it is none.
        NotFoundError, QueryError: as ``choose_ops``.
    """
    return choose_ops(record, match=None if match is None else _matcher(store, match), store=store, **subset)


def _matcher(store: Store | None, pattern: str) -> Matcher:
    if isinstance(find(pattern), NamedQuery):
        raise UsageError(f"{pattern} is a query, whose rows are not ops alone: --cypher takes one that returns ops")

    def matches(record: GraphRecord) -> Iterable[Sequence[int]]:
        if store is None:
            raise UsageError(f"--match asks a store, and {record.id} is a file: tpudb load it first")
        rows = match(store, pattern, graph=record.id, shown="index").rows
        return (list(ops_of(row)) for row in rows)

    return matches
