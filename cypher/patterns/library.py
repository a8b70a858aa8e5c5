"""The library of patterns: every ``.pattern`` file of this folder, and every ``.cypher`` file of what none can say.

::

    # A transposition that another one may undo.
    #
    #     transpose -> ... -> transpose
    #
    # source: where the pattern is described
    transpose -> !transpose -> transpose

A ``.pattern`` begins with ``#`` lines: one sentence, a picture (indented), a source; the pattern follows, over as many
lines as it likes. A ``.cypher`` has the header of every query (:mod:`tpugraph_db.cypher.header`) with the parameters
``graph`` and ``collection``, and after it the same picture and source as ``//`` lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import dropwhile, takewhile

from tpugraph_db.cypher.library import parse as parse_query
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.errors import DataError
from tpugraph_db.patterns.parse import parse as parse_pattern
from tpugraph_db.patterns.syntax import Pattern

_MARKS = {".pattern": "#", ".cypher": "//"}


@dataclass(frozen=True)
class LibraryPattern:
    """One file."""

    name: str
    what: str
    """One sentence."""
    picture: str
    source: str
    means: Pattern | NamedQuery

    @property
    def text(self) -> str:
        """The pattern on one line; empty for a query."""
        return " ".join(self.means.text.split()) if isinstance(self.means, Pattern) else ""


def find_pattern(name: str) -> LibraryPattern | None:
    """The pattern of a name, or None."""
    return _load(name) if name in _files() else None


def all_patterns() -> list[LibraryPattern]:
    """Every pattern, by name."""
    return [_load(name) for name in pattern_names()]


def pattern_names() -> list[str]:
    """Their names, sorted."""
    return sorted(_files())


def read(file: str, text: str) -> LibraryPattern:
    """A pattern from the text of a file.

    Raises:
        DataError: its header lacks something. PatternError: the pattern is none.
    """
    name, suffix = re.fullmatch(r"(.*)(\.\w+)", file).groups()  # type: ignore[union-attr]
    said, rest = _comments(text, _MARKS[suffix])
    what = " ".join(takewhile(bool, said))
    picture = [line for line in said if line.startswith("  ")]
    source = " ".join(dropwhile(lambda line: not line.startswith("source: "), said)).removeprefix("source: ")
    for key, value in (("one sentence", what.endswith((".", "?"))), ("picture", picture), ("source", source)):
        if not value:
            raise DataError(file, "header", expected=f"{_MARKS[suffix]} lines with {key}", found="none")
    means = parse_query(file, name, text) if suffix == ".cypher" else parse_pattern(rest.strip())
    return LibraryPattern(name, what, "\n".join(picture), source, means)


def _comments(text: str, mark: str) -> tuple[list[str], str]:
    """What the comment lines say, a picture's still indented, and the other lines."""
    lines = text.splitlines()
    said = [line.removeprefix(mark).removeprefix(" ").rstrip() for line in lines if line.startswith(mark)]
    return said, "\n".join(line for line in lines if not line.startswith(mark))


@cache
def _files() -> dict[str, str]:
    """File of each pattern by its name."""
    folder = resources.files("tpugraph_db.cypher.patterns")
    names = [file.name for file in folder.iterdir() if file.name.endswith(tuple(_MARKS))]
    return {name.rpartition(".")[0]: name for name in names}


@cache
def _load(name: str) -> LibraryPattern:
    file = _files()[name]
    return read(file, resources.files("tpugraph_db.cypher.patterns").joinpath(file).read_text(encoding="utf-8"))
