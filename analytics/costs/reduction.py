"""Ops that apply a computation to many elements, and sorts.

Source: XLA, ``xla/service/hlo_cost_analysis.cc`` (``HandleReduce``, ``HandleReduceWindow``, ``HandleSelectAndScatter``,
``HandleScatter``, ``HandleMap``, ``HandleSort``). ``f`` is one application of the computation (its flops and its
transcendentals alike), ``E(x)`` the number of elements of ``x``, of a tuple its first part's. Bytes = operands +
output unless said otherwise; what the computation touches is in registers.
"""

from __future__ import annotations

from math import prod

from tpugraph_db.analytics.costs.op import UNKNOWN, Cost, Formula, Op, dimension, elements, scaled, size, traffic
from tpugraph_db.analytics.costs.window import WindowDimension, window


def reduce(op: Op) -> Cost:
    """``f (E(operand) - E(output))``: an element less than it has is how often a row is added to."""
    return _applied(op, elements(op.operands[0]) - elements(op.shape))


def reduce_window(op: Op) -> Cost:
    """``f E(output) (W - 1)`` with ``W`` the window's size.

    A window that always spans the whole of one dimension (padding ``n - 1`` on both sides, size ``2 n - 1``) is a
    reduction and a broadcast: ``f (E(output) / n + n - 1)``, as XLA counts it.
    """
    dimensions = window(op.said.get("window", ""))
    outputs = elements(op.shape)
    spanned = _spanned(op, dimensions)
    if spanned:
        return _applied(op, outputs // spanned + spanned - 1)
    return _applied(op, outputs * (prod(dimension.size for dimension in dimensions) - 1))


def _spanned(op: Op, dimensions: list[WindowDimension]) -> int:
    """Size of the one dimension that the window always covers whole; 0 where there is none."""
    wide = [dimension.size != 1 for dimension in dimensions]
    padded = [dimension.low != 0 or dimension.high != 0 for dimension in dimensions]
    if sum(wide) != 1 or sum(padded) != 1 or op.shape.dtype == "tuple":
        return 0
    at = wide.index(True)
    low, high = dimensions[at].low, dimensions[at].high
    covered = low == high != 0 and dimensions[at].size == 2 * low + 1 and op.shape.dims[at] == low + 1
    return low + 1 if covered else 0


def select_and_scatter(op: Op) -> Cost:
    """``f_select E(source) (W - 1) + f_scatter E(source)``: the best of each window is found, and added to."""
    sources = elements(op.operands[1])
    size = prod(dimension.size for dimension in window(op.said.get("window", "")))
    select, scatter = scaled(op.applied[0], sources * (size - 1)), scaled(op.applied[1], sources)
    return Cost(select.flops + scatter.flops, select.transcendentals + scatter.transcendentals, traffic(op))


def scatter(op: Op) -> Cost:
    """``f E(updates)``; operand and output are touched where an update goes: bytes = ``3 updates + indices``.

    Operands: ``k`` arrays, the indices, ``k`` updates; bytes count all ``k``, applications the first.
    """
    arrays = len(op.operands) // 2
    updates = op.operands[arrays + 1 :]
    cost = _applied(op, elements(updates[0]))
    return cost._replace(bytes_accessed=3 * sum(map(size, updates)) + size(op.operands[arrays]))


def map_(op: Op) -> Cost:
    """``f E(output)``."""
    return _applied(op, elements(op.shape))


def scan(op: Op) -> Cost:
    """``f n`` with ``n`` the size of the dimension that is scanned."""
    return _applied(op, dimension(op.operands[0], op.number("dimensions", 0)))


def sort(op: Op) -> Cost:
    """Flops = ``E ceil(log2 E)`` with ``E`` the elements of the first operand, whatever compares them."""
    count = elements(op.operands[0])
    if count != count:
        return Cost(UNKNOWN, 0.0, traffic(op))
    return Cost(count * max(0, int(count) - 1).bit_length(), 0.0, traffic(op))


def topk(op: Op) -> Cost:
    """Flops are not known: XLA has no formula, and how it is done is the backend's choice."""
    return Cost(UNKNOWN, 0.0, traffic(op))


def _applied(op: Op, times: float) -> Cost:
    if times < 0:
        raise ValueError(f"{op.opcode} gives more elements than it has")
    return scaled(op.applied[0], times)._replace(bytes_accessed=traffic(op))


FORMULAS: dict[str, Formula] = {
    "map": map_,
    "reduce": reduce,
    "reduce-window": reduce_window,
    "scan": scan,
    "scatter": scatter,
    "select-and-scatter": select_and_scatter,
    "sort": sort,
    "topk": topk,
}
