"""What people call an op: its name, opcode, shape, and the line of source that it comes from."""

from __future__ import annotations

from functools import lru_cache

from tpugraph_db import shapes
from tpugraph_db.hlo import shape
from tpugraph_db.record import GraphRecord

LABELS = ("op", "name", "opcode", "shape")
"""Columns of :meth:`OpTexts.labels`."""


class OpTexts:
    """Texts of a graph's ops, each made when it is asked for."""

    def __init__(self, record: GraphRecord) -> None:
        self._record, self._program = record, record.program

    def labels(self, op: int) -> tuple[int, str | None, str, str | None]:
        """What a row about an op begins with: its index, name, opcode and shape."""
        return op, self.name(op), self.opcode(op), self.shape(op)

    def name(self, op: int) -> str | None:
        """HLO's name, without ``%``; None for npz, which lost it."""
        return None if self._program is None else self._program.names[op]

    def opcode(self, op: int) -> str:
        """HLO opcode."""
        return str(self._record.opcodes[op])

    def shape(self, op: int) -> str | None:
        """The output as HLO prints it, without layout; None where the source does not say it."""
        if self._program is None:
            return shapes.describe(self._record.features[op : op + 1])[0].text
        return _plain(self._program.shapes[op])

    def source(self, op: int) -> str | None:
        """``file:line``; None where it is not said."""
        if self._program is None or not (file := self._program.source_file[op]):
            return None
        return f"{file}:{self._program.source_line[op]}"


_plain = lru_cache(10_000)(lambda text: shape.parse(text).plain)
