"""The computations in HLO text, from their ``{`` on.

Lines as XLA prints them are read by one regular expression and by tables of what was seen before. Whatever else the
grammar allows (line ends and comments anywhere, computations written in place) is read a mark at a time.
"""

from __future__ import annotations

import re
from collections import Counter

from tpugraph_db.hlo import line_text
from tpugraph_db.hlo.attributes_text import Tails, canonical
from tpugraph_db.hlo.cursor import Cursor
from tpugraph_db.hlo.module import Computation, Instruction
from tpugraph_db.hlo.operands_text import Operands
from tpugraph_db.hlo.stack_frames import Frames
from tpugraph_db.hlo.vocabulary import PAYLOAD

DEEPEST = 20
"""How many computations may be written inside each other."""

_IN_PLACE = re.compile(r"\{\s*+(\{\s*+)?+(?:ROOT\s++)?%?[\w.\-]++\s*+=")


class Bodies:
    """Reads the computations of one module, wherever in it they are written."""

    def __init__(self, cursor: Cursor, frames: Frames) -> None:
        self.computations: list[Computation] = []
        self.unknown: Counter[str] = Counter()
        """Attributes that the reader does not know, and how often."""
        self.names: list[str] = []
        """Of all instructions; those of one computation differ."""
        self.opcodes: list[str] = []
        self._cursor = cursor
        self._frames = frames
        self._tails = Tails(cursor, frames, self._in_place)
        self.operands = Operands(cursor)
        self._depth = self._placed = 0

    def read(self, name: str, line: int) -> Computation:
        """Read what follows a ``{``, and the ``}``."""
        instructions: list[Instruction] = []
        roots: list[Instruction] = []
        cursor, before = self._cursor, self._cursor.at
        if cursor.text.startswith("\n", before):
            self._lines(instructions, roots)
        while not cursor.take("}"):
            if "\n" in cursor.text[before : cursor.at]:
                self._lines(instructions, roots)
            else:
                self._marks(instructions, roots)
            before = cursor.at
        self._check(instructions, roots)
        self.computations.append(Computation(name, instructions, (roots or instructions)[-1].name, line))
        return self.computations[-1]

    def _lines(self, instructions: list[Instruction], roots: list[Instruction]) -> None:
        """Read lines as XLA prints them, up to the first that is otherwise."""
        cursor, text, match = self._cursor, self._cursor.text, line_text.LINE.match
        shapes, known, frames = self.operands.shapes, self._tails.known, self._frames
        line = cursor.line() + text.startswith("\n", cursor.at)
        while found := match(text, cursor.at):
            root, name, output, opcode, plain, inner, said, op_name, file, number, frame, more = found.groups()
            end = cursor.at = found.end()
            output = shapes.get(output) or self.operands.shape(output, found.start(3))
            source_line = int(number) if number else 0
            if frame:
                file, source_line = frames.get(frame, ("", 0))
            tail = known.get(said + more) or self._tails.simple(said + more)
            if tail is None:
                cursor.at = found.start(7)
                tail, (op_name, file, source_line) = self._tails.read()
            attributes, calls, control, unknown = tail
            operands: list[str] = []
            if opcode in PAYLOAD:
                attributes = _with_payload(opcode, plain or inner or "", attributes)
            elif inner:
                operands = self.operands.names(inner, found.start(6))
            elif plain:
                operands = plain.replace("%", "").split(", ")
            one = Instruction(
                name, opcode, output, operands, attributes, calls, control, op_name or "", file or "", source_line, line
            )
            instructions.append(one)
            if root:
                roots.append(one)
            if unknown:
                self.unknown.update(unknown)
            if cursor.at != end:
                return
            line += 1

    def _marks(self, instructions: list[Instruction], roots: list[Instruction]) -> None:
        """Read one instruction a mark at a time."""
        cursor = self._cursor
        line, root = cursor.line(), cursor.word("ROOT")
        name = cursor.name("an instruction or }")
        cursor.expect("=", "= after the name")
        output, opcode = self.operands.next_shape(), cursor.name("an opcode")
        payload = self._payload() if opcode in PAYLOAD else None
        operands = self.operands.next_names() if payload is None else []
        (attributes, calls, control, unknown), source = self._tails.read()
        if payload is not None:
            attributes = _with_payload(opcode, payload, attributes)
        instructions.append(Instruction(name, opcode, output, operands, attributes, calls, control, *source, line))
        roots += instructions[-1:] if root else []
        self.unknown.update(unknown)

    def _payload(self) -> str:
        if not self._cursor.sees("("):
            raise self._cursor.error("( after the opcode")
        return self._cursor.group()[1:-1]

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
        """Read a computation in place; XLA names them ``_``, ``_.1``, ..."""
        line = self._cursor.line()
        self._cursor.expect("{", "a computation")
        computation = self.read("", line)
        computation.name = f"_.{self._placed}" if self._placed else "_"
        self._placed += 1
        return computation.name

    def _check(self, instructions: list[Instruction], roots: list[Instruction]) -> None:
        if not instructions:
            raise self._cursor.error("an instruction", self._cursor.at - 1)
        if len(roots) > 1:
            raise self._cursor.error_on(roots[1].line, "one ROOT in a computation")
        names = [one.name for one in instructions]
        if len(set(names)) < len(names):
            line = instructions[_repeated(names)].line
            raise self._cursor.error_on(line, "a name that no other instruction of the computation has")
        self.names += names
        self.opcodes += [one.opcode for one in instructions]


def _repeated(names: list[str]) -> int:
    """Where a name stands for the second time."""
    seen: set[str] = set()
    return next(number for number, name in enumerate(names) if name in seen or seen.add(name))  # type: ignore[func-returns-value]


def _with_payload(opcode: str, payload: str, attributes: str) -> str:
    value = f"{opcode}({canonical(payload).strip()})"
    return f"{value}, {attributes}" if attributes else value
