"""What stands round the instructions in HLO text: the module's first line, the first line of each computation."""

from __future__ import annotations

import re

from tpugraph_db.hlo.text.attributes import pairs
from tpugraph_db.hlo.text.body import Bodies
from tpugraph_db.hlo.text.cursor import Cursor
from tpugraph_db.hlo.text.pattern import PARENTHESES
from tpugraph_db.hlo.text.rows import Span

_MODULE_NAME = re.compile(r"[^\s,{]++")
_COMPUTATION = re.compile(rf"(ENTRY )?%?([\w.\-]++) (?:\({PARENTHESES}\) -> ([^\s(]\S*+|\({PARENTHESES}\)) )?\{{(?=\n)")


def module(cursor: Cursor) -> tuple[str, str]:
    """A module's name and attributes; both are empty where a text is computations only."""
    if not cursor.word("HloModule"):
        if _COMPUTATION.match(cursor.text, cursor.at):
            return "", ""
        raise cursor.error("HloModule and its name")
    cursor.skip()
    name = _MODULE_NAME.match(cursor.text, cursor.at)
    if not name:
        raise cursor.error("the module's name")
    cursor.at = name.end()
    return name[0], ", ".join(f"{key}={value}" for key, value in pairs(cursor))


def computations(cursor: Cursor, bodies: Bodies) -> list[Span]:
    """Read them all; those with ENTRY before their name."""
    marked = []
    while not cursor.ended():
        is_entry, span = _computation(cursor, bodies)
        if is_entry:
            marked.append(span)
        if cursor.sees(","):
            list(pairs(cursor))  # an execution_thread
    seen: set[str] = set()
    for span in bodies.spans:
        if span.name in seen:
            raise cursor.error_on(span.line, "a name that no other computation has")
        seen.add(span.name)
    return marked


def _computation(cursor: Cursor, bodies: Bodies) -> tuple[bool, Span]:
    line = cursor.line()
    header = _COMPUTATION.match(cursor.text, cursor.at)
    if header:
        is_entry, name, result = bool(header[1]), header[2], header[3]
        if result and result not in bodies.operands.shapes:
            bodies.operands.shape(result, header.start(3))
        cursor.at = header.end()
    else:
        is_entry, name = cursor.word("ENTRY"), cursor.name("a computation")
        _signature(cursor, bodies)
    return is_entry, bodies.read(name, line)


def _signature(cursor: Cursor, bodies: Bodies) -> None:
    """Pass parameters and result, which the instructions say again, and the brace."""
    if cursor.sees("("):
        cursor.group()
        cursor.expect("->", "-> and the result's shape")
        bodies.operands.next_shape()
    cursor.expect("{", "{ before the instructions")
