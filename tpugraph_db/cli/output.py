"""Rows on stdout or in a file: table, json, jsonl, csv, parquet. What was cut off is said on stderr."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import click

from tpugraph_db.errors import UsageError

if TYPE_CHECKING:
    from tpugraph_db.stores.result import Result

FORMATS = ("table", "json", "jsonl", "csv", "parquet")

_SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


def write(result: Result, format_: str | None, output: Path | None = None) -> None:
    """Write rows as asked, and say on stderr when there are more."""
    try:
        _write(result, format_ or (_SUFFIXES.get(output.suffix) if output else None) or "table", output)
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader has what it wanted; what is still to be flushed at exit goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if result.truncated:
        click.echo(f"{result.truncated} rows; --limit -1 gives them all", err=True)


def _write(result: Result, format_: str, output: Path | None) -> None:
    if format_ == "parquet":
        _write_parquet(result, output)
    else:
        with _text(output) as file:
            _WRITERS[format_](result, file)


def _write_table(result: Result, file: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table

    terminal = file.isatty()
    # a pipe has no width to fit into: nothing is cut or wrapped there
    console = Console(file=file, width=None if terminal else 100_000)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for at, column in enumerate(result.columns):
        numeric = all(isinstance(row[at], int | float) or row[at] is None for row in result.rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    for row in result.rows:
        table.add_row(*map(_cell, row))
    console.print(table, soft_wrap=not terminal)


def _cell(value: Any) -> Any:
    from rich.text import Text

    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else _plain_text(value)
    # names come from files: no markup, no escape sequence of theirs reaches the terminal
    return Text(text.translate(_CONTROL))


def _write_json(result: Result, file: TextIO) -> None:
    json.dump([_plain_row(row) for row in result.to_dicts()], file, indent=2, ensure_ascii=False)
    file.write("\n")


def _write_jsonl(result: Result, file: TextIO) -> None:
    for row in result.to_dicts():
        file.write(json.dumps(_plain_row(row), ensure_ascii=False) + "\n")


def _write_csv(result: Result, file: TextIO) -> None:
    import csv

    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([None if value is None else _plain_text(value) for value in row] for row in result.rows)


def _write_parquet(result: Result, output: Path | None) -> None:
    if output is None and sys.stdout.isatty():
        raise UsageError("parquet is binary: give -o FILE, or send stdout to a file")
    from pyarrow import parquet

    with _binary(output) as file:
        parquet.write_table(result.to_arrow(), file)


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
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


@contextmanager
def _text(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    with _opened(output, "w", encoding="utf-8", newline="") as file:
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
