"""All that an op may be whose operands have neither order nor repetition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations, product

from tpugraph_db.analytics.costs import fits, reduced
from tpugraph_db.analytics.costs.contracted import dots
from tpugraph_db.analytics.costs.elementwise import ARITHMETIC, TRANSCENDENTAL
from tpugraph_db.analytics.costs.formulas import CALLING
from tpugraph_db.analytics.costs.movement import FREE
from tpugraph_db.analytics.costs.op import NO_SHAPE, Op
from tpugraph_db.hlo.shape import Shape

Said = Mapping[str, str]
Given = Sequence[Shape]
Reading = Callable[[Shape, Given, Said], Iterator[tuple[Shape, Given, Said]]]
"""(output, distinct operands, attributes) -> what they may be: (output, operands in order, attributes)."""

_TERNARY = ("clamp", "select")
BINARY = (
    "add", "and", "atan2", "compare", "complex", "divide", "maximum", "minimum", "mulhi", "multiply", "or", "power",
    "remainder", "set-dimension-size", "shift-left", "shift-right-arithmetic", "shift-right-logical",
    "stochastic-convert", "subtract", "xor", "rng",
)  # fmt: skip
_UNARY = frozenset((*ARITHMETIC, *TRANSCENDENTAL)) - {*BINARY, *_TERNARY} | {
    "all-gather", "all-gather-done", "all-reduce-done", "all-to-all", "broadcast", "cholesky", "collective-broadcast",
    "collective-permute", "collective-permute-done", "copy", "copy-done", "fft", "get-dimension-size", "reduce-scatter",
    "reshape", "reverse", "send-done", "slice",
}  # fmt: skip
_NULLARY = ("iota", "partition-id", "replica-id", "rng-get-and-update-state")


def readings(opcode: str, output: Shape, given: Given, said: Callable[[], Said]) -> list[Op]:
    """Every op of an opcode that has these distinct operands; none where there is none, or the opcode is not known.

    Args:
        said: Gives the attributes that columns have (:func:`.columns_said.said`), where they are needed.
    """
    if opcode in FREE or opcode in CALLING or opcode == "tuple":
        return [Op(opcode, output)]
    reading = _READINGS.get(opcode, _unclear)
    return [Op(opcode, shape, tuple(operands), by) for shape, operands, by in reading(output, given, said())]


def _of(count: int) -> Reading:
    """Operands, so many of them, each of the given ones at least once."""

    def reading(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
        if len(given) == count == 0:
            yield output, (), said
        elif len(given) == count == 1:
            yield output, given, said
        else:
            yield from ((output, operands, said) for operands in _choices(given, count))

    return reading


def _choices(given: Given, count: int) -> Iterator[Given]:
    if len(given) == count:
        yield from permutations(given)
    elif 0 < len(given) < count:
        for places in product(range(len(given)), repeat=count):
            if len(set(places)) == len(given):
                yield tuple(given[place] for place in places)


def _unclear(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
    """Of as many operands as one likes: bytes are not known."""
    yield output, (*given, NO_SHAPE), said


def _checked(count: int, check: Callable[[Shape, Given, Said], bool]) -> Reading:
    """As :func:`_of`, of those orders that HLO allows."""

    def reading(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
        for operands in _choices(given, count):
            if check(output, operands, said):
                yield output, operands, said

    return reading


def _dynamic_slice(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
    """Which index is read is all that its cost asks for."""
    yield from ((output, (NO_SHAPE, index), said) for index in given if index.dims == () and fits.is_index(index))


def _dynamic_update_slice(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
    arrays = [shape for shape in given if shape.dims and shape.dtype == output.dtype]
    indices = [shape for shape in given if shape.dims == () and fits.is_index(shape)]
    for (array, update), index in product(_choices(arrays, 2), indices):
        if array.dims == output.dims and len(update.dims) == len(output.dims):
            yield output, (array, update, index), said


def _concatenate(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
    """All operands together are as large as the output."""
    yield output, (output,), said


def _transpose(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
    if len(given) == 1:
        yield output, given, {"dimensions": _first(said["dimensions"], len(output.dims))}


def _reduce(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
    """``k`` arrays of the same dimensions and ``k`` initial values; a tuple's parts are the arrays without some."""
    arrays, values = [shape for shape in given if shape.dims], [shape for shape in given if shape.dims == ()]
    if not arrays or not values or any(shape.dims != arrays[0].dims for shape in arrays):
        return
    parts = len(output.parts) if output.dtype == "tuple" else 1
    known = [part.dims for part in output.parts or [output] if part != NO_SHAPE]
    left = reduced.left(arrays[0].dims, said["dimensions"], known[0] if known else None)
    if left is not None:
        whole = reduced.filled(arrays, parts)
        results = [Shape(shape.dtype, left, (False,) * len(left)) for shape in whole]
        made = Shape("tuple", parts=tuple(results)) if output.dtype == "tuple" else output
        yield made, (*whole, *reduced.filled(values, parts)), said


def _mirrored(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
    """Output parts are like the operands: all-reduce, sort."""
    if output.dtype != "tuple":
        yield from _of(1)(output, given, said)
    elif len(output.parts) == len(given):
        yield Shape("tuple", parts=tuple(given)), given, said
    elif given:
        yield output, (*given, NO_SHAPE), said


def _dot(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
    for left, right in _choices(given, 2):
        for contracted in dots(left.dims, right.dims, output.dims):
            yield output, (left, right), {"lhs_contracting_dims": f"{{{','.join(map(str, contracted))}}}"}


def _batch_norm(arrays: int, vectors: int, results: int) -> Reading:
    """So many operands like the largest, so many of one value a feature; results are one array and the rest vectors."""

    def reading(output: Shape, given: Given, said: Said) -> Iterator[tuple[Shape, Given, Said]]:
        flat = [shape for shape in given if len(shape.dims) == 1]
        full = [shape for shape in given if len(shape.dims) > 1]
        if not flat or not full:
            return
        made = Shape("tuple", parts=(full[0], *[flat[0]] * (results - 1))) if results > 1 else output
        first, *rest = [full[0]] * arrays
        yield made, (first, *[flat[0]] * vectors, *rest), said

    return reading


def _first(numbers: str, count: int) -> str:
    return f"{{{','.join(numbers.strip('{}').split(',')[:count])}}}"


_READINGS: dict[str, Reading] = {
    **dict.fromkeys(_UNARY, _of(1)),
    **dict.fromkeys(BINARY, _of(2)),
    **dict.fromkeys(_NULLARY, _of(0)),
    "all-reduce": _mirrored,
    "all-reduce-start": _mirrored,
    "batch-norm-grad": _batch_norm(2, 3, 3),
    "batch-norm-inference": _batch_norm(1, 4, 1),
    "batch-norm-training": _batch_norm(1, 2, 3),
    "clamp": _checked(3, fits.clamp),
    "concatenate": _concatenate,
    "convolution": _checked(2, fits.convolution),
    "dot": _dot,
    "dynamic-slice": _dynamic_slice,
    "dynamic-update-slice": _dynamic_update_slice,
    "gather": _checked(2, fits.gather),
    "pad": _checked(2, fits.with_scalar),
    "reduce": _reduce,
    "reduce-window": _checked(2, fits.with_scalar),
    "scatter": _checked(3, fits.scatter),
    "select": _checked(3, fits.select),
    "select-and-scatter": _checked(3, fits.select_and_scatter),
    "sort": _mirrored,
    "transpose": _transpose,
    "triangular-solve": _checked(2, fits.triangular_solve),
}
