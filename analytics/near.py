"""What stands around an op."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

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
    distance = reached(record, op, hops, direction, stop_at)
    ways = {way: reached(record, op, hops, way, stop_at) for way in ("in", "out") if direction in (way, "both")}
    texts = OpTexts(record)
    rows = [
        (
            *texts.labels(each),
            steps,
            "itself" if each == op else next((way for way, found in ways.items() if each in found), "beside"),
            int(record.computation[each]),
            texts.source(each),
        )
        for each, steps in sorted(distance.items(), key=lambda item: (item[1], item[0]))
    ]
    return Result((*LABELS, "distance", "way", "computation", "source"), rows, len(rows))


def reached(
    record: GraphRecord, op: int, hops: int, direction: Direction = "both", stop_at: Collection[str] = ()
) -> dict[int, int]:
    """Edges from an op to each that is within ``hops``, along producers, consumers or either; takes time for those."""
    beside = [record.producers] * (direction != "out") + [record.consumers] * (direction != "in")
    distance, edge = {op: 0}, [op]
    for step in range(1, hops + 1):
        passed = [each for each in edge if each == op or not stop_at or record.opcodes[each] not in stop_at]
        new = dict.fromkeys(other for each in passed for ends in beside for other in ends[each])
        edge = [other for other in new if other not in distance]
        if not edge:
            break
        distance.update(dict.fromkeys(edge, step))
    return distance


def fewest_edges(record: GraphRecord, start: int, end: int) -> list[int] | None:
    """Ops of a shortest way that data takes, calls among its edges; of several the one of the smallest indices.

    None where no data flows from ``start`` to ``end``.
    """
    before, edge = {start: start}, [start]
    while edge and end not in before:
        new = []
        for op in edge:
            for consumer in record.consumers[op]:
                if consumer not in before:
                    before[consumer] = op
                    new.append(consumer)
        edge = new
    if end not in before:
        return None
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]
