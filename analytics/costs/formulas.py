"""Every opcode's formula, by family."""

from __future__ import annotations

from tpugraph_db.analytics.costs import collectives, contraction, elementwise, movement, normalization, reduction
from tpugraph_db.analytics.costs.op import UNKNOWN, Cost, Formula, Op

CALLING = ("async-start", "call", "conditional", "fusion", "while")
"""Opcodes that do nothing but run a computation: nothing of their own but a fusion's bytes (``called.py``)."""

NOT_HLO = (LookupError, ValueError, ArithmeticError)
"""What formulas meet where an op has fewer operands or dimensions than its opcode, or a stride of 0."""

FORMULAS: dict[str, Formula] = {
    **elementwise.FORMULAS,
    **contraction.FORMULAS,
    **reduction.FORMULAS,
    **movement.FORMULAS,
    **collectives.FORMULAS,
    **normalization.FORMULAS,
    **dict.fromkeys(CALLING, movement.free),
}


def cost_of(op: Op) -> Cost:
    """What one execution of an op costs, by itself; not known where its opcode is not, or what it has is not HLO's."""
    formula = FORMULAS.get(op.opcode)
    if formula is None:
        return Cost(UNKNOWN, UNKNOWN, UNKNOWN)
    try:
        return formula(op)
    except NOT_HLO:
        return Cost(UNKNOWN, UNKNOWN, UNKNOWN)
