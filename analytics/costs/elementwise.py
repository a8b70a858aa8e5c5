"""Ops that make each element of the output by itself.

Source: XLA, ``xla/service/hlo_cost_analysis.cc``, ``HandleElementwiseOp``. ``E`` is the number of output elements.

- flops = ``E``; a conversion, a comparison and a selection count as one each.
- For the functions of :data:`TRANSCENDENTAL` flops = 0 and transcendentals = ``E``: one of them may be many flops.
- bytes = operands + output.
"""

from __future__ import annotations

from tpugraph_db.analytics.costs.op import Cost, Formula, Op, elements, traffic

TRANSCENDENTAL = (
    "acos", "acosh", "asin", "asinh", "atan2", "atanh", "cbrt", "cosh", "cosine", "erf", "exponential",
    "exponential-minus-one", "log", "log-plus-one", "logistic", "power", "rsqrt", "sine", "sinh", "sqrt", "tan", "tanh",
)  # fmt: skip
"""Opcodes whose work is counted apart from flops."""

ARITHMETIC = (
    "abs", "add", "and", "bitcast-convert", "ceil", "clamp", "compare", "complex", "convert", "count-leading-zeros",
    "divide", "floor", "imag", "is-finite", "maximum", "minimum", "mulhi", "multiply", "negate", "not", "or", "popcnt",
    "real", "reduce-precision", "remainder", "round-nearest-afz", "round-nearest-even", "select", "shift-left",
    "shift-right-arithmetic", "shift-right-logical", "sign", "stochastic-convert", "subtract", "xor",
)  # fmt: skip
"""Opcodes of one flop an element, whatever the type."""


def arithmetic(op: Op) -> Cost:
    """Flops = ``E``."""
    return Cost(elements(op.shape), 0.0, traffic(op))


def transcendental(op: Op) -> Cost:
    """Transcendentals = ``E``."""
    return Cost(0.0, elements(op.shape), traffic(op))


FORMULAS: dict[str, Formula] = {
    **dict.fromkeys(ARITHMETIC, arithmetic),
    **dict.fromkeys(TRANSCENDENTAL, transcendental),
}
