"""A record with the edges that another library's graph has now."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import structure
from tpugraph_db.errors import UsageError
from tpugraph_db.record import GraphRecord


def rewired(record: GraphRecord, edges: NDArray[np.int64], verb: str) -> GraphRecord:
    """The record with ``edges`` (m, 2) int64, rows (consumer, producer) in any order.

    As it is where they are its own; else sorted, and without its program, which then says something else.

    Raises:
        UsageError: they close a circle; ``verb`` is who asks.
    """
    rows = np.unique(edges, axis=0).reshape(-1, 2)
    if np.array_equal(rows, np.unique(record.edges, axis=0).reshape(-1, 2)):
        return record
    if structure.topological_order(len(record), rows) is None:
        raise UsageError(f"{verb}: expected edges without a circle, found a circle")
    return record.replace(edges=rows, program=None)
