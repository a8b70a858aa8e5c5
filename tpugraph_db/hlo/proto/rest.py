"""What instructions in protobuf say beside name, shape and operands: attributes, calls, control predecessors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.columns import spread
from tpugraph_db.hlo.proto.attributes import texts
from tpugraph_db.hlo.proto.calls import calls as called
from tpugraph_db.hlo.proto.calls import text as calls_text
from tpugraph_db.hlo.proto.links import Links
from tpugraph_db.packed import Coded, Lists

_CALLS_TEXT = 1 << 28
"""Characters of names of called computations at the most: a name is written once and may be called by a byte."""

Key = tuple[str, bytes, bool]
"""Opcode, serialised ``Attributes``, and whether the first operand is a single truth value."""


class _Said(NamedTuple):
    attributes: str
    calls: list[tuple[str, int]]
    """(attribute, number of the computation), in the order of the text."""
    control_predecessor_ids: Sequence[int]


class Rest:
    """Reads the rest of every instruction; what several have in common once."""

    def __init__(self, keys: Sequence[Key], links: Links) -> None:
        """Raises :class:`DataError` for an id that is not there, and for a field that makes no sense."""
        self._links, self._room = links, _CALLS_TEXT
        self._names = [computation.name for computation in links.computations]
        self._said, self._codes = links.decoded(keys, self._read, "fields of an HLO instruction")
        calls = [(op, kind, number) for op, said in self._of_ops(1) for kind, number in said.calls]
        self.attributes: Coded = spread([said.attributes for said in self._said], self._codes)
        self.calls: NDArray[np.int64] = np.array([(op, number) for op, _, number in calls], np.int64).reshape(-1, 2)
        """(k, 2) op and the computation that it calls."""
        self.call_kinds = Coded.of([kind for _, kind, _ in calls])
        for op, _, number in calls:
            if number >= links.computation_of[op]:
                raise links.op_refusal(op, "called computations that stand before its own", f"{self._names[number]!r}")

    def control_predecessors(self) -> Lists:
        """Of every op."""
        lists: list[list[int]] = [[]] * len(self._codes)
        for op, said in self._of_ops(2):
            lists[op] = self._links.control_predecessors(op, said.control_predecessor_ids)
        return Lists.of(lists)

    def _of_ops(self, field: int) -> Iterator[tuple[int, _Said]]:
        """The ops that say something in a field, and what."""
        some = np.array([bool(said[field]) for said in self._said], np.bool_)
        for op in np.flatnonzero(some[self._codes]).tolist():
            yield op, self._said[self._codes[op]]

    def _read(self, key: Key) -> _Said:
        opcode, data, on_predicate = key
        message = hlo_pb2.Attributes.FromString(data)
        before, behind = texts(opcode, message)
        ids = message.called_computation_ids
        calls = called(opcode, self._called(ids), on_predicate) if ids else []
        between = calls_text([(kind, self._names[number]) for kind, number in calls]) if calls else ""
        attributes = ", ".join([said for said in (before, between, behind) if said])
        return _Said(attributes, calls, message.control_predecessor_ids)

    def _called(self, ids: Sequence[int]) -> list[int]:
        missing = [id for id in ids if id not in self._links.numbers]
        if missing:
            raise ValueError(f"a call of no id {missing[0]}")
        numbers = [self._links.numbers[id] for id in ids]
        self._room -= sum(len(self._names[number]) for number in numbers)
        if self._room < 0:
            raise ValueError(f"more than {_CALLS_TEXT:,} characters of called names in all")
        return numbers
