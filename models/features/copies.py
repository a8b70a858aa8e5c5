"""Which arrays are copied into another layout under each configuration, told before anything is compiled.

A rule of thumb for XLA's layout assignment. A choice is kept: the op's output is written in its layout. Transposes and
reshapes turn their operand's layout into one in which nothing moves, where there is one. Everything else reads and
writes row-major, as on XLA:CPU, where nearly all ops are tied to the layout of parameters, dots and results; a dot
takes its operands with the contracted dimensions last or before the free ones. Where an op needs another layout than
its operand has, the operand is copied, once for all that need it so. Dimensions of size 1 are left out of layouts:
where they stand moves no byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns, shapes, structure
from tpugraph_db.errors import DataError
from tpugraph_db.models.features.output_layouts import choice_ops, layout_configurations, output_layouts
from tpugraph_db.models.features.reach import Layout
from tpugraph_db.record import GraphRecord

Ids = NDArray[np.int64]
"""(c,), or (1,) where it is the same under every configuration: numbers of layouts in a :class:`Layouts`."""


@dataclass(frozen=True)
class Copy:
    """A copy of an op's output under those configurations whose ``old`` and ``new`` layouts differ."""

    op: int
    is_choice: bool
    """It is written in its chosen layout; else read by ops that need another."""
    old: Ids
    new: Ids


class Layouts:
    """Layouts by number, less dimensions of size 1; 0 is that of no dimension."""

    def __init__(self) -> None:
        self.all: list[Layout] = [()]
        self._numbers: dict[Layout, int] = {(): 0}

    def number(self, layout: Layout, dims: Layout) -> int:
        """The number of a layout of an array of these dimensions."""
        solid = tuple(d for d in layout if 0 <= d < len(dims) and dims[d] > 1)
        if solid not in self._numbers:
            self._numbers[solid] = len(self.all)
            self.all.append(solid)
        return self._numbers[solid]

    def turned(self, ids: Ids, turn: Callable[[Layout], Layout | None], dims: Layout) -> Ids:
        """``turn`` of every layout, ``dims`` those of what comes out; -1 where it gives None, or too few dimensions."""
        distinct, place = np.unique(ids, return_inverse=True)
        new = [turn(self.all[number]) for number in distinct.tolist()]
        solid = sum(size > 1 for size in dims)
        numbers = [-1 if layout is None else self.number(layout, dims) for layout in new]
        numbers = [number if len(self.all[number]) == solid else -1 for number in numbers]
        return np.array(numbers, np.int64)[place.reshape(-1)]


def copies(record: GraphRecord, layouts: Layouts, rows: NDArray[np.int64]) -> Iterator[Copy]:
    """Every copy, producers' before consumers'.

    Args:
        record: A graph of layout configurations.
        layouts: Filled with the layouts that occur.
        rows: (c, s) int64: codebook rows, a configuration a row.

    Raises:
        DataError: the record has tile configurations, or its edges close a circle.
    """
    order = structure.topological_order(len(record), record.edges)
    if order is None:
        raise DataError(record.id, "edges", expected="no circle", found="one", cure="no op can feed itself")
    flow = _Flow(record, layouts)
    chosen = _chosen(record, flow)
    slots = {op: slot for slot, op in enumerate(record.configurable_ops.tolist())}
    for op in order.tolist():
        yield from flow.read(op)
        if op in slots:
            given = chosen[rows[:, slots[op]]]
            yield from flow.choose(op, np.where(given < 0, flow.layout[op], given))


def _chosen(record: GraphRecord, flow: _Flow) -> Ids:
    """(r,) number of each codebook row's output layout; -1 where it gives none."""
    configurations = layout_configurations(record)
    rows = zip(choice_ops(configurations).tolist(), output_layouts(record).tolist(), strict=True)
    numbers = [flow.layouts.number(tuple(layout), flow.dims[op]) for op, layout in rows]
    return np.where(configurations.codebook[:, 0] >= 0, np.array(numbers, np.int64), -1)


