"""Flops, transcendentals and bytes of every op of a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.costs import of_columns, of_program
from tpugraph_db.analytics.costs.called import Calls
from tpugraph_db.analytics.costs.formulas import NOT_HLO, cost_of
from tpugraph_db.analytics.costs.fusion import FusedBody
from tpugraph_db.analytics.costs.listing import Listing
from tpugraph_db.analytics.costs.op import UNKNOWN, Cost, Op, agreed
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord

_BYTES = 2
FIGURES = ("flops", "transcendentals", "bytes_accessed")
"""What is counted of an op; each is also a field of :class:`Costs`, and its total ``total_<figure>``."""


@dataclass(frozen=True, eq=False)
class Costs(Arrays):
    """What each of ``n`` ops costs, by op index; NaN where it is not known. All of it is ``structural``.

    Two numbers of each figure, both of one execution of the op:

    - self (``flops``): what the op does itself. A reduction does what it applies; a call, a loop and a fusion leave
      the flops to the ops of their bodies. ``self · runs`` summed over all ops is the program's.
    - total (``total_flops``): self, and what one execution runs in other computations: a fusion's body, a loop's body
      times its trip count, of a conditional's branches the dearest.
    """

    flops: NDArray[np.float64]
    """(n,) float64: arithmetic on elements of any type; a multiplication with addition is two."""
    transcendentals: NDArray[np.float64]
    """(n,) float64: evaluations of exp, tanh, sqrt, ..., which are no flops."""
    bytes_accessed: NDArray[np.float64]
    """(n,) float64, bytes: read and written of memory. A fusion's are its own; its body's ops have 0."""
    total_flops: NDArray[np.float64]
    total_transcendentals: NDArray[np.float64]
    total_bytes_accessed: NDArray[np.float64]
    runs: NDArray[np.float64]
    """(n,) float64: executions of the op when the program runs once; 0 where an applying op's formula counts it."""
    trips: NDArray[np.int64]
    """(n,) int64: trip count of a while, -1 where it is not known and counts as 1; 0 for other ops."""
    fused: NDArray[np.bool_]
    """(n,) bool: the op is inside a fusion, and so no kernel of its own."""
    opcodes: NDArray[np.str_]
    """(n,) str."""
    calls: Calls

    def __len__(self) -> int:
        return len(self.runs)

    def of_program(self, figure: str) -> NDArray[np.float64]:
        """(n,) float64: self times runs, of one of :data:`FIGURES`: what sums and shares are made from."""
        values: NDArray[np.float64] = getattr(self, figure)
        return np.where(self.runs > 0, values * self.runs, 0.0)

    def program(self) -> Cost:
        """One run of the whole program: the totals of the entry's ops, where known, added up."""
        entry = np.isin(self.calls.computation(), self.calls.entries)
        return Cost(*(float(np.nansum(getattr(self, f"total_{figure}")[entry])) for figure in FIGURES))

    def coverage(self, figure: str) -> tuple[int, int]:
        """(ops of which a figure is known, ops), of those that run."""
        ran = self.runs > 0
        return int((ran & ~np.isnan(getattr(self, figure))).sum()), int(ran.sum())

    def unknown(self, figure: str) -> dict[str, int]:
        """Opcodes of which a figure is not known, with how many ops, most first; of those that run."""
        missing = self.opcodes[(self.runs > 0) & np.isnan(getattr(self, figure))]
        return dict(Counter(missing.tolist()).most_common())


def op_costs_of(record: GraphRecord, *, count_trips: bool = True) -> Costs:
    """Costs of every op of a record.

    Exact where the record has a program (HLO). From the 140 columns of an npz as far as they say it: operands there
    have neither order nor repetition, and what all readings agree on is known (:mod:`.of_columns`).

    Args:
        count_trips: Count a loop's body as often as it runs; else once, as XLA's HloCostAnalysis does.
    """
    listed = of_columns.listing(record) if record.program is None else of_program.listing(record.program)
    calls = Calls.of(listed, count_trips)
    fused = calls.inside("fused")
    own = _self_costs(listed, fused)
    figures = dict(zip(FIGURES, own.T, strict=True))
    trips = np.zeros(len(own), np.int64)
    trips[list(listed.trips)] = list(listed.trips.values())
    return Costs(
        **figures,
        **{f"total_{figure}": calls.totals(values) for figure, values in figures.items()},
        runs=calls.runs(),
        trips=trips,
        fused=fused,
        opcodes=record.opcodes,
        calls=calls,
    )


def _self_costs(listed: Listing, fused: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(n, 3) float64: self of each figure."""
    applied = _called(listed, "applied")
    costs = _Evaluated(listed)
    found: list[Cost] = []
    for op in range(len(listed.opcodes)):  # what is applied stands before
        functions = tuple(_application(listed, found, computation) for computation in applied.get(op, ()))
        found.append(costs.of(op, functions))
    own = np.array(found, np.float64).reshape(-1, len(FIGURES))
    own[fused, _BYTES] = 0.0
    for op, bodies in _called(listed, "fused").items():
        own[op, _BYTES] = 0.0 if fused[op] else _accessed(listed, bodies[0])
    return own


def _accessed(listed: Listing, body: int) -> float:
    """Bytes of a fusion."""
    try:
        return FusedBody(listed, body).accessed()
    except NOT_HLO:
        return UNKNOWN


def _called(listed: Listing, role: str) -> dict[int, list[int]]:
    """Computations of one role by the op that calls them, in order."""
    found: dict[int, list[int]] = {}
    for call in listed.calls:
        if call.role == role:
            found.setdefault(call.caller, []).append(call.computation)
    return found


def _application(listed: Listing, found: list[Cost], computation: int) -> Cost:
    """What one application of a function costs; not known where one of its ops is not."""
    start, end = listed.starts[computation : computation + 2]
    return Cost(*(sum(figure) for figure in zip(*found[start:end], strict=True)))


class _Evaluated:
    """Costs by key, each worked out once."""

    def __init__(self, listed: Listing) -> None:
        self._listed = listed
        self._known: dict[Hashable, Cost] = {}

    def of(self, op: int, applied: tuple[Cost, ...]) -> Cost:
        """Self of an op, bytes of a fusion aside."""
        key = (self._listed.keys[op], applied)
        cost = self._known.get(key)
        if cost is None:
            cost = agreed(cost_of(replace(option, applied=applied)) for option in self._options(op))
            self._known[key] = cost
        return cost

    def _options(self, op: int) -> list[Op]:
        try:
            return self._listed.options(op)
        except NOT_HLO:
            return []
