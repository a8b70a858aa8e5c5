"""The tables before the computations that say where in the user's files a stack frame is.

``FileNames``, ``FunctionNames``, ``FileLocations`` and ``StackFrames``; metadata refers to the last by
``stack_frame_id``.
"""

from __future__ import annotations

import re

from tpugraph_db.hlo.text.cursor import Cursor
from tpugraph_db.hlo.text.fields import fields, line_number, unescape

Frames = dict[str, tuple[str, int]]
"""stack_frame_id -> (source file, line)."""

_TABLES = ("FileNames", "FunctionNames", "FileLocations", "StackFrames")
_NUMBER = re.compile(r"\s*+(\d++)(?=\s)")
_ROW = re.compile(r'\s*+(\d++) (\{[^{}"\n]*+\}|"[^"\\\n]*+")(?=\n)')
"""A row as XLA prints most."""


def read(cursor: Cursor) -> Frames:
    """Read the tables that stand here, if any."""
    tables: dict[str, dict[str, str]] = {table: {} for table in _TABLES}
    while table := next((table for table in _TABLES if cursor.word(table)), None):
        tables[table] = _rows(cursor)
    locations = {number: fields(row) for number, row in tables["FileLocations"].items()}
    places = {number: _place(tables["FileNames"], location) for number, location in locations.items()}
    frames = {number: fields(row).get("file_location_id", "") for number, row in tables["StackFrames"].items()}
    return {number: places[location] for number, location in frames.items() if location in places}


def _rows(cursor: Cursor) -> dict[str, str]:
    rows: dict[str, str] = {}
    while True:
        if row := _ROW.match(cursor.text, cursor.at):
            cursor.at = row.end()
            rows[row[1]] = row[2][1:-1]
        elif number := _NUMBER.match(cursor.text, cursor.at):
            cursor.at = number.end()
            cursor.skip()
            rows[number[1]] = cursor.group()[1:-1]
        else:
            return rows


def _place(files: dict[str, str], location: dict[str, str]) -> tuple[str, int]:
    file = unescape(files.get(location.get("file_name_id", ""), ""))
    return file, line_number(location.get("line", ""))
