"""The verb rm: a graph's nodes and its payload."""

from __future__ import annotations

from tpugraph_db.errors import ExistsError
from tpugraph_db.loading import loaded
from tpugraph_db.stores import Store
from tpugraph_db.stores.change import Change, discard_payload, sweep


def remove_graphs(store: Store, graphs: list[str]) -> list[str]:
    """Remove graphs by id, and each payload file that no graph of this store refers to any more.

    Raises:
        ExistsError: another process is loading or removing one of them; the others are removed.
    """
    sweep(store)
    there = loaded(store, graphs)
    with Change(store, {graph: [there[graph][1]] for graph in graphs if graph in there}) as change:
        for graph in sorted(change.graphs):
            change.remove(graph)
            discard_payload(store, there[graph][1])
        busy = sorted(there.keys() - change.graphs)
    if busy:
        raise ExistsError(f"{store.location}: {busy[0]} is being loaded or removed by another process; try again")
    return graphs
