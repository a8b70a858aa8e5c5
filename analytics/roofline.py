"""The roofline model: what an op's flops and bytes cost on a machine, and which of the two bounds it.

Source: Williams, Waterman, Patterson, "Roofline: an insightful visual performance model for multicore architectures",
CACM 52(4), 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.analytics.costs import Costs, op_costs_of
from tpugraph_db.analytics.machines import Machine
from tpugraph_db.analytics.op_texts import LABELS, OpTexts
from tpugraph_db.analytics.provenance import Provenance
from tpugraph_db.frozen import Arrays
from tpugraph_db.hlo import shape
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.result import Result

PROVENANCE: dict[str, list[Provenance]] = {
    "runs": ["structural"],
    "flops": ["structural"],
    "transcendentals": ["structural"],
    "bytes_accessed": ["structural"],
    "modelled_ns": ["modelled"],
    "modelled_share": ["modelled"],
    "bound": ["modelled"],
    "measured_ns": ["measured"],
    "headroom": ["measured", "modelled"],
}
"""Where the columns of :meth:`Roofline.top` come from."""

_CONTRACTIONS = ("dot", "convolution", "ragged-dot", "scaled-dot")
"""Ops that run at the speed of their operands' type, whatever they accumulate in."""


@dataclass(frozen=True, eq=False)
class Roofline(Arrays):
    """Modelled times of ``n`` ops on one machine, by op index. NaN where flops, bytes or the type's peak are unknown.

    A kernel is an op that reads and writes memory itself: those inside a fusion are part of it, and have no time of
    their own. ``modelled = max(compute, memory)``.
    """

    record: GraphRecord
    machine: Machine
    costs: Costs
    compute_ns: NDArray[np.float64]
    """(n,) float64: ``sum (flops + transcendentals) / peak(type)`` over the op, and over the body of a fusion."""
    memory_ns: NDArray[np.float64]
    """(n,) float64: ``bytes_accessed / memory_bandwidth``."""
    modelled_ns: NDArray[np.float64]
    """(n,) float64: of one execution; 0 inside fusions and for ops that only call."""
    total_modelled_ns: NDArray[np.float64]
    """(n,) float64: the same with what the op calls: a loop's body times its trip count, the dearest branch."""
    assumed: NDArray[np.bool_]
    """(n,) bool: the machine file has no peak of the op's type, and that of ``others`` stands for it."""

    @property
    def program_ns(self) -> NDArray[np.float64]:
        """(n,) float64: modelled time of all executions of each op in one run of the program."""
        return np.where(self.costs.runs > 0, self.modelled_ns * self.costs.runs, 0.0)

    @property
    def bound(self) -> NDArray[np.str_]:
        """(n,) str: ``compute``, ``memory``, or empty where there is no time or it is not known."""
        known = self.modelled_ns > 0
        return np.where(known, np.where(self.compute_ns > self.memory_ns, "compute", "memory"), "")

    @property
    def measured_ns(self) -> NDArray[np.float64]:
        """(n,) float64: profiled time of each op in one run of the program, NaN where it was not seen."""
        if self.record.measured_ns is None:
            return np.full(len(self.record), np.nan)
        return np.where(self.record.measured_ns > 0, self.record.measured_ns, np.nan)

    @property
    def headroom(self) -> NDArray[np.float64]:
        """(n,) float64: measured over modelled time, how many times faster the op could be; NaN where either lacks."""
        modelled = np.where(self.program_ns > 0, self.program_ns, np.nan)
        headroom: NDArray[np.float64] = self.measured_ns / modelled
        return headroom

    def top(self, count: int) -> Result:
        """The ``count`` ops that take most modelled time, all executions together; ties by index.

        ``runs`` is how often the op is executed; ``flops``, ``transcendentals`` and ``bytes_accessed`` are of one
        execution, a fusion's with its body; ``modelled_ns`` and ``measured_ns`` of all.
        """
        times = self.program_ns
        listed = np.flatnonzero((times > 0) | (self.measured_ns > 0) | (np.isnan(times) & (self.costs.runs > 0)))
        order = listed[np.argsort(-np.nan_to_num(times[listed]), kind="stable")]
        texts = OpTexts(self.record)
        rows = [self._row(texts, op, times) for op in order[:count].tolist()]
        return Result((*LABELS, *PROVENANCE, "provenance"), rows, len(order))

    def _row(self, texts: OpTexts, op: int, times: NDArray[np.float64]) -> tuple[Any, ...]:
        costs, whole = self.costs, float(np.nansum(times))
        fusion = costs.opcodes[op] == "fusion"
        figures = [costs.total_flops, costs.total_transcendentals] if fusion else [costs.flops, costs.transcendentals]
        return (
            *texts.labels(op),
            _count(costs.runs[op]),
            *(_count(figure[op]) for figure in (*figures, costs.bytes_accessed)),
            _figure(times[op]),
            _figure(times[op] / whole) if whole else None,
            str(self.bound[op]) or None,
            _count(self.measured_ns[op]),
            _figure(self.headroom[op]),
            "modelled from structural",
        )


def roofline(record: GraphRecord, machine: Machine, costs: Costs | None = None) -> Roofline:
    """Model every op of a record on a machine; ``costs`` are the record's, where they are known already.

    A contraction counts at the peak of its operands' type, any other op at that of its output; a transcendental counts
    as one flop. Times are lower bounds: no machine reaches both peaks, and none has a vector unit as fast as its
    matrix unit.
    """
    costs = op_costs_of(record) if costs is None else costs
    dtypes = _dtypes(record, costs)
    peaks = {dtype: machine.peak(dtype) for dtype in set(dtypes)}
    work = costs.flops + costs.transcendentals
    peak = np.array([peaks[dtype] for dtype in dtypes])
    own_ns = np.where(work == 0, 0.0, work / peak * 1e9)
    compute_ns = costs.calls.totals(own_ns, ["fused"])
    memory_ns = costs.bytes_accessed / machine.memory_bandwidth * 1e9
    modelled_ns = np.where(costs.fused, 0.0, np.maximum(compute_ns, memory_ns))
    total_ns = costs.calls.totals(modelled_ns)
    assumed = np.array([dtype not in machine.peak_flops for dtype in dtypes]) & (work > 0)
    return Roofline(record, machine, costs, compute_ns, memory_ns, modelled_ns, total_ns, assumed)


def _dtypes(record: GraphRecord, costs: Costs) -> list[str]:
    """(n,) element type that each op computes in; of a tuple its first part's; empty where it is not known."""
    if record.program is not None:
        table = [_first_dtype(shape.parse(text)) for text in record.program.shapes.table.tolist()]
        own = [table[code] for code in record.program.shapes.codes.tolist()]
    else:
        own = [of.dtype or "" for of in shapes.describe(record.features)]
    reads = _first_operands(record)
    return [
        own[reads[op]] if opcode in _CONTRACTIONS and op in reads else own[op]
        for op, opcode in enumerate(costs.opcodes.tolist())
    ]


def _first_operands(record: GraphRecord) -> dict[int, int]:
    """An operand of each op that has one: the first, where their order is known."""
    if record.program is not None:
        return {op: given[0] for op, given in enumerate(record.program.operands.tolist()) if given}
    return dict(record.edges[~record.is_call].tolist())


def _first_dtype(of: shape.Shape) -> str:
    while of.parts:
        of = of.parts[0]
    return of.dtype


def _count(value: float) -> int | None:
    return round(float(value)) if np.isfinite(value) else None


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
