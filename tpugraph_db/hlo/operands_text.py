"""Shapes and operands in HLO text, as ``_lines`` and ``_marks`` of :mod:`tpugraph_db.hlo.body_text` come upon them."""

from __future__ import annotations

import re

from tpugraph_db.hlo import shape
from tpugraph_db.hlo.cursor import COMMENT, Cursor
from tpugraph_db.hlo.line_text import NAMES

_SHAPE = re.compile(r"b?\(|[a-z]\w*+\s*+\[")
_PLAIN = re.compile(NAMES)
_COMMENT = re.compile(COMMENT)


class Operands:
    """Reads shapes and operands, and knows again the shapes that it has read."""

    def __init__(self, cursor: Cursor) -> None:
        self.shapes: dict[str, str] = {}
        """Shape as written -> canonical."""
        self._cursor = cursor

    def shape(self, written: str, start: int) -> str:
        """The canonical form of a shape written at an offset."""
        try:
            self.shapes[written] = shape.parse(written).text
        except shape.ShapeError as error:
            raise self._cursor.error(error.expected, start + error.offset) from None
        return self.shapes[written]

    def next_shape(self) -> str:
        """Pass a shape; its canonical form."""
        cursor = self._cursor
        cursor.skip()
        try:
            read, end = shape.read(cursor.text, cursor.at)
        except shape.ShapeError as error:
            raise cursor.error(error.expected, error.offset) from None
        written = cursor.text[cursor.at : end]
        cursor.at = end
        return self.shapes.setdefault(written, read.text)

    def next_names(self) -> list[str]:
        """Pass operands and their parentheses; each may stand after its shape."""
        cursor = self._cursor
        names: list[str] = []
        cursor.expect("(", "( after the opcode")
        while not cursor.take(")"):
            if names:
                cursor.expect(",", "a comma or )")
                cursor.skip()
            if _SHAPE.match(cursor.text, cursor.at):
                self.next_shape()
            names.append(cursor.name("an operand"))
        return names

    def names(self, written: str, start: int) -> list[str]:
        """Names of operands that are written with shapes or comments, between parentheses, from an offset."""
        if "/*" in written:
            written = _COMMENT.sub("", written)
        if _PLAIN.fullmatch(written):
            return written.replace("%", "").split(", ")
        before, *pieces = written.split("%")
        names = []
        for piece in pieces:
            if before[:-1] not in self.shapes:
                return self._again(start)
            name, _, before = piece.partition(", ")
            names.append(name)
        return self._again(start) if before or not names else names

    def _again(self, start: int) -> list[str]:
        end, self._cursor.at = self._cursor.at, start - 1
        names = self.next_names()
        self._cursor.at = end
        return names
