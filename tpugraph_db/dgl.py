"""DGL graphs back into records (:meth:`GraphRecord.to_dgl` is the way there)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tpugraph_db.errors import UsageError
from tpugraph_db.record import GraphRecord
from tpugraph_db.rewired import rewired

if TYPE_CHECKING:
    import dgl


def from_dgl(graph: dgl.DGLGraph, record: GraphRecord) -> GraphRecord:
    """The record of a graph made by :meth:`GraphRecord.to_dgl`, with the edges that the graph has now.

    Edges are read from the graph, producer -> consumer, and come back in file order: as in the record where they are
    the same, else sorted by (consumer, producer), and without the record's program, which then says something else.
    Features and opcodes are the record's, since a DGL graph carries no record.

    Raises:
        UsageError: it has several kinds of nodes or edges, other nodes than the record has ops, or its edges close a
            circle.
    """
    if len(graph.ntypes) != 1 or len(graph.etypes) != 1:
        kinds = f"{len(graph.ntypes)} and {len(graph.etypes)}"
        raise UsageError(f"from_dgl: expected one kind of nodes and one of edges, found {kinds}")
    if graph.num_nodes() != len(record):
        raise UsageError(f"from_dgl: expected the record's {len(record)} nodes, found {graph.num_nodes()}")
    producers, consumers = (ends.cpu().numpy() for ends in graph.edges())
    return rewired(record, np.stack([consumers, producers], axis=1).astype(np.int64), "from_dgl")
