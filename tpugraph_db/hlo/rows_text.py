"""Instructions of HLO text as the parts of their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Row = tuple[str, ...]
"""The groups of :data:`tpugraph_db.hlo.line_text.LINE`; what is not there is empty.

A row that was read a mark at a time has its shape canonical, ``@`` and its place instead of attributes, and strings
without escapes.
"""


@dataclass(slots=True)
class Rows:
    """Instructions, one after the other."""

    rows: list[Row] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """On which line of the text each begins, from 1."""
    operands: dict[int, str] = field(default_factory=dict)
    """By the number of a row: names with ``, `` between them, where they do not stand in the row so."""

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, other: Rows) -> None:
        """Put others behind."""
        if other.operands:
            start = len(self)
            self.operands.update({start + number: names for number, names in other.operands.items()})
        self.rows += other.rows
        self.lines += other.lines

    def part(self, start: int, stop: int) -> Rows:
        """Those from one number up to another."""
        operands = {number - start: names for number, names in self.operands.items() if start <= number < stop}
        return Rows(self.rows[start:stop], self.lines[start:stop], operands)


class Span(NamedTuple):
    """A computation's place among the rows of its module."""

    name: str
    root: int
    start: int
    stop: int
    line: int
    """On which line of the text it begins."""
