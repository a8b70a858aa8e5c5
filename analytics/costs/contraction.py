"""Sums of products: dot and its relatives, convolution, solvers, the Fourier transform.

Source: XLA, ``xla/service/hlo_cost_analysis.cc`` (``GetDotFlops``, ``GetConvolutionFlops``, ``HandleFft``,
``HandleTriangularSolve``, ``HandleCholesky``). A multiplication and its addition are two flops. Bytes = operands +
output unless said otherwise. ``E(x)`` is the number of elements of ``x``.
"""

from __future__ import annotations

from math import gcd, prod

from tpugraph_db.analytics.costs.op import UNKNOWN, Cost, Formula, Op, dimension, elements, size, traffic
from tpugraph_db.analytics.costs.window import WindowDimension, window
from tpugraph_db.hlo.shape import Shape

FMA = 2
"""Flops of a multiplication whose product is added."""
_MOST_POSITIONS = 1_000_000
COMPLEX_PRODUCT = 4
"""Multiplications with addition that XLA counts for a product of complex numbers."""


def dot(op: Op) -> Cost:
    """Flops = ``2 E(output) K`` with ``K`` the product of the contracted dimensions of the left operand."""
    width = prod(dimension(op.operands[0], dim) for dim in op.numbers("lhs_contracting_dims"))
    return Cost(FMA * elements(op.shape) * width, 0.0, traffic(op))


def ragged_dot(op: Op) -> Cost:
    """As :func:`dot`; each row meets the weights of its own group, and no other.

    Where the ragged dimension is contracted, the groups of the output share it: flops = ``2 E(output) K / groups``.
    XLA removes the output's first dimension in every mode, which agrees in that one alone.
    """
    contracted = op.numbers("lhs_contracting_dims")
    whole = dot(op)
    shared = op.number("lhs_ragged_dims", -1) in contracted
    groups = dimension(op.shape, 0) if shared else 1
    return whole._replace(flops=whole.flops / groups if groups else 0.0)


def convolution(op: Op) -> Cost:
    """Flops = ``2 (I / G) O (B / H) prod over spatial dimensions of P``.

    Symbols: ``I`` input features, ``O`` output features, ``B`` input batch, ``G`` feature groups, ``H`` batch groups,
    ``P`` the pairs (output position, kernel position) that meet an input element, not padding and not a hole of
    dilation (:func:`meetings`).
    """
    source, kernel = op.operands
    labels, kernel_labels, output_labels = _labels(op.said.get("dim_labels", ""))
    spatial = window(op.said.get("window", ""))
    if len(spatial) != len(labels) - 2:
        raise ValueError(f"a window of {len(spatial)} dimensions over {labels}")
    sizes = [
        (_size(source, labels, at), _size(kernel, kernel_labels, at), _size(op.shape, output_labels, at))
        for at in map(str, range(len(spatial)))
    ]
    pairs = prod(meetings(*three, dimension) for three, dimension in zip(sizes, spatial, strict=True))
    features = _size(source, labels, "f") // op.number("feature_group_count", 1)
    batch = _size(source, labels, "b") // op.number("batch_group_count", 1)
    flops = FMA * features * _size(op.shape, output_labels, "f") * batch * pairs
    return Cost(float(flops), 0.0, traffic(op))


def meetings(source: int, kernel: int, output: int, window: WindowDimension) -> int:
    """Pairs (output position ``o``, kernel position ``k``) that meet an input element in one spatial dimension.

    ``at = o stride - low + k window_dilation`` must be a multiple of ``base_dilation`` inside the dilated input.
    """
    base, end = window.base_dilation, (source - 1) * window.base_dilation + 1
    few, many = sorted([(kernel, window.window_dilation), (output, window.stride)])
    if few[0] > _MOST_POSITIONS:
        raise OverflowError("a kernel and an output that are both that large would take too long to count")
    return sum(_multiples(at * few[1] - window.low, many[1], base, many[0], end) for at in range(few[0]))


def _multiples(first: int, step: int, base: int, count: int, end: int) -> int:
    """How many of ``first + step i``, ``i < count``, are in ``[0, end)`` and multiples of ``base``."""
    low, high = max(0, -(first // step)), min(count, -((first - end) // step))
    common = gcd(step, base)
    if high <= low or first % common:
        return 0
    period = base // common
    residue = -(first // common) * pow(step // common, -1, period) % period
    return len(range(low + (residue - low) % period, high, period))


def fft(op: Op) -> Cost:
    """Flops = ``2 · 4 E(operand) prod of floor(log2 n)`` over the lengths ``n`` transformed."""
    lengths = op.numbers("fft_length")
    factors = prod(max(0, length.bit_length() - 1) for length in lengths) if lengths else UNKNOWN
    return Cost(FMA * COMPLEX_PRODUCT * factors * elements(op.operands[0]), 0.0, traffic(op))


def triangular_solve(op: Op) -> Cost:
    """Flops = ``2 n E(b)`` for ``a`` of ``n × n``; half of ``a`` is read: bytes = ``a / 2 + b + output``."""
    a, b = op.operands
    flops = FMA * dimension(a, -1) * elements(b)
    return Cost(flops, 0.0, size(op.shape) + size(a) / 2 + size(b))


def cholesky(op: Op) -> Cost:
    """Flops = ``floor(n E(a) / 3)``; half is read and half written: bytes = ``a``."""
    a = op.operands[0]
    flops = dimension(a, -1) * elements(a) // 3
    return Cost(flops, 0.0, size(a))


def _labels(text: str) -> tuple[str, str, str]:
    """``b01f_01io->b01f``: of input, kernel, output; a dimension's place is its letter's."""
    operands, _, output = text.partition("->")
    source, _, kernel = operands.partition("_")
    return source, kernel, output


def _size(shape: Shape, labels: str, letter: str) -> int:
    return dimension(shape, labels.index(letter))


FORMULAS: dict[str, Formula] = {
    "dot": dot,
    "scaled-dot": dot,
    "ragged-dot": ragged_dot,
    "convolution": convolution,
    "fft": fft,
    "triangular-solve": triangular_solve,
    "cholesky": cholesky,
}
