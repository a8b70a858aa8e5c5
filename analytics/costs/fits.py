"""Whether operands, in some order, may be those of an opcode: (output, operands, attributes) -> bool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tpugraph_db.analytics.costs.window import WindowDimension, window
from tpugraph_db.hlo.shape import Shape

_INTEGERS = ("s", "u")
"""How the element types of indices begin."""


def select(output: Shape, operands: Sequence[Shape], said: Mapping[str, str]) -> bool:
    """A truth value, one or one an element, and two values like the output."""
    which, *values = operands
    return which.dtype == "pred" and which.dims in (output.dims, ()) and all(alike(value, output) for value in values)


def clamp(output: Shape, operands: Sequence[Shape], said: Mapping[str, str]) -> bool:
    """A value like the output between two bounds, one or one an element."""
    low, value, high = operands
    return alike(value, output) and all(bound.dims in (output.dims, ()) for bound in (low, high))


def with_scalar(output: Shape, operands: Sequence[Shape], said: Mapping[str, str]) -> bool:
    """An array of the output's rank, and a value of the same type: pad, reduce-window."""
    array, value = operands
    return len(array.dims) == len(output.dims) and value.dims == () and array.dtype == value.dtype == output.dtype


def select_and_scatter(output: Shape, operands: Sequence[Shape], said: Mapping[str, str]) -> bool:
    """An array like the output, a source of its rank, and a value."""
    array, source, value = operands
    return alike(array, output) and len(source.dims) == len(output.dims) and value.dims == ()


def gather(output: Shape, operands: Sequence[Shape], said: Mapping[str, str]) -> bool:
    """An array of the output's type, and indices."""
    return operands[0].dtype == output.dtype and is_index(operands[1])


def scatter(output: Shape, operands: Sequence[Shape], said: Mapping[str, str]) -> bool:
    """One array like the output, indices, and updates of its type."""
    array, indices, updates = operands
    return alike(array, output) and is_index(indices) and updates.dtype == output.dtype


def triangular_solve(output: Shape, operands: Sequence[Shape], said: Mapping[str, str]) -> bool:
    """Square matrices, and a right-hand side like the output."""
    return operands[0].dims[-2:] == operands[0].dims[-1:] * 2 and alike(operands[1], output)


def convolution(output: Shape, operands: Sequence[Shape], said: Mapping[str, str]) -> bool:
    """Sizes fit: features by groups, the kernel's by the window, positions by window, padding and dilation."""
    source, kernel = operands
    labels = said.get("dim_labels", "").replace("->", "_").split("_")
    shapes = (source, kernel, output)
    if len(labels) != 3 or any(len(of) != len(shape.dims) for of, shape in zip(labels, shapes, strict=True)):
        return False
    ins, weights, outs = (dict(zip(of, shape.dims, strict=True)) for of, shape in zip(labels, shapes, strict=True))
    dimensions = window(said.get("window", ""))
    fits = ins["f"] == weights["i"] * int(said["feature_group_count"]) and outs["f"] == weights["o"]
    return fits and all(
        weights[str(at)] == one.size and outs[str(at)] == _positions(ins[str(at)], one)
        for at, one in enumerate(dimensions)
    )


def _positions(size: int, one: WindowDimension) -> int:
    dilated = (size - 1) * one.base_dilation + 1 + one.low + one.high
    return (dilated - ((one.size - 1) * one.window_dilation + 1)) // one.stride + 1


def alike(one: Shape, other: Shape) -> bool:
    """Whether two shapes have the same type and dimensions."""
    return one.dtype == other.dtype and one.dims == other.dims


def is_index(shape: Shape) -> bool:
    """Whether a shape is of integers."""
    return shape.dtype.startswith(_INTEGERS)
