"""What stands around an op."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.op_texts import LABELS, OpTexts
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.result import Result

Direction = Literal["in", "out", "both"]
"""``in``: towards producers, against the flow of data; ``out``: towards consumers."""


def near(
    record: GraphRecord, op: int, hops: int = 2, direction: Direction = "both", stop_at: Collection[str] = ()
) -> Result:
    """The ops within ``hops`` edges of an op, nearest first, ties by index.

    ``distance`` counts edges, calls among them. ``way`` says how the op is reached from the one asked about: ``in``
    (it is computed from it), ``out`` (it is used for it), or ``beside`` where the way turns. An op whose opcode is in
    ``stop_at`` is listed, and not looked past.
    """
    distance = distances(record, op, hops, direction, stop_at)
    ways = {way: distances(record, op, hops, way, stop_at) >= 0 for way in ("in", "out") if direction in (way, "both")}
    found = np.flatnonzero(distance >= 0)
    texts = OpTexts(record)
    rows = [
        (
            *texts.labels(each),
            int(distance[each]),
            "itself" if each == op else next((way for way, reached in ways.items() if reached[each]), "beside"),
            int(record.computation[each]),
            texts.source(each),
        )
        for each in found[np.argsort(distance[found], kind="stable")].tolist()
    ]
    return Result((*LABELS, "distance", "way", "computation", "source"), rows, len(rows))


def distances(
    record: GraphRecord, op: int, hops: int, direction: Direction = "both", stop_at: Collection[str] = ()
) -> NDArray[np.int64]:
    """(n,) int64: edges from an op to each, along producers, consumers or either; -1 beyond ``hops``."""
    passed = ~np.isin(record.opcodes, list(stop_at))
    passed[op] = True
    distance = np.full(len(record), -1, np.int64)
    distance[op] = 0
    ways = [record.edges] * (direction != "out") + [record.edges[:, ::-1]] * (direction != "in")
    for step in range(1, hops + 1):
        edge = (distance == step - 1) & passed
        reached = np.concatenate([ends[edge[ends[:, 0]], 1] for ends in ways])
        new = reached[distance[reached] < 0]
        if not len(new):
            break
        distance[new] = step
    return distance
