"""Bytes that a fusion accesses: what its body reads of the operands and writes, and nothing in between.

Source: XLA, ``xla/service/hlo_cost_analysis.cc`` (``FusionParameterReadBytes``, ``FusionProcessOutputBytesAccessed``,
``FusionCountConstantsMemoryAccess``), with every fused op used in full.
"""

from __future__ import annotations

from collections import defaultdict

from tpugraph_db.analytics.costs.listing import Listing
from tpugraph_db.analytics.costs.op import UNKNOWN, elements, leaves, size

_ALWAYS = ("broadcast", "reshape")
"""Users that XLA counts a reading of their own for."""


class FusedBody:
    """The body of a fusion: computation ``k`` of a listing."""

    def __init__(self, listing: Listing, computation: int) -> None:
        self._listing = listing
        self._ops = range(listing.starts[computation], listing.starts[computation + 1])
        self._root = listing.roots[computation]
        self._users: dict[int, list[int]] = defaultdict(list)
        for op in self._ops:
            for operand in dict.fromkeys(listing.operands[op]):
                self._users[operand].append(op)

    def accessed(self) -> float:
        """Bytes = written + constants of more than one element + read of each parameter."""
        opcodes = self._listing.opcodes
        read = sum(self._read_of_parameter(op) for op in self._ops if opcodes[op] == "parameter")
        constants = [self._listing.shapes[op] for op in self._ops if opcodes[op] == "constant"]
        return self._written() + sum(size(shape) for shape in constants if elements(shape) > 1) + read

    def _written(self) -> float:
        """The output's arrays; of one that is updated in place only the update."""
        root = self._root
        if self._listing.opcodes[root] != "tuple":
            return self._written_by(root)
        if not self._listing.ordered:  # parts may repeat
            return UNKNOWN
        return sum(self._written_by(part) for part in self._listing.operands[root])

    def _written_by(self, op: int) -> float:
        if self._listing.opcodes[op] == "dynamic-update-slice":
            return size(self._listing.shapes[self._listing.operands[op][1]]) if self._listing.ordered else UNKNOWN
        return sum(size(leaf) for leaf in leaves(self._listing.shapes[op]))

    def _read_of_parameter(self, op: int) -> float:
        if self._listing.shapes[op].dtype != "tuple":
            return self.read(op)
        parts = (user for user in self._users[op] if self._listing.opcodes[user] == "get-tuple-element")
        return sum(self._read_of_parameter(part) for part in parts)

    def read(self, op: int) -> float:
        """Bytes read of a parameter: whole once for all users that share a reading, and what slices take of it."""
        whole = size(self._listing.shapes[op])
        total, shared = 0.0, False
        for user in self._users[op]:
            opcode = self._listing.opcodes[user]
            taken = self._taken(op, user, opcode)
            if taken is not None:
                total += taken
            elif opcode in _ALWAYS:
                total += whole
            elif not shared:
                total, shared = total + whole, True
        return total

    def _taken(self, op: int, user: int, opcode: str) -> float | None:
        """What a slice reads of an op, None where the user reads it whole."""
        if opcode == "slice":
            return size(self._listing.shapes[user])
        if opcode not in ("dynamic-slice", "dynamic-update-slice"):
            return None
        if not self._listing.ordered:
            return UNKNOWN
        if self._listing.operands[user][0] != op:
            return None
        return size(self._listing.shapes[user]) if opcode == "dynamic-slice" else 0.0
