"""Batch normalisation, which XLA counts no flops for and compilers take apart into the steps counted here.

``E`` is the number of elements of the operand, ``C`` of its features. Bytes = operands + output.
"""

from __future__ import annotations

from tpugraph_db.analytics.costs.op import Cost, Formula, Op, elements, traffic


def training(op: Op) -> Cost:
    """Flops = ``6 E + 4 C``, transcendentals = ``C``.

    Of each element: the sum, the square, its sum, less the mean, times scale over deviation, plus offset. Of each
    feature: two means, the mean's square and its subtraction; a reciprocal root.
    """
    features = elements(op.operands[1])
    return Cost(6 * elements(op.operands[0]) + 4 * features, features, traffic(op))


def inference(op: Op) -> Cost:
    """Flops = ``3 E + 2 C``, transcendentals = ``C``: as :func:`training` with the mean and the variance given."""
    features = elements(op.operands[1])
    return Cost(3 * elements(op.operands[0]) + 2 * features, features, traffic(op))


def gradient(op: Op) -> Cost:
    """Flops = ``9 E + 4 C``, transcendentals = ``C``.

    Of each element: the gradient's sum; less the mean, times the gradient, and the sum of that; and of
    ``scale / deviation / N (N gradient - sum - x_less_mean * sum_of_products / variance)`` five more.
    """
    features = elements(op.operands[1])
    return Cost(9 * elements(op.operands[0]) + 4 * features, features, traffic(op))


FORMULAS: dict[str, Formula] = {
    "batch-norm-grad": gradient,
    "batch-norm-inference": inference,
    "batch-norm-training": training,
}
