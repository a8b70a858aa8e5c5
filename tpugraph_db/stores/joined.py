"""Several graphs as one: what a bulk path writes together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.rows import Columns, GraphRows


def joined_columns(parts: Sequence[Columns]) -> Columns:
    """The rows of the first, then of the second, and so on; None where a part has not the column."""
    if len(parts) == 1:
        return parts[0]
    sizes = [len(part["uid"]) for part in parts]
    names = dict.fromkeys(chain.from_iterable(parts))
    return {
        name: list(chain.from_iterable(p.get(name, [None] * size) for p, size in zip(parts, sizes, strict=True)))
        for name in names
    }


def joined_edges(graphs: Sequence[GraphRows], edges: Callable[[GraphRows], NDArray[np.int64]]) -> NDArray[np.int64]:
    """(m, 2) int64: between ops, as each graph has them, counted on through the joined ops."""
    return np.concatenate([edges(graph) + start for graph, start in zip(graphs, op_starts(graphs), strict=False)])


def joined_ends(graphs: Sequence[GraphRows], ends: Callable[[GraphRows], NDArray[np.int64]]) -> NDArray[np.int64]:
    """(m, 2) int64: from op to computation, counted on through the joined ops and the joined computations."""
    starts = zip(op_starts(graphs), computation_starts(graphs), strict=True)
    return np.concatenate([ends(graph) + np.array(start) for graph, start in zip(graphs, starts, strict=False)])


def op_starts(graphs: Sequence[GraphRows]) -> list[int]:
    """Where the ops of each graph begin among the joined ones; their number at the end."""
    return _starts(graphs, lambda graph: graph.ops)


def computation_starts(graphs: Sequence[GraphRows]) -> list[int]:
    """The same of computations."""
    return _starts(graphs, lambda graph: graph.computations)


def config_starts(graphs: Sequence[GraphRows]) -> list[int]:
    """The same of configurations."""
    return _starts(graphs, lambda graph: graph.configs)


def _starts(graphs: Sequence[GraphRows], part: Callable[[GraphRows], Columns]) -> list[int]:
    return [0, *accumulate(len(part(graph)["uid"]) for graph in graphs)]
