"""How often a while runs its body, where HLO says it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tpugraph_db.program import Program

UNKNOWN_TRIPS = -1

_SAID = re.compile(r"known_trip_count\W+n\W+(\d{1,18})")
_CONSTANT = re.compile(r"constant\((-?\d{1,18})\)")
_INDEX = re.compile(r"index=(\d{1,9})")
_DIRECTION = re.compile(r"direction=(\w\w)")
_SAME = ("copy", "convert", "bitcast", "reshape", "copy-done")
_MIRRORED = {"LT": "GT", "GT": "LT", "LE": "GE", "GE": "LE", "NE": "NE"}


class TripCounts:
    """Reads them off a program, each when asked."""

    def __init__(self, program: Program) -> None:
        self._opcodes = program.opcodes.tolist()
        self._attributes = program.attributes.tolist()
        self._operands = program.operands.tolist()
        self._roots = program.computation_roots.tolist()

    def of(self, op: int, condition: int, body: int) -> int:
        """Trip count of a while, -1 where it is not known.

        Said by the compiler (``known_trip_count`` of its backend_config), or counted: the condition compares a part of
        the loop's tuple with a constant, the body adds a constant to that part, and it starts from a constant.
        """
        said = _SAID.search(self._attributes[op])
        if said:
            return int(said[1])
        try:
            return self._counted(op, self._roots[condition], self._roots[body])
        except (IndexError, ValueError):  # other numbers of operands than HLO has
            return UNKNOWN_TRIPS

    def _counted(self, op: int, condition: int, body: int) -> int:
        compared = self._compared(condition)
        if compared is None:
            return UNKNOWN_TRIPS
        part, direction, limit = compared
        step, start = self._step(body, part), self._start(op, part)
        return UNKNOWN_TRIPS if step is None or start is None else counted(start, step, limit, direction)

    def _compared(self, root: int) -> tuple[int, str, int] | None:
        """(part of the tuple, direction, constant) of a condition's result."""
        direction = _DIRECTION.search(self._attributes[root])
        if self._opcodes[root] != "compare" or not direction or direction[1] not in _MIRRORED:
            return None
        left, right = self._operands[root]
        for one, other, way in ((left, right, direction[1]), (right, left, _MIRRORED[direction[1]])):
            part, limit = self._part(one), self._constant(other)
            if part is not None and limit is not None:
                return part, way, limit
        return None

    def _step(self, root: int, part: int) -> int | None:
        """What the body adds to a part."""
        result = self._tuple_part(root, part)
        if result is None or self._opcodes[result] != "add":
            return None
        left, right = self._operands[result]
        for one, other in ((left, right), (right, left)):
            if self._part(one) == part:
                return self._constant(other)
        return None

    def _start(self, op: int, part: int) -> int | None:
        given = self._tuple_part(self._operands[op][0], part)
        return None if given is None else self._constant(given)

    def _tuple_part(self, op: int, part: int) -> int | None:
        parts = self._operands[op] if self._opcodes[op] == "tuple" else []
        return self._through(parts[part]) if part < len(parts) else None

    def _part(self, op: int) -> int | None:
        """Which part of the computation's tuple an op is."""
        op = self._through(op)
        if self._opcodes[op] != "get-tuple-element" or self._opcodes[self._operands[op][0]] != "parameter":
            return None
        index = _INDEX.search(self._attributes[op])
        return int(index[1]) if index else None

    def _constant(self, op: int) -> int | None:
        op = self._through(op)
        value = _CONSTANT.match(self._attributes[op]) if self._opcodes[op] == "constant" else None
        return int(value[1]) if value else None

    def _through(self, op: int) -> int:
        """The op whose value an op hands on."""
        while self._opcodes[op] in _SAME and len(self._operands[op]) == 1:
            op = self._operands[op][0]
        return op


def counted(start: int, step: int, limit: int, direction: str) -> int:
    """Values of ``start, start + step, ...`` before the comparison with ``limit`` first fails; -1 where none does.

    >>> counted(0, 2, 5, "LT"), counted(5, -1, 0, "GE"), counted(0, 3, 4, "NE")
    (3, 6, -1)
    """
    if direction in ("GT", "GE"):
        return counted(-start, -step, -limit, {"GT": "LT", "GE": "LE"}[direction])
    if direction == "NE":
        exact = step and (limit - start) % step == 0 and (limit - start) // step >= 0
        return (limit - start) // step if exact else UNKNOWN_TRIPS
    beyond = limit + (direction == "LE")
    if start >= beyond:
        return 0
    return -((start - beyond) // step) if step > 0 else UNKNOWN_TRIPS


def trip_counts(program: Program) -> Mapping[int, int]:
    """Trip count of every while by op index, -1 where it is not known."""
    kinds = program.call_kinds.tolist()
    parts: dict[int, dict[str, int]] = {}
    for (op, computation), kind in zip(program.calls.tolist(), kinds, strict=True):
        if kind in ("condition", "body"):
            parts.setdefault(op, {})[kind] = computation
    if not parts:
        return {}
    counts = TripCounts(program)
    return {op: counts.of(op, of["condition"], of["body"]) for op, of in parts.items() if len(of) == 2}
