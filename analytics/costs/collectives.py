"""Ops between devices, as one device sees them: what it reads and writes of its own memory.

Source: XLA, ``xla/service/hlo_cost_analysis.cc`` (``HandleAllReduce``). Bytes over the network are none of these.
"""

from __future__ import annotations

from tpugraph_db.analytics.costs.op import Cost, Formula, Op, elements, leaves, size, traffic

MOVED = (
    "all-gather", "all-gather-done", "all-gather-start", "all-reduce-done", "all-to-all", "collective-broadcast",
    "collective-permute", "collective-permute-done", "collective-permute-start", "ragged-all-to-all", "reduce-scatter",
)  # fmt: skip
"""XLA counts no flops for them: that reduce-scatter adds is not counted either."""


def moved(op: Op) -> Cost:
    """Bytes = operands + output."""
    return Cost(bytes_accessed=traffic(op))


def all_reduce(op: Op) -> Cost:
    """Flops = elements of the output, as if there were two devices; bytes = operands + all arrays of the output."""
    arrays = leaves(op.shape)
    return Cost(sum(map(elements, arrays)), 0.0, sum(map(size, (*op.operands, *arrays))))


FORMULAS: dict[str, Formula] = {
    **dict.fromkeys(MOVED, moved),
    "all-reduce": all_reduce,
    "all-reduce-start": all_reduce,
}
