"""Shapes and operands in HLO text."""

from __future__ import annotations

import re

from tpugraph_db.hlo import shape
from tpugraph_db.hlo.text.cursor import COMMENT, Cursor
from tpugraph_db.hlo.text.pattern import NAMES

_PLAIN = re.compile(NAMES)
_SHAPE = re.compile(r"b?\(|[a-z]\w*+\s*+\[")
_COMMENT = re.compile(COMMENT)


class Operands:
    """Reads shapes and operands, and knows again the shapes that it has read."""

    def __init__(self, cursor: Cursor) -> None:
        self.shapes: dict[str, str] = {}
        """Shape as written -> canonical."""
        self._cursor = cursor

    def shape(self, written: str, start: int) -> None:
        """Get to know a shape written at an offset."""
        try:
            self.shapes[written] = shape.parse(written).text
        except shape.ShapeError as error:
            raise self._cursor.error(error.expected, start + error.offset) from None

    def next_shape(self) -> str:
        """Pass a shape; its canonical form."""
        cursor = self._cursor
        cursor.skip()
        try:
            read, end = shape.read(cursor.text, cursor.at)
        except shape.ShapeError as error:
            raise cursor.error(error.expected, error.offset) from None
        self.shapes[read.text] = self.shapes[cursor.text[cursor.at : end]] = read.text
        cursor.at = end
        return read.text

    def next_names(self) -> str:
        """Pass operands and their parentheses, each perhaps after its shape; the names, ``, `` between them."""
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
        return ", ".join(names)

    def names(self, written: str, start: int) -> str:
        """The same of operands with shapes or comments that are written between parentheses, from an offset."""
        if "/*" in written:
            written = _COMMENT.sub("", written)
        if "[" not in written and _PLAIN.fullmatch(written):
            return written
        before, *pieces = written.split("%")
        names = []
        for piece in pieces:
            if before[:-1] not in self.shapes:
                return self._again(start)
            name, _, before = piece.partition(", ")
            if "," in name:
                return self._again(start)
            names.append(name)
        return self._again(start) if before or not names else ", ".join(names)

    def _again(self, start: int) -> str:
        end, self._cursor.at = self._cursor.at, start - 1
        names = self.next_names()
        self._cursor.at = end
        return names
