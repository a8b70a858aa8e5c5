"""What follows an instruction's operands in HLO text: ``, dimensions={0}, to_apply=%add, metadata={op_name="f"}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tpugraph_db.hlo.text.cursor import COMMENT, STRING, Cursor
from tpugraph_db.hlo.text.fields import fields, line_number
from tpugraph_db.hlo.text.pattern import ATTRIBUTE
from tpugraph_db.hlo.text.stack_frames import Frames
from tpugraph_db.hlo.vocabulary import ATTRIBUTES, CALLS

MOST = 1000
"""How many attributes an instruction may have, of those that are read a mark at a time."""

_UNSAID = re.compile(rf"({STRING})|{COMMENT} ?|%|\n\s*+|[^\S\n](?=\s)\s++")
_CONTROL = "control-predecessors"


class Tail(NamedTuple):
    """The attributes of an instruction, less metadata; its lists are shared, not to be changed."""

    attributes: str
    """Text, less control predecessors; names without ``%``."""
    calls: list[tuple[str, str]]
    """(attribute, name of the computation), in order."""
    control_predecessors: list[str]
    unknown: list[str]
    """Names that the reader does not know."""


class Source(NamedTuple):
    """What metadata says."""

    op_name: str = ""
    file: str = ""
    line: int = 0


class Tails:
    """Reads attributes a mark at a time."""

    def __init__(self, cursor: Cursor, frames: Frames, in_place: Callable[[], str | None]) -> None:
        """``in_place`` reads computations written in place, where some are, and gives their names as a value."""
        self._cursor, self._frames, self._in_place = cursor, frames, in_place

    def read(self) -> tuple[Tail, Source]:
        """Read attributes to the last one; each follows a comma."""
        said: list[tuple[str, str]] = []
        source = Source()
        while attribute := self._next():
            if len(said) == MOST:
                raise self._cursor.error(f"at most {MOST:,} attributes")
            if attribute[0] == "metadata":
                source = self._source(attribute[1])
            else:
                said.append(attribute)
        return tail(said), source

    def _next(self) -> tuple[str, str] | None:
        cursor, before = self._cursor, self._cursor.at
        if not cursor.take(","):
            cursor.at = before  # not behind the line's end
            return None
        name = cursor.name("an attribute")
        cursor.expect("=", "= after the name")
        return name, (self._in_place() if name in CALLS else None) or cursor.value()

    def _source(self, metadata: str) -> Source:
        said = fields(metadata)
        file, line = said.get("source_file", ""), line_number(said.get("source_line", ""))
        if not file:
            file, line = self._frames.get(said.get("stack_frame_id", ""), ("", 0))
        return Source(said.get("op_name", ""), file, line)


def simple(written: str) -> Tail:
    """Attributes as they stand on a line that :data:`tpugraph_db.hlo.text.pattern.LINE` takes, less metadata."""
    return tail(ATTRIBUTE.findall(written))


def tail(said: list[tuple[str, str]]) -> Tail:
    """Names and values as written, sorted out."""
    text = ", ".join([f"{name}={value}" for name, value in said if name != _CONTROL])
    made = Tail(canonical(text), [], [], [])
    for name, value in said:
        if name in CALLS:
            made.calls.extend([(name, called) for called in names(value)])
        elif name == _CONTROL:
            made.control_predecessors.extend(names(value))
        elif name not in ATTRIBUTES:
            made.unknown.append(name)
    return made


def pairs(cursor: Cursor) -> Iterator[tuple[str, str]]:
    """Names and canonical values of attributes, each after a comma, that refer to no computation written in place."""
    while cursor.take(","):
        name = cursor.name("an attribute")
        cursor.expect("=", "= after the name")
        yield name, canonical(cursor.value())


def names(value: str) -> list[str]:
    """Names in a value: ``%f``, ``{%f, %g}``.

    >>> names("{%f, g}")
    ['f', 'g']
    """
    inner = canonical(value).strip("{}").strip()
    return [name.strip() for name in inner.split(",")] if inner else []


def canonical(value: str) -> str:
    """A value without the ``%`` of names, comments and line ends; strings stay as they are.

    >>> canonical('{%f, /*index=1*/"%f"}')
    '{f, "%f"}'
    """
    if '"' not in value and "/*" not in value and "\n" not in value:
        return value.replace("%", "")
    return _UNSAID.sub(_said, value)


def _said(found: re.Match[str]) -> str:
    if found[0].isspace():
        return " " if "\n" in found[0] else found[0]
    return found[1] or ""
