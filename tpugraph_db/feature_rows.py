"""The numbers behind an op's columns: of one shape, of one text of attributes.

Source: google-research-datasets/tpu_graphs, ``process_data/xla/featurizers.h``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, reduce

from tpugraph_db.columns import DTYPES, OP_COLUMNS
from tpugraph_db.hlo import shape
from tpugraph_db.hlo.attributes import attributes

PARAMETER = OP_COLUMNS.index("parameter_number")
_LAYOUT = OP_COLUMNS.index("layout_minor_to_major_0")
_DTYPE = OP_COLUMNS.index("shape_element_type_is_invalid_type")

ATTRIBUTE_COLUMNS = slice(PARAMETER, _LAYOUT)
SHAPE_COLUMNS = slice(_DTYPE, PARAMETER)
LAYOUT_COLUMNS = slice(_LAYOUT, len(OP_COLUMNS))

_GROUPED = ("convolution", "custom-call")
"""Opcodes whose ``feature_group_count`` and ``batch_group_count`` are 1 where nothing is said; other opcodes have 0."""
_NAMES = frozenset({
    "dimensions", "iota_dimension", "inferred_dimension", "window", "dim_labels", "feature_group_count",
    "batch_group_count", "slice", "dynamic_slice_sizes", "padding", "is_stable",
})  # fmt: skip
_WANTED = re.compile(rf"\b(?:{'|'.join(sorted(_NAMES))})=")
_SIMPLE = re.compile(r"(?:^|, )([\w.\-]+)=(\{[^{}]*\}|[^,{}]*)")
_NESTED = re.compile(r'"|\{[^}]*\{')
"""A string, or braces inside others: where either is, attributes are not that simple."""
_NUMBER = re.compile(r"-?\d{1,19}", re.ASCII)
_PARAMETER_NUMBER = re.compile(r"parameter\((\d{1,18})\)", re.ASCII)
_SLICE = re.compile(r"\[([^\[\]]*)\]")
_DIM_LABELS = re.compile(r"([bf\d?]*)_([io\d?]*)->([bf\d?]*)", re.ASCII)
_WINDOW = (("stride", "1"), ("pad", "0_0"), ("rhs_dilate", "1"), ("lhs_dilate", "1"), ("rhs_reversal", "0"))
_UNBOUNDED = -(2**63)

Said = tuple[str, tuple[tuple[str, str], ...]]
"""Groups where none are said, and the attributes that have columns."""


def shape_row(text: str) -> list[int]:
    """Of an output's shape: the one-hot element type, dimensions, how many parts a tuple has.

    Raises ValueError for a text that is no shape.
    """
    read = shape.parse(text)
    dims = [_UNBOUNDED if size < 0 else size for size in read.dims]
    return [*(int(name == read.dtype) for name in DTYPES), *sequence(dims, 6), len(read.parts)]


def layout_row(text: str) -> list[int]:
    """Of the same: the layout's dimensions."""
    return _first(shape.parse(text).minor_to_major or (), 6)


def attribute_row(opcode: str, text: str) -> list[int]:
    """Of an instruction's attributes: everything from the parameter's number to whether a sort is stable.

    Raises ValueError for an attribute that is not written as HLO writes it.
    """
    parameter, said = attributes_said(opcode, text)
    return [parameter, *said_row(said)[1:]]


def attributes_said(opcode: str, text: str) -> tuple[int, Said]:
    """The parameter's number, and what decides the rest of :func:`attribute_row`, of which few are distinct."""
    parameter = _PARAMETER_NUMBER.match(text)
    said = "1" if opcode in _GROUPED else "0", _wanted(text) if _WANTED.search(text) else ()
    return int(parameter[1]) if parameter else 0, said


def said_row(said: Said) -> list[int]:
    """The row of :func:`attribute_row`, 0 for the parameter's number."""
    return _row(*said)


def _wanted(text: str) -> tuple[tuple[str, str], ...]:
    """The attributes that have columns; few are distinct, whatever else is said beside."""
    found = attributes(text).items() if _NESTED.search(text) else _SIMPLE.findall(text)
    return tuple((name, value) for name, value in found if name in _NAMES)


def sequence(numbers: Sequence[int], length: int) -> list[int]:
    """The first of the numbers, padded with 0, then sum and product of them all; the product of none is 1."""
    product = reduce(lambda product, number: _wrapped(product * number), numbers, 1)
    return [*_first(numbers, length), _wrapped(sum(numbers)), product]


