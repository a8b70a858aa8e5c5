"""HLO text -> :class:`tpugraph_db.hlo.module.Module`.

Read is what XLA prints: ``compile().as_text()``, dumps before and after optimisation, with and without ``%``, operand
shapes and signatures of computations, and what XLA's own parser takes beside (``xla/hlo/parser/hlo_parser.cc``).
Opcodes and attributes that XLA does not have, or has no more, are kept as text and counted.
"""

from __future__ import annotations

import re
from collections import Counter

from tpugraph_db.errors import DataError
from tpugraph_db.hlo import stack_frames
from tpugraph_db.hlo.async_text import SHORT, unwrap
from tpugraph_db.hlo.attributes_text import pairs
from tpugraph_db.hlo.body_text import Bodies
from tpugraph_db.hlo.cursor import Cursor
from tpugraph_db.hlo.entry_text import entry_of
from tpugraph_db.hlo.line_text import PARENTHESES
from tpugraph_db.hlo.module import Computation, Module
from tpugraph_db.hlo.unique import rename_repeated
from tpugraph_db.hlo.vocabulary import OPCODES

_MODULE_NAME = re.compile(r"[^\s,{]++")
_HEADER = re.compile(rf"(ENTRY )?%?([\w.\-]++) (?:\({PARENTHESES}\) -> ([^\s(]\S*+|\({PARENTHESES}\)) )?\{{(?=\n)")


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


def parse(text: str, where: str) -> Module:
    """Read a module; ``where`` names the text in errors.

    Raises :class:`DataError` with line and column, and the line itself.
    """
    cursor = Cursor(text.replace("\r\n", "\n") if "\r" in text else text, where)
    name, attributes = _header(cursor)
    bodies = Bodies(cursor, stack_frames.read(cursor))
    entries = []
    while not cursor.ended():
        is_entry, computation = _computation(cursor, bodies)
        if is_entry:
            entries.append(computation)
    computations = bodies.computations
    _check_names(cursor, computations)
    opcodes = Counter(bodies.opcodes)
    short = not SHORT.keys().isdisjoint(opcodes)
    if short:
        computations = unwrap(computations)
        opcodes = Counter(one.opcode for computation in computations for one in computation.instructions)
    if short or len(set(bodies.names)) < len(bodies.names):
        rename_repeated(computations)
    unknown = bodies.unknown + Counter({opcode: opcodes[opcode] for opcode in opcodes.keys() - OPCODES})
    return Module(name, computations, entry_of(cursor, computations, entries, attributes), attributes, dict(unknown))


def _header(cursor: Cursor) -> tuple[str, str]:
    """Name and attributes; both are empty where a text is computations only."""
    if not cursor.word("HloModule"):
        if _HEADER.match(cursor.text, cursor.at):
            return "", ""
        raise cursor.error("HloModule and its name")
    cursor.skip()
    name = _MODULE_NAME.match(cursor.text, cursor.at)
    if not name:
        raise cursor.error("the module's name")
    cursor.at = name.end()
    return name[0], ", ".join(f"{key}={value}" for key, value in pairs(cursor))


def _computation(cursor: Cursor, bodies: Bodies) -> tuple[bool, Computation]:
    """A computation, and whether ENTRY stands before it."""
    line = cursor.line()
    header = _HEADER.match(cursor.text, cursor.at)
    if header:
        is_entry, name, result = bool(header[1]), header[2], header[3]
        if result and result not in bodies.operands.shapes:
            bodies.operands.shape(result, header.start(3))
        cursor.at = header.end()
    else:
        is_entry, name = cursor.word("ENTRY"), cursor.name("a computation")
        _signature(cursor, bodies)
    computation = bodies.read(name, line)
    if cursor.sees(","):
        list(pairs(cursor))  # an execution_thread
    return is_entry, computation


def _signature(cursor: Cursor, bodies: Bodies) -> None:
    """Pass parameters and result, which the instructions say again, and the brace."""
    if cursor.sees("("):
        cursor.group()
        cursor.expect("->", "-> and the result's shape")
        bodies.operands.next_shape()
    cursor.expect("{", "{ before the instructions")


def _check_names(cursor: Cursor, computations: list[Computation]) -> None:
    seen: set[str] = set()
    for computation in computations:
        if computation.name in seen:
            raise cursor.error_on(computation.line, "a name that no other computation has")
        seen.add(computation.name)
