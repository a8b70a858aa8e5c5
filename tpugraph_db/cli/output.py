"""Rows on stdout or in a file: table, json, jsonl, csv, parquet. What was cut off is said on stderr.

json, jsonl and parquet hold every value as it is. A table, and csv on a terminal, show what does not print as its
escape. csv is for spreadsheets: text that one would take for a formula has an apostrophe before it.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from tpugraph_db.cli.terminal import say, visible
from tpugraph_db.errors import UsageError

if TYPE_CHECKING:
    from tpugraph_db.stores.base import Cursor
    from tpugraph_db.stores.result import Result

FORMATS = ("table", "json", "jsonl", "csv", "parquet")

_SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
_UNENCODABLE = "backslashreplace"
"""A file's name may hold bytes that are no text."""
_NOT_ASCII = re.compile(r"[^\n -~]")
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\x00]*[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet may run (OWASP, CSV injection)."""


def write(result: Result, format_: str | None, output: Path | None = None) -> None:
    """Write rows as asked, and say on stderr when there are more."""
    write_rows(result, format_, output)
    if result.truncated:
        say(f"{result.truncated} rows; --limit -1 gives them all")


def streams(format_: str | None, output: Path | None) -> bool:
    """Whether rows are written as they come, so that none need be kept."""
    return _format(format_, output) in ("jsonl", "csv")


def is_table(format_: str | None, output: Path | None) -> bool:
    """Whether rows are written for people."""
    return _format(format_, output) == "table"


def write_rows(result: Result | Cursor, format_: str | None, output: Path | None = None) -> None:
    """Write rows as asked; those of a :class:`Cursor` only where they can be streamed."""
    with faults_said(output):
        _write(result, _format(format_, output), output)
        sys.stdout.flush()


def write_binary(write: Callable[[BinaryIO], None], name: str, output: Path | None = None) -> None:
    """Let ``write`` fill a file or stdout; ``name`` says what it is to who would see it on a terminal."""
    if output is None and sys.stdout.isatty():
        raise UsageError(f"{name} is binary: give -o FILE, or send stdout to a file")
    with faults_said(output), _binary(output) as file:
        write(file)
        file.flush()


def write_text(text: str, output: Path | None = None) -> None:
    """Write a text that is no rows as it is."""
    with faults_said(output), _text(output) as file:
        file.write(text)
        file.flush()


@contextmanager
def faults_said(output: Path | None) -> Iterator[None]:
    """Say in one line what the system says of a file (None: stdout) that cannot be written."""
    try:
        yield
    except BrokenPipeError:
        # the reader has what it wanted; what is still to be flushed at exit goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise UsageError(f"{output or 'stdout'}: cannot be written ({error.strerror})") from error


def _format(format_: str | None, output: Path | None) -> str:
    return format_ or (_SUFFIXES.get(output.suffix) if output else None) or "table"


def _write(result: Any, format_: str, output: Path | None) -> None:
    if format_ == "parquet":
        _write_parquet(result, output)
    else:
        with _text(output) as file:
            _WRITERS[format_](result, file)


def _write_table(result: Result, file: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = file.isatty()
    # a pipe has no width to fit into: nothing is cut or wrapped there
    console = Console(file=file, width=None if terminal else 100_000)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column, numeric in zip(result.columns, result.numeric, strict=True):
        table.add_column(
            Text(visible(column)), justify="right" if numeric else "left", overflow="fold", no_wrap=numeric
        )
    for row in result.rows:
        table.add_row(*map(_cell, row))
    console.print(table, soft_wrap=not terminal)


def _cell(value: Any) -> Any:
    from rich.text import Text

    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else _plain_text(value)
    return Text(visible(text))


def _write_json(result: Result, file: TextIO) -> None:
    file.write("[")
    for at, row in enumerate(result.to_dicts()):
        file.write(("," if at else "") + "\n" + indent(_json(_plain_row(row), 2), "  "))
    file.write("\n]\n" if result.rows else "]\n")


def _write_jsonl(result: Result | Cursor, file: TextIO) -> None:
    for row in result.rows:
        file.write(_json(_plain_row(dict(zip(result.columns, row, strict=True)))) + "\n")


def _write_csv(result: Result | Cursor, file: TextIO) -> None:
    import csv

    show = visible if file.isatty() else str
    plain = csv.writer(file, lineterminator="\n")
    quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in chain([result.columns], result.rows):
        cells = [show(_csv_cell(value)) for value in row]
        # csv quotes what holds "\n", but not "\r", at which readers end a row as well
        (quoted if any("\r" in cell for cell in cells) else plain).writerow(cells)


def _csv_cell(value: Any) -> str:
    text = "" if value is None else _plain_text(value)
    formula = _FORMULA.match(text) and not isinstance(value, int | float)
    return f"'{text}" if formula else text


def _write_parquet(result: Result, output: Path | None) -> None:
    from pyarrow import parquet

    write_binary(lambda file: parquet.write_table(result.to_arrow(), file), "parquet", output)


_WRITERS = {"table": _write_table, "json": _write_json, "jsonl": _write_jsonl, "csv": _write_csv}


def _plain_row(row: dict[str, Any]) -> Any:
    from tpugraph_db.stores.values import to_plain

    return _finite(to_plain(row))


def _finite(value: Any) -> Any:
    """JSON has no nan and no infinity: they are null there."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value


def _plain_text(value: Any) -> str:
    from tpugraph_db.stores.values import to_plain

    plain = to_plain(value)
    return plain if isinstance(plain, str) else _json(plain)


def _json(value: Any, spaces: int | None = None) -> str:
    """JSON in which what does not print is escaped: the same value to a program, and harmless on a terminal."""
    text = json.dumps(value, indent=spaces, ensure_ascii=False)
    return _NOT_ASCII.sub(lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], text)


@contextmanager
def _text(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors=_UNENCODABLE)
        yield sys.stdout
        return
    with _opened(output, "w", encoding="utf-8", errors=_UNENCODABLE, newline="") as file:
        yield file


@contextmanager
def _binary(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        return
    with _opened(output, "wb") as file:
        yield file


def _opened(output: Path, mode: str, **options: Any) -> Any:
    try:
        return open(output, mode, **options)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written ({error.strerror})") from error
