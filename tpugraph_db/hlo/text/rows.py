"""Instructions of HLO text as the parts of their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Row = tuple[str, ...]
"""The groups of :data:`tpugraph_db.hlo.text.pattern.LINE`; what is not there is empty.

Operands that have shapes before them stand among those without. A row that was read a mark at a time has its shape
canonical, strings without escapes, and instead of attributes ``@`` and what they are kept under.
"""


@dataclass(slots=True)
class Rows:
    """Instructions, one after the other."""

    rows: list[Row] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """On which line of the text each begins, from 1."""

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, other: Rows) -> None:
        """Put others behind."""
        self.rows += other.rows
        self.lines += other.lines


class Span(NamedTuple):
    """A computation's place among the rows of its module."""

    name: str
    root: int
    start: int
    stop: int
    line: int
    """On which line of the text it begins."""
