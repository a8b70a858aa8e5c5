"""The computations in HLO text, from their ``{`` on.

Lines as XLA prints them are read by one regular expression and by tables of what was seen before. Whatever else the
grammar allows (line ends and comments anywhere, computations written in place) is read a mark at a time.
"""

from __future__ import annotations

import re

from tpugraph_db.hlo.text import pattern
from tpugraph_db.hlo.text.attributes import Source, Tail, Tails
from tpugraph_db.hlo.text.cursor import Cursor
from tpugraph_db.hlo.text.operands import Operands
from tpugraph_db.hlo.text.rows import Rows, Span
from tpugraph_db.hlo.text.stack_frames import Frames
from tpugraph_db.hlo.vocabulary import PAYLOAD

DEEPEST = 20
"""How many computations may be written inside each other."""

_IN_PLACE = re.compile(r"\{\s*+(\{\s*+)?+(?:ROOT\s++)?%?[\w.\-]++\s*+=")


class Bodies:
    """Reads the computations of one module, wherever in it they are written."""

    def __init__(self, cursor: Cursor, frames: Frames) -> None:
        self.rows = Rows()
        self.spans: list[Span] = []
        self.tails: dict[str, Tail] = {}
        """Of rows that were read a mark at a time, by what stands in the row for the attributes."""
        self.operands = Operands(cursor)
        self._cursor = cursor
        self._tails = Tails(cursor, frames, self._in_place)
        self._depth = self._placed = 0
        self._texts: dict[str, str] = {}
        """What rows repeat, which they hold once: memory that is not touched is time, a tenth of a large module's."""

    def read(self, name: str, line: int) -> Span:
        """Read what follows a ``{``, and the ``}``; without a name, it gets one as XLA gives it."""
        rows = Rows()
        cursor, before = self._cursor, self._cursor.at
        if cursor.text.startswith("\n", before):
            self._lines(rows)
        while not cursor.take("}"):
            if "\n" in cursor.text[before : cursor.at]:
                self._lines(rows)
            else:
                self._marks(rows)
            before = cursor.at
        root, start = self._checked(rows), len(self.rows)
        self.rows.add(rows)
        self.spans.append(Span(name or self._free(), start + root, start, len(self.rows), line))
        return self.spans[-1]

    def _lines(self, rows: Rows) -> None:
        """Read lines as XLA prints them, up to the first that is otherwise."""
        cursor, text, match = self._cursor, self._cursor.text, pattern.LINE.match
        operands, found, same = self.operands, rows.rows, self._texts.setdefault
        line, count, at = cursor.line() + text.startswith("\n", cursor.at), len(rows), cursor.at
        while one := match(text, at):
            root, name, output, opcode, plain, inner, said, op_name, file, number, frame, more = one.groups("")
            if output not in operands.shapes:
                operands.shape(output, one.start(3))
            if inner and opcode not in PAYLOAD:
                plain, inner = operands.names(inner, one.start(6)), ""
            what = root, name, same(output, output), same(opcode, opcode), plain, inner, same(said, said)
            found.append((*what, same(op_name, op_name), same(file, file), number, same(frame, frame), more))
            at = one.end()
        cursor.at = at
        rows.lines += range(line, line + len(rows) - count)

    def _marks(self, rows: Rows) -> None:
        """Read one instruction a mark at a time."""
        cursor = self._cursor
        line, root = cursor.line(), cursor.word("ROOT")
        name = cursor.name("an instruction or }")
        cursor.expect("=", "= after the name")
        output, opcode = self.operands.next_shape(), cursor.name("an opcode")
        payload, names = (self._payload(), "") if opcode in PAYLOAD else ("", self.operands.next_names())
        said, (op_name, file, number) = self._said()
        rows.rows.append(
            ("ROOT" * root, name, output, opcode, names, payload, said, op_name, file, str(number), "", "")
        )
        rows.lines.append(line)

    def _said(self) -> tuple[str, Source]:
        """Read attributes, and keep them under their text, or their place where computations are in them."""
        start, count = self._cursor.at, len(self.spans)
        tail, source = self._tails.read()
        written = self._cursor.text[start : self._cursor.at]
        key = f"@{(written if len(self.spans) == count else start)!r}" if written else ""
        if key:
            self.tails[key] = tail
        return key, source

    def _payload(self) -> str:
        if not self._cursor.sees("("):
            raise self._cursor.error("( after the opcode")
        return self._cursor.group()[1:-1]

    def _checked(self, rows: Rows) -> int:
        """The number of the root among rows that may be a computation's."""
        if not len(rows):
            raise self._cursor.error("an instruction", self._cursor.at - 1)
        roots = [number for number, row in enumerate(rows.rows) if row[0]]
        if len(roots) > 1:
            raise self._cursor.error_on(rows.lines[roots[1]], "one ROOT in a computation")
        names = [row[1] for row in rows.rows]
        if len(set(names)) < len(names):
            line = rows.lines[_repeated(names)]
            raise self._cursor.error_on(line, "a name that no other instruction of the computation has")
        return roots[0] if roots else len(names) - 1

    def _in_place(self) -> str | None:
        """Read computations written where their names might stand; gives their names, in braces if several may be."""
        cursor = self._cursor
        cursor.skip()
        placed = _IN_PLACE.match(cursor.text, cursor.at)
        if not placed:
            return None
        if self._depth == DEEPEST:
            raise cursor.error(f"at most {DEEPEST} computations inside each other")
        self._depth += 1
        names = self._several() if placed[1] else self._one()
        self._depth -= 1
        return names

    def _several(self) -> str:
        names: list[str] = []
        self._cursor.expect("{", "{")
        while not self._cursor.take("}"):
            if names:
                self._cursor.expect(",", "a comma or }")
            names.append(self._one())
        return f"{{{', '.join(names)}}}"

    def _one(self) -> str:
        line = self._cursor.line()
        self._cursor.expect("{", "a computation")
        return self.read("", line).name

    def _free(self) -> str:
        """XLA names computations in place ``_``, ``_.1``, ..."""
        self._placed += 1
        return f"_.{self._placed - 1}" if self._placed > 1 else "_"


def _repeated(names: list[str]) -> int:
    """Where a name stands for the second time."""
    seen: set[str] = set()
    return next(number for number, name in enumerate(names) if name in seen or seen.add(name))  # type: ignore[func-returns-value]
