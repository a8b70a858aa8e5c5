"""Who stands where beside an op, as matching looks at it: operands, consumers, called computations, callers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.colours import uses
from tpugraph_db.record import GraphRecord

Slot = tuple[str, int, str]
"""``operand``, ``consumer``, ``callee`` or ``caller``; the place among operands or calls; the neighbour's opcode."""


class Links:
    """Neighbours of each op by slot. An npz has no order of operands, and all of its places are 0."""

    def __init__(self, record: GraphRecord) -> None:
        self._opcodes: list[str] = record.opcodes.tolist()
        self._beside: list[list[tuple[str, int, int]]] = [[] for _ in range(len(record))]
        data = uses(record)
        self._add("operand", "consumer", data.consumer, data.producer, data.place)
        self._add("callee", "caller", *_calls(record))

    def of(self, op: int, partners: Sequence[int]) -> dict[Slot, list[int]]:
        """Neighbours by slot, those alone that have no partner yet (-1 in ``partners``)."""
        slots: dict[Slot, list[int]] = {}
        for way, place, other in self._beside[op]:
            if partners[other] < 0:
                slots.setdefault((way, place, self._opcodes[other]), []).append(other)
        return slots

    def _add(
        self, way: str, back: str, ours: NDArray[np.int64], others: NDArray[np.int64], places: NDArray[np.int64]
    ) -> None:
        for op, other, place in zip(ours.tolist(), others.tolist(), places.tolist(), strict=True):
            self._beside[op].append((way, place, other))
            self._beside[other].append((back, place, op))


def _calls(record: GraphRecord) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(k,) int64 each: caller, root of what it calls, and which of the caller's calls it is."""
    if record.program is None:
        calls = record.edges[record.is_call]
        return calls[:, 0], calls[:, 1], np.zeros(len(calls), np.int64)
    calls = record.program.calls.reshape(-1, 2)
    order = np.argsort(calls[:, 0], kind="stable")
    callers = calls[order, 0]
    place = np.arange(len(callers)) - np.searchsorted(callers, callers)
    return callers, record.program.computation_roots[calls[order, 1]], place
