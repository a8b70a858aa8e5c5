"""What follows an instruction's operands in HLO text: ``, dimensions={0}, to_apply=%add, metadata={op_name="f"}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tpugraph_db.hlo.cursor import COMMENT, STRING, Cursor
from tpugraph_db.hlo.fields import fields, line_number
from tpugraph_db.hlo.stack_frames import Frames
from tpugraph_db.hlo.vocabulary import ATTRIBUTES, CALLS

_FLAT = r'[^{}()\[\]"/\n]'
_SIMPLE = re.compile(
    rf', ([\w.\-]++)=([^\s,{{}}()\[\]"/]++|\{{(?:{_FLAT}++|\[{_FLAT}*+\]|\{{{_FLAT}*+\}})*+\}})(?=[,\n])'
)
_UNSAID = re.compile(rf"({STRING})|{COMMENT}|%|\s*\n\s*")
_METADATA = ", metadata={"


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
    source_file: str = ""
    source_line: int = 0


NOWHERE = Source()


class Tails:
    """Reads attributes, and knows again those that it has read."""

    def __init__(self, cursor: Cursor, frames: Frames, in_place: Callable[[], str | None]) -> None:
        """``in_place`` reads computations written in place, where some are, and gives their names as a value."""
        self.known: dict[str, Tail] = {}
        """By their text, less metadata."""
        self._cursor, self._frames, self._in_place = cursor, frames, in_place
        self._sources: dict[str, Source] = {"": NOWHERE}
        self._placed = 0

    def line(self, rest: str, end: int) -> tuple[Tail, Source]:
        """Read the attributes ``rest`` of a line that ends at ``end``; the cursor is left behind what was read."""
        head, said, after = rest.partition(_METADATA)
        metadata, _, after = after.partition("}")
        whole = not said or _is_whole(head, metadata, after)
        known = self.known.get(head + after)
        if said and whole and known:
            self._cursor.at = end
            return known, self._source(metadata)
        placed, self._cursor.at = self._placed, end - len(rest)
        tail, source = self.read()
        if whole and self._cursor.at == end and self._placed == placed:
            self.known[head + after] = tail
        return tail, source

    def read(self) -> tuple[Tail, Source]:
        """Read attributes to the last one; each follows a comma."""
        kept: list[str] = []
        metadata = ""
        tail = Tail("", [], [], [])
        while attribute := self._next():
            name, value = attribute
            if name == "metadata":
                metadata = value[1:-1]
            elif name == "control-predecessors":
                tail.control_predecessors.extend(names(value))
            else:
                kept.append(f"{name}={canonical(value)}")
                _sort_out(tail, name, value)
        return tail._replace(attributes=", ".join(kept)), self._source(metadata)

    def _next(self) -> tuple[str, str] | None:
        cursor = self._cursor
        simple = _SIMPLE.match(cursor.text, cursor.at)
        if simple:
            cursor.at = simple.end()
            return simple[1], simple[2]
        before = cursor.at
        if not cursor.take(","):
            cursor.at = before  # not behind the line's end
            return None
        name = cursor.name("an attribute")
        cursor.expect("=", f"= after {name}")
        placed = self._in_place() if name in CALLS else None
        self._placed += placed is not None
        return name, placed or cursor.value()

    def _source(self, metadata: str) -> Source:
        known = self._sources.get(metadata)
        if known is None:
            said = fields(metadata)
            file, line = said.get("source_file", ""), line_number(said.get("source_line", ""))
            if not file:
                file, line = self._frames.get(said.get("stack_frame_id", ""), ("", 0))
            known = self._sources[metadata] = Source(said.get("op_name", ""), file, line)
        return known


def pairs(cursor: Cursor) -> Iterator[tuple[str, str]]:
    """Names and canonical values of attributes, each after a comma, that refer to no computation written in place."""
    while cursor.take(","):
        name = cursor.name("an attribute")
        cursor.expect("=", f"= after {name}")
        yield name, canonical(cursor.value())


def _is_whole(head: str, metadata: str, after: str) -> bool:
    """Whether metadata cut out at the first brace is all of it: no string was cut."""
    quotes = head.count('"') % 2 or metadata.count('"') % 2
    return not quotes and "\\" not in head and "\\" not in metadata and "{" not in metadata and after[:1] in ("", ",")


def _sort_out(tail: Tail, name: str, value: str) -> None:
    if name in CALLS:
        tail.calls.extend((name, called) for called in names(value))
    elif name not in ATTRIBUTES:
        tail.unknown.append(name)


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
    return _UNSAID.sub(lambda found: found[1] or (" " if found[0].isspace() else ""), value)
