"""networkx graphs back into records (:meth:`GraphRecord.to_networkx` is the way there)."""

from __future__ import annotations

import networkx as nx
import numpy as np

from tpugraph_db.errors import UsageError
from tpugraph_db.record import GraphRecord
from tpugraph_db.rewired import rewired


def from_networkx(graph: nx.DiGraph[int]) -> GraphRecord:
    """The record of a graph made by :meth:`GraphRecord.to_networkx`, with the edges that the graph has now.

    Edges are read from the graph, producer -> consumer, and come back in file order: as in the record where they are
    the same, else sorted by (consumer, producer), and without the record's program, which then says something else.
    Features and opcodes are the record's.

    Raises:
        UsageError: it is no DiGraph, carries no record, its nodes are not the record's op indices, or its edges close
            a circle.
    """
    if not graph.is_directed() or graph.is_multigraph():
        raise UsageError(f"from_networkx: expected a networkx.DiGraph, found a {type(graph).__name__}")
    record = graph.graph.get("record")
    if not isinstance(record, GraphRecord):
        raise UsageError("from_networkx needs graph.graph['record'], which GraphRecord.to_networkx puts there")
    if set(graph.nodes) != set(range(len(record))):
        found = f"{graph.number_of_nodes()} others"
        raise UsageError(f"from_networkx: expected the nodes 0 to {len(record) - 1}, found {found}")
    rows = np.array([(consumer, producer) for producer, consumer in graph.edges], np.int64).reshape(-1, 2)
    return rewired(record, rows, "from_networkx")
