"""Where a match is best begun: at the op that the fewest ops of a store could be."""

from __future__ import annotations

from tpugraph_db.patterns.syntax import Op

_PER_THOUSAND = {
    "multiply": 177, "add": 152, "parameter": 132, "broadcast": 90, "get-tuple-element": 67, "subtract": 64,
    "reshape": 49, "reduce": 40, "dot": 33, "divide": 30, "select": 26, "constant": 20, "sqrt": 18, "transpose": 16,
    "all-reduce": 14, "convert": 13, "compare": 10,
}  # fmt: skip
"""Ops of each opcode among a thousand: 41,965 ops of 55 graphs (TpuGraphs, HLO of language models, examples/data)."""

_RARE = 3


def commonness(op: Op) -> float:
    """About how many of a thousand ops it could be."""
    known = sum(_PER_THOUSAND.get(opcode, _RARE) for opcode in op.opcodes or ())
    found = 1_000 if op.opcodes is None else max(1, 1_000 - known) if op.excluded else known
    return found * 0.2**op.configurable * 0.7 ** len(op.filters)