@lru_cache(maxsize=512)
def _row(groups: str, wanted: tuple[tuple[str, str], ...]) -> list[int]:
    said = dict(wanted)
    slices = _slices(said.get("slice", "{}"))
    padding = [_split(dim, "_") for dim in _parts(said.get("padding", ""), "x")]
    return [
        0,
        *_first(_dimensions(said), 6),
        *_window(said.get("window", "{}")),
        *_dim_labels(said.get("dim_labels", "_->")),
        _integer(said.get("feature_group_count", groups)),
        _integer(said.get("batch_group_count", groups)),
        *(number for column in _columns(slices, 3) for number in sequence(column, 2)),
        *sequence(_braces(said.get("dynamic_slice_sizes", "{}")), 2),
        *(number for column in _columns(padding, 2) for number in sequence(column, 2)),
        int(said.get("is_stable") == "true"),
    ]


def _first(numbers: Sequence[int], length: int) -> list[int]:
    """The first of the numbers, padded with 0."""
    return [*numbers[:length], *[0] * (length - len(numbers))]


def _wrapped(number: int) -> int:
    """What is left of a number in 64 bits."""
    return (number + 2**63) % 2**64 - 2**63


def _dimensions(said: dict[str, str]) -> list[int]:
    if "dimensions" in said:
        return _braces(said["dimensions"])
    return [_integer(said[name]) for name in ("iota_dimension", "inferred_dimension") if name in said]


def _window(text: str) -> list[int]:
    """``{size=3x3 stride=2x2 pad=0_1x0_1}``: what is not said is 1, padding and reversal are 0."""
    fields = dict(field.split("=", 1) for field in _inside(text).split() if "=" in field)
    sizes = _split(fields.get("size", ""), "x")
    stride, pad, outer, inner, reversal = (
        _parts(fields.get(name, "x".join([usual] * len(sizes))), "x") for name, usual in _WINDOW
    )
    lists = [sizes, [_integer(number) for number in stride], *_columns([_split(both, "_") for both in pad], 2)]
    lists += [[_integer(number) for number in dilation] for dilation in (outer, inner)]
    flags = [int(flag != "0") for flag in reversal]
    if any(len(numbers) != len(sizes) for numbers in (*lists, flags)):
        raise ValueError(f"window {text[:80]!r}")
    counts = [sum(flags), len(flags) - sum(flags)]
    return [*(number for numbers in lists for number in sequence(numbers, 6)), *_first(flags, 6), *counts]


def _dim_labels(text: str) -> list[int]:
    """``b01f_01io->b01f``: where batch, features and spatial dimensions stand in input, kernel and output."""
    labels = _DIM_LABELS.fullmatch(text)
    if not labels:
        raise ValueError(f"dim_labels {text[:80]!r}")
    (source, kernel, output) = labels.groups()
    return [
        *(max(source.find(letter), 0) for letter in "bf"),
        *_first(_spatial(source), 4),
        *(max(kernel.find(letter), 0) for letter in "io"),
        *_first(_spatial(kernel), 4),
        *(max(output.find(letter), 0) for letter in "bf"),
    ]


def _spatial(labels: str) -> list[int]:
    return [labels.index(digit) for digit in "0123456789" if digit in labels]


def _slices(text: str) -> list[list[int]]:
    """``{[0:8], [1:9:2]}``: (start, stride, limit) of each dimension."""
    found = [_split(dim, ":") for dim in _SLICE.findall(text)]
    if _SLICE.sub("", text).strip("{}, ") or any(len(dim) not in (2, 3) for dim in found):
        raise ValueError(f"slice {text[:80]!r}")
    return [[dim[0], dim[2] if len(dim) == 3 else 1, dim[1]] for dim in found]


def _columns(rows: list[list[int]], width: int) -> list[list[int]]:
    """Each of the first ``width`` columns as a list."""
    if any(len(row) < width for row in rows):
        raise ValueError(f"{rows} with fewer than {width} numbers each")
    return [[row[at] for row in rows] for at in range(width)]


def _braces(text: str) -> list[int]:
    return _split(_inside(text), ",")


def _inside(text: str) -> str:
    if text[:1] + text[-1:] != "{}":
        raise ValueError(f"{text[:80]!r} where braces are")
    return text[1:-1]


def _parts(text: str, separator: str) -> list[str]:
    return text.split(separator) if text else []


def _split(text: str, separator: str) -> list[int]:
    return [_integer(part) for part in _parts(text, separator)]


def _integer(text: str) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else 2**63
    if _wrapped(number) != number:
        raise ValueError(f"{text[:40]!r} where a number of 64 bits is")
    return number
