"""What HLO says otherwise of two ops that are matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tpugraph_db.analytics.attribute_texts import attribute_texts
from tpugraph_db.analytics.change import Change, cut
from tpugraph_db.analytics.matched import Matched
from tpugraph_db.analytics.rungs import Pair
from tpugraph_db.hlo import shape
from tpugraph_db.hlo.attributes import attributes
from tpugraph_db.program import Program


class ProgramChanges:
    """Of HLO."""

    def __init__(self, a: Program, b: Program, matched: Matched, computation_of: Mapping[int, int]) -> None:
        self._both = a, b
        self._b_of: list[int] = matched.b_of.tolist()
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

        return cut(", ".join(f"{at}: {self._names[side][op]}" for at, op in enumerate(ops) if not same(at, op)))

    def _control_changes(self, pair: Pair) -> Iterator[Change]:
        ours, theirs = self._control[0][pair[0]], self._control[1][pair[1]]
        if {self._b_of[op] for op in ours} != set(theirs):
            yield Change("control", self._listed(0, ours), self._listed(1, theirs))

    def _listed(self, side: int, ops: Sequence[int]) -> str:
        return cut(", ".join(self._names[side][op] for op in ops))

    def _call_changes(self, pair: Pair) -> Iterator[Change]:
        ours, theirs = self._calls[0].get(pair[0], []), self._calls[1].get(pair[1], [])
        if [self._computation_of.get(number, -1) for number in ours] != theirs:
            names = [
                ", ".join(program.computation_names[number] for number in numbers)
                for program, numbers in zip(self._both, (ours, theirs), strict=True)
            ]
            yield Change("calls", *map(cut, names))


def _shape_change(one: shape.Shape, other: shape.Shape) -> Iterator[Change]:
    if one.dtype != other.dtype:
        yield Change("dtype", one.dtype, other.dtype)
    if one.plain.removeprefix(one.dtype) != other.plain.removeprefix(other.dtype):
        yield Change("shape", cut(one.plain), cut(other.plain))
    elif one.dtype == other.dtype and one.plain == other.plain:
        yield Change("layout", *map(cut, (_layout(one), _layout(other))))
    elif one.layout_text != other.layout_text:
        yield Change("layout", one.layout_text, other.layout_text)


def _layout(of: shape.Shape) -> str:
    return of.text if of.parts else of.layout_text


def attribute_change(one: str, other: str) -> Change:
    """The attributes that differ; whole where what is before the first name does, as a constant's value."""
    ours, theirs = attributes(one), attributes(other)
    names = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    if not names:
        return Change("attributes", cut(one), cut(other))
    said = [", ".join(f"{name}={of[name]}" for name in names if name in of) for of in (ours, theirs)]
    return Change("attributes", *map(cut, said))


def _calls(program: Program) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for op, computation in program.calls.reshape(-1, 2).tolist():
        found.setdefault(op, []).append(computation)
    return found
