"""The verb query: graphs by part of a name, and the named queries of :mod:`tpugraph_db.cypher`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tpugraph_db import payload
from tpugraph_db.errors import AmbiguousError, NotFoundError, PayloadError, did_you_mean
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Result, Store

_SHOWN = 10


def find_graph(store: Store, part: str) -> str:
    """The id of the one graph whose id is ``part`` or, failing that, contains it.

    Raises:
        NotFoundError: there is none; names near ones. AmbiguousError: there are several; lists them.
    """
    if store.query("MATCH (g:Graph {id: $id}) RETURN g.id", {"id": part}).rows:
        return part
    ids = [row[0] for row in store.query("MATCH (g:Graph) RETURN g.id ORDER BY g.id")]
    found = [graph for graph in ids if part in graph]
    if len(found) == 1:
        return str(found[0])
    if found:
        listed = ", ".join(found[:_SHOWN]) + (f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")
        raise AmbiguousError(f"{part!r} fits {len(found)} graphs: {listed}")
    names = {graph.rsplit("/", 1)[-1]: graph for graph in ids} | {graph: graph for graph in ids}
    raise NotFoundError(f"no graph {part!r} among {len(ids):,}{did_you_mean(part, list(names))} (tpudb ls lists them)")


def stored_record(store: Store, graph: str, *, verify: bool = True) -> GraphRecord:
    """The record of a graph id, its arrays memory-mapped from the payload.

    Raises:
        NotFoundError: the graph is not there. PayloadError: its payload is missing or changed.
    """
    found = store.query("MATCH (g:Graph {id: $id}) RETURN g.payload", {"id": graph}).rows
    if not found:
        raise NotFoundError(f"no graph {graph!r} (tpudb ls lists them)")
    if found[0][0] is None:  # Neo4j finds a node, and has nulls for its properties where it is deleted meanwhile
        raise PayloadError(f"{graph} names no payload: it is being removed, or else load its file again with --replace")
    return payload.read(store.payload_folder, found[0][0], verify=verify)


def run_named(
    store: Store, name: str, params: Mapping[str, Any], *, timeout: float | None = None, limit: int | None = None
) -> Result:
    """Run a query of the library. See :func:`bound`."""
    text, values = bound(store, name, params)
    return store.query(text, values, timeout=timeout, limit=limit)


def bound(store: Store, name: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Text and parameters of a query of the library. Its ``graph`` parameter may be any unique part of an id."""
    from tpugraph_db.cypher.library import find_query

    query = find_query(name)
    values = query.bind(params)
    if values.get("graph"):
        values["graph"] = find_graph(store, values["graph"])
    return query.text, values
