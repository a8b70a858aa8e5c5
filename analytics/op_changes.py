"""What differs between two ops that are matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns, shapes
from tpugraph_db.analytics.attribute_texts import attribute_texts
from tpugraph_db.analytics.matched import Matched, Pair
from tpugraph_db.hlo import shape
from tpugraph_db.hlo.attributes import attributes
from tpugraph_db.program import Program
from tpugraph_db.record import GraphRecord

LONGEST = 200
"""Characters of a value that are shown; a constant may have millions."""


class Change(NamedTuple):
    """One thing that an op says otherwise."""

    what: str
    """``dtype``, ``shape``, ``layout``, ``attributes``, ``operands``, ``control``, ``calls`` or ``root``."""
    a: str
    b: str


class OpChanges:
    """Changes of matched ops."""

    def __init__(self, a: GraphRecord, b: GraphRecord, matched: Matched) -> None:
        self._roots = a.is_root.tolist(), b.is_root.tolist()
        self._said: _Programs | _Columns
        if a.program is None or b.program is None:
            self._said = _Columns(a, b, matched)
        else:
            computation_of = computations_of(a.computation, b.computation, matched)
            self._said = _Programs(a.program, b.program, matched, computation_of)

    def of(self, pair: Pair) -> list[Change]:
        """What differs, in the order of :attr:`Change.what`."""
        found = self._said.of(pair)
        a, b = self._roots[0][pair[0]], self._roots[1][pair[1]]
        return [*found, Change("root", str(a).lower(), str(b).lower())] if a != b else list(found)


class _Programs:
    """Of HLO."""

    def __init__(self, a: Program, b: Program, matched: Matched, computation_of: Mapping[int, int]) -> None:
        self._both = a, b
        self._b_of = matched.b_of.tolist()
        self._computation_of = computation_of
        self._names = a.names.tolist(), b.names.tolist()
        self._shapes = a.shapes.tolist(), b.shapes.tolist()
        self._attributes = attribute_texts(a), attribute_texts(b)
        self._operands = a.operands.tolist(), b.operands.tolist()
        self._control = a.control_predecessors.tolist(), b.control_predecessors.tolist()
        self._calls = _calls(a), _calls(b)

    def of(self, pair: Pair) -> Iterator[Change]:
        one, other = self._shapes[0][pair[0]], self._shapes[1][pair[1]]
        if one != other:
            yield from _shape_change(shape.parse(one), shape.parse(other))
        one, other = self._attributes[0][pair[0]], self._attributes[1][pair[1]]
        if one != other:
            yield attribute_change(one, other)
        yield from self._operand_changes(pair)
        yield from self._control_changes(pair)
        yield from self._call_changes(pair)

    def _operand_changes(self, pair: Pair) -> Iterator[Change]:
        ours, theirs = self._operands[0][pair[0]], self._operands[1][pair[1]]
        if [self._b_of[op] for op in ours] != theirs:
            yield Change("operands", self._places(0, ours, theirs), self._places(1, theirs, ours))

    def _places(self, side: int, ops: Sequence[int], others: Sequence[int]) -> str:
        """``0: dot.3, 1: add.4``: the places at which the other op has another operand."""

        def same(place: int, op: int) -> bool:
            if place >= len(others):
                return False
            pair = (op, others[place]) if side == 0 else (others[place], op)
            return self._b_of[pair[0]] == pair[1]

        return _cut(", ".join(f"{at}: {self._names[side][op]}" for at, op in enumerate(ops) if not same(at, op)))

    def _control_changes(self, pair: Pair) -> Iterator[Change]:
        ours, theirs = self._control[0][pair[0]], self._control[1][pair[1]]
        if {self._b_of[op] for op in ours} != set(theirs):
            yield Change("control", self._listed(0, ours), self._listed(1, theirs))

    def _listed(self, side: int, ops: Sequence[int]) -> str:
        return _cut(", ".join(self._names[side][op] for op in ops))

    def _call_changes(self, pair: Pair) -> Iterator[Change]:
        ours, theirs = self._calls[0].get(pair[0], []), self._calls[1].get(pair[1], [])
        if [self._computation_of.get(number, -1) for number in ours] != theirs:
            names = [
                ", ".join(program.computation_names[number] for number in numbers)
                for program, numbers in zip(self._both, (ours, theirs), strict=True)
            ]
            yield Change("calls", *map(_cut, names))


class _Columns:
    """Of the 140 columns and the edges, where one of the two graphs has no more."""

    _TOLD = np.r_[columns.IS_ROOT, columns.DTYPE, columns.DIMENSIONS, columns.MINOR_TO_MAJOR]
    _TOLD = np.r_[_TOLD, columns.DIMENSIONS_SUM, columns.DIMENSIONS_PRODUCT]

    def __init__(self, a: GraphRecord, b: GraphRecord, matched: Matched) -> None:
        self._b_of = matched.b_of.tolist()
        self._shapes = shapes.describe(a.features), shapes.describe(b.features)
        self._features = a.features, b.features
        self._producers = _producers(a), _producers(b)
        self._differ = self._differing(matched)

    def of(self, pair: Pair) -> Iterator[Change]:
        one, other = self._shapes[0][pair[0]], self._shapes[1][pair[1]]
        if one.dtype != other.dtype:
            yield Change("dtype", str(one.dtype), str(other.dtype))
        if one.dims != other.dims:
            yield Change("shape", str(one.text), str(other.text))
        elif one.layout != other.layout:
            yield Change("layout", str(one.layout_text), str(other.layout_text))
        if pair[0] in self._differ:
            yield self._column_change(pair)
        ours, theirs = self._producers[0][pair[0]], self._producers[1][pair[1]]
        if {self._b_of[op] for op in ours} != set(theirs):
            gone = [op for op in ours if self._b_of[op] not in theirs]
            partners = {self._b_of[op] for op in ours}
            yield Change("operands", _numbers(gone), _numbers([op for op in theirs if op not in partners]))

    def _differing(self, matched: Matched) -> set[int]:
        """Ops of A some of whose other columns differ."""
        ops = np.flatnonzero(matched.b_of >= 0)
        differ = self._features[0][ops] != self._features[1][matched.b_of[ops]]
        differ[:, self._TOLD] = False
        return set(ops[differ.any(axis=1)].tolist())

    def _column_change(self, pair: Pair) -> Change:
        one, other = self._features[0][pair[0]], self._features[1][pair[1]]
        at = np.setdiff1d(np.flatnonzero(one != other), self._TOLD)
        said = [", ".join(f"{columns.OP_COLUMNS[c]}={row[c]:g}" for c in at.tolist()) for row in (one, other)]
        return Change("attributes", *map(_cut, said))


def computations_of(ours: NDArray[np.int64], theirs: NDArray[np.int64], matched: Matched) -> dict[int, int]:
    """Computation of B by that of A: where most of its matched ops are, of several the first."""
    ops = np.flatnonzero(matched.b_of >= 0)
    pairs, counts = np.unique(np.column_stack([ours[ops], theirs[matched.b_of[ops]]]), axis=0, return_counts=True)
    found: dict[int, int] = {}
    for at in np.argsort(-counts, kind="stable").tolist():
        found.setdefault(int(pairs[at, 0]), int(pairs[at, 1]))
    return found


def _shape_change(one: shape.Shape, other: shape.Shape) -> Iterator[Change]:
    if one.dtype != other.dtype:
        yield Change("dtype", one.dtype, other.dtype)
    if one.plain.removeprefix(one.dtype) != other.plain.removeprefix(other.dtype):
        yield Change("shape", _cut(one.plain), _cut(other.plain))
    elif one.dtype == other.dtype and one.plain == other.plain:
        yield Change("layout", *map(_cut, (_layout(one), _layout(other))))
    elif one.layout_text != other.layout_text:
        yield Change("layout", one.layout_text, other.layout_text)


def _layout(of: shape.Shape) -> str:
    return of.text if of.parts else of.layout_text


def attribute_change(one: str, other: str) -> Change:
    """The attributes that differ; whole where what is before the first name does, as a constant's value."""
    ours, theirs = attributes(one), attributes(other)
    names = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    if not names:
        return Change("attributes", _cut(one), _cut(other))
    said = [", ".join(f"{name}={of[name]}" for name in names if name in of) for of in (ours, theirs)]
    return Change("attributes", *map(_cut, said))


def _calls(program: Program) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for op, computation in program.calls.reshape(-1, 2).tolist():
        found.setdefault(op, []).append(computation)
    return found


def _producers(record: GraphRecord) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(len(record))]
    for consumer, producer in record.edges.tolist():
        found[consumer].append(producer)
    return found


def _numbers(ops: Sequence[int]) -> str:
    return _cut(", ".join(map(str, ops)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
