"""HLO text -> :class:`tpugraph_db.program.Program`.

Read is what XLA prints: ``compile().as_text()``, dumps before and after optimisation, with and without ``%``, operand
shapes and signatures of computations, and what XLA's own parser takes beside (``xla/hlo/parser/hlo_parser.cc``).
Opcodes and attributes that XLA does not have, or has no more, are kept as text and counted.
"""

from __future__ import annotations

import numpy as np

from tpugraph_db.errors import DataError
from tpugraph_db.hlo.text import headers, stack_frames
from tpugraph_db.hlo.text.asynchronous import unwrap
from tpugraph_db.hlo.text.body import Bodies
from tpugraph_db.hlo.text.columns import Columns
from tpugraph_db.hlo.text.cursor import Cursor
from tpugraph_db.hlo.text.entry import entry_of
from tpugraph_db.hlo.text.links import Links
from tpugraph_db.packed import Strings
from tpugraph_db.program import Program


def decode(data: bytes, where: str) -> str:
    """A file's bytes as text; it is UTF-8, and a mark at its beginning is dropped.

    Raises :class:`DataError` with line and column of the first byte that is not.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        before = data[start : error.start].decode()
        line = data.count(b"\n", 0, error.start) + 1
        place = f"line {line}, column {len(before) + 1}"
        found = f"byte 0x{data[error.start]:02x} after {before[-40:]!r}"
        raise DataError(where, place, expected="UTF-8", found=found) from None


def program(text: str, where: str, stage: str = "") -> Program:
    """Read the module of a text; its computations and ops keep the order of the text.

    Args:
        where: Names the text in errors.
        stage: As of :class:`Program`.

    Raises:
        DataError: what is no HLO, or a name that stands for nothing before it, with line, column and the line itself.
    """
    return read(text, where, stage)[0]


def read(text: str, where: str, stage: str = "") -> tuple[Program, dict[str, int]]:
    """As :func:`program`, and how often the text has which opcodes and attributes that XLA does not have."""
    cursor = Cursor(text.replace("\r\n", "\n") if "\r" in text else text, where)
    name, attributes = headers.module(cursor)
    frames = stack_frames.read(cursor)
    bodies = Bodies(cursor, frames)
    marked = headers.computations(cursor, bodies)
    entry = entry_of(cursor, bodies, marked, attributes)
    unwrap(bodies)
    columns = Columns(bodies.rows, bodies.operands.shapes, bodies.tails, frames)
    links = Links(columns, bodies.spans, bodies.rows.lines, cursor)
    calls, call_kinds = links.calls()
    names = [span.name for span in bodies.spans]
    made = Program(
        module=name,
        module_attributes=attributes,
        stage=stage,
        names=Strings.of(links.names()),
        opcodes=columns.opcodes,
        shapes=columns.shapes,
        operands=links.operands(),
        control_predecessors=links.control_predecessors(),
        attributes=columns.attributes,
        op_name=columns.op_names,
        source_file=columns.source_files(),
        source_line=columns.source_lines(),
        computation_names=Strings.of(names),
        computation_starts=links.starts,
        computation_roots=np.array([span.root for span in bodies.spans], np.int64),
        entry=names.index(entry),
        calls=calls,
        call_kinds=call_kinds,
    )
    return made, columns.unknown()
