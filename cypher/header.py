"""The header of a ``.cypher`` file: ``//`` lines that a person reads, and that :func:`read_header` checks.

::

    // The ops within a few hops of one op, nearest first.
    //
    // parameter graph: string                      the graph's id
    // parameter hops: int 0..6 = 2                 how far
    // parameter way: string both,in,out = "both"   in: towards producers
    //
    // column distance [hops]                       of the nearest way

The first paragraph says in one sentence what the query answers. Then one line a parameter: ``name: type``, perhaps
bounds (``0..6``, ``1..``; of a list: of its length) or the only strings allowed (``a,b``), perhaps ``= default`` in
JSON; one without a default is required. Then one line a column in the order of the rows, perhaps with its unit in
brackets. Two spaces or more stand before a description.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from itertools import takewhile

from tpugraph_db.cypher.named import TYPES, Column, Parameter
from tpugraph_db.errors import DataError, UsageError

_PARAMETER = re.compile(
    r"""parameter\s (?P<name>[a-z]\w*) :\s (?P<type>[a-z]+(?:<[a-z]+>)?)
    (?: \s(?P<low>\d+)\.\.(?P<high>\d*) | \s(?P<among>\w+(?:,\w+)+) )?
    (?: \s=\s(?P<default>\S.*?) )?
    \s{2,}(?P<description>\S.*)""",
    re.VERBOSE,
)
_COLUMN = re.compile(r"column (?P<name>[a-z]\w*)(?: \[(?P<unit>[^\]]+)\])?\s{2,}(?P<description>\S.*)")

_FORMS = "'parameter name: type [bounds] [= default]' or 'column name [unit]', two spaces, a description"


@dataclass(frozen=True)
class Header:
    """What the header of a file says."""

    what: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    places: dict[str, str]
    """``file:line`` of each ``parameter name`` and ``column name``."""
    lines: int
    """How many it has."""


def read_header(file: str, text: str) -> Header:
    """Read the comment lines that a file begins with.

    Raises:
        DataError: names file and line.
    """
    comments = takewhile(lambda line: line.startswith("//"), text.splitlines())
    lines = [line.removeprefix("//").strip() for line in comments]
    first = list(takewhile(bool, lines))
    what = " ".join(first)
    if not what.endswith((".", "?")):
        expected = "comment lines that begin with one sentence: '// The answer.'"
        raise DataError(f"{file}:1", "header", expected=expected, found=repr(what) if what else "none")
    later = [(f"{file}:{number}", line) for number, line in enumerate(lines, 1) if line and number > len(first)]
    return _header(what, later, len(lines))


def _header(what: str, later: list[tuple[str, str]], lines: int) -> Header:
    found: dict[str, Parameter | Column] = {}
    places: dict[str, str] = {}
    for place, line in later:
        key, entry = _read_line(place, line)
        if key in found:
            raise DataError(place, key, expected="one line for it", found="a second one")
        found[key], places[key] = entry, place
    parameters = tuple(entry for entry in found.values() if isinstance(entry, Parameter))
    columns = tuple(entry for entry in found.values() if isinstance(entry, Column))
    return Header(what, parameters, columns, places, lines)


def _read_line(place: str, line: str) -> tuple[str, Parameter | Column]:
    if match := _COLUMN.fullmatch(line):
        return f"column {match['name']}", Column(match["name"], match["description"], match["unit"] or "")
    if match := _PARAMETER.fullmatch(line):
        return f"parameter {match['name']}", _parameter(place, match)
    raise DataError(place, "header", expected=_FORMS, found=repr(line))


def _parameter(place: str, match: re.Match[str]) -> Parameter:
    kind, name = match["type"], f"parameter {match['name']}"
    if kind not in TYPES:
        raise DataError(place, name, expected=f"a type: {', '.join(TYPES)}", found=kind)
    if (match["among"] and kind != "string") or (match["low"] and kind in ("string", "bool")):
        raise DataError(place, name, expected="0..6 for a number or list, a,b for a string", found=match[0])
    parameter = Parameter(
        name=match["name"],
        type=kind,
        description=match["description"],
        low=int(match["low"]) if match["low"] else None,
        high=int(match["high"]) if match["high"] else None,
        among=tuple(match["among"].split(",")) if match["among"] else (),
    )
    return parameter if match["default"] is None else _with_default(place, parameter, match["default"])


def _with_default(place: str, parameter: Parameter, text: str) -> Parameter:
    name = f"parameter {parameter.name}"
    try:
        value = json.loads(text)
        return replace(parameter, required=False, default=None if value is None else parameter.check(value))
    except json.JSONDecodeError as error:
        raise DataError(place, name, expected='a default in JSON: 20, "text", null', found=text) from error
    except UsageError as error:
        raise DataError(place, name, expected=f"a default that is {parameter.expected}", found=text) from error