class _Flow:
    """The layout of each op's output, filled from producers to consumers."""

    def __init__(self, record: GraphRecord, layouts: Layouts) -> None:
        self.record, self.layouts = record, layouts
        self.layout: dict[int, Ids] = {}
        self.opcodes = record.opcodes.tolist()
        sizes, ranks = record.features[:, columns.DIMENSIONS].astype(np.int64), shapes.ranks(record.features)
        self.dims = [tuple(row[: max(rank, 0)]) for row, rank in zip(sizes.tolist(), ranks.tolist(), strict=True)]
        self.row_major = [np.array([layouts.number(tuple(range(len(d)))[::-1], d)]) for d in self.dims]
        at = columns.OP_COLUMNS.index("dimensions_0")
        self.dimensions = record.features[:, at : at + 6].astype(np.int64).tolist()
        self.producers: list[list[int]] = [[] for _ in self.dims]
        for consumer, producer in record.edges[~record.is_call].tolist():
            self.producers[consumer].append(producer)
        self.made: set[tuple[int, bytes]] = set()

    def choose(self, op: int, layout: Ids) -> Iterator[Copy]:
        """Write an op's output in another layout than its own."""
        yield from self._copy(op, layout, is_choice=True)
        self.layout[op] = layout

    def read(self, op: int) -> Iterator[Copy]:
        """Set the layout of an op's output; what it reads in another layout than there is."""
        opcode, operands = self.opcodes[op], self.producers[op]
        self.layout[op] = self.row_major[op]
        if opcode == "transpose" and len(operands) == 1:
            yield from self._turn(op, operands[0], lambda layout: transposed(layout, self.dimensions[op]))
        elif opcode == "reshape" and len(operands) == 1:
            old, new = self.dims[operands[0]], self.dims[op]
            yield from self._turn(op, operands[0], lambda layout: reshaped(layout, old, new))
        elif opcode == "dot" and self.record.program is not None:
            sides = zip(self.record.program.operands[op].tolist(), _SIDES, strict=True)
            for operand, side in sides:
                yield from self._contract(operand, side, self.record.program.attributes[op])
        else:
            for operand in operands:
                yield from self._copy(operand, self.row_major[operand])

    def _turn(self, op: int, operand: int, turn: Callable[[Layout], Layout | None]) -> Iterator[Copy]:
        has = self.layout[operand]
        new = self.layouts.turned(has, turn, self.dims[op])
        self.layout[op] = np.where(new < 0, self.row_major[op], new)
        yield from self._copy(operand, np.where(new < 0, self.row_major[operand], has))

    def _contract(self, operand: int, side: str, attributes: str) -> Iterator[Copy]:
        dims, has = self.dims[operand], self.layout[operand]
        batch, contracted = (_numbers(f"{side}_{kind}_dims", attributes) for kind in ("batch", "contracting"))
        free = [d for d in range(len(dims)) if d not in batch and d not in contracted]
        last, first = ((*batch, *free, *contracted), (*batch, *contracted, *free))
        fits = [self.layouts.number(order[::-1], dims) for order in (last, first)]
        wanted = fits[1] if fits[1] == self.row_major[operand][0] else fits[0]
        yield from self._copy(operand, np.where(np.isin(has, fits), has, wanted))

    def _copy(self, op: int, new: Ids, *, is_choice: bool = False) -> Iterator[Copy]:
        has, key = self.layout[op], (op, new.tobytes())
        if (has == new).all() or (not is_choice and key in self.made):
            return
        if not is_choice:
            self.made.add(key)
        yield Copy(op, is_choice, has, new)


_SIDES = ("lhs", "rhs")


def _numbers(name: str, attributes: str) -> list[int]:
    """The list of a dot's attribute, as in ``lhs_batch_dims={0,1}``; empty where it is not given."""
    match = re.search(rf"{name}=\{{([\d,]+)\}}", attributes)
    return [int(number) for number in match[1].split(",")] if match else []


def transposed(layout: Layout, order: list[int]) -> Layout:
    """The same bytes read as the output, whose dimension ``i`` is the operand's ``order[i]``.

    >>> transposed((2, 1, 0), [0, 2, 1])
    (1, 2, 0)
    """
    return tuple(order.index(d) for d in layout if d in order)


def reshaped(layout: Layout, old: Layout, new: Layout) -> Layout | None:
    """The layout under which a reshape from dimensions ``old`` to ``new`` moves nothing; None where there is none.

    Dimensions fall into the smallest groups of equal product, and those of a group must follow each other, row-major.

    >>> reshaped((1, 0), (4, 6), (4, 2, 3)), reshaped((0, 1), (4, 6), (4, 2, 3)), reshaped((0, 1), (4, 6), (24,))
    ((2, 1, 0), (0, 2, 1), None)
    """
    groups = {olds[0]: (olds, news) for olds, news in _groups(old, new)}
    major_to_minor, out = list(reversed(layout)), list[int]()
    while major_to_minor:
        olds, news = groups.get(major_to_minor[0], ([], []))
        if not olds or major_to_minor[: len(olds)] != olds:
            return None
        out, major_to_minor = out + news, major_to_minor[len(olds) :]
    return tuple(reversed(out))


def _groups(old: Layout, new: Layout) -> Iterator[tuple[list[int], list[int]]]:
    """The groups that :func:`reshaped` speaks of, without dimensions of size 1."""
    olds, news = ([d for d, size in enumerate(dims) if size > 1] for dims in (old, new))
    left, right, a, b = 1, 1, list[int](), list[int]()
    while olds or news or a or b:
        if left == right and a:
            yield a, b
            left, right, a, b = 1, 1, [], []
        elif left <= right and olds:
            a, left = [*a, olds[0]], left * old[olds.pop(0)]
        elif news:
            b, right = [*b, news[0]], right * new[news.pop(0)]
        else:
            return  # sizes of another number of elements: no reshape
