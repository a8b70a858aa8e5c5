"""Records as networkx graphs, and back."""

from __future__ import annotations

import networkx as nx
import numpy as np

from tpugraph_db.errors import UsageError
from tpugraph_db.record import GraphRecord


def to_networkx(record: GraphRecord) -> nx.DiGraph[int]:
    """See :meth:`GraphRecord.to_networkx`."""
    graph: nx.DiGraph[int] = nx.DiGraph(id=record.id, record=record)
    for index, opcode in enumerate(record.opcodes.tolist()):
        graph.add_node(index, opcode=opcode, features=record.features[index])
    for (consumer, producer), call in zip(record.edges.tolist(), record.is_call.tolist(), strict=True):
        graph.add_edge(producer, consumer, call=call)
    return graph


def from_networkx(graph: nx.DiGraph[int]) -> GraphRecord:
    """The record of a graph made by :meth:`GraphRecord.to_networkx`, with the edges that the graph has now.

    Edges are read from the graph, producer -> consumer, and come back in file order: sorted by (consumer, producer).
    Features and opcodes are the record's.

    Raises:
        UsageError: the graph carries no record, or its nodes are not the record's op indices.
    """
    record = graph.graph.get("record")
    if not isinstance(record, GraphRecord):
        raise UsageError("from_networkx needs graph.graph['record'], which GraphRecord.to_networkx puts there")
    if sorted(graph.nodes) != list(range(len(record))):
        raise UsageError(f"from_networkx: expected the nodes 0 to {len(record) - 1}, found {graph.number_of_nodes()} others")
    edges = sorted((consumer, producer) for producer, consumer in graph.edges)
    return record.replace(edges=np.array(edges, np.int64).reshape(-1, 2))
