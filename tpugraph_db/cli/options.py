"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tpugraph_db.cli.output import FORMATS

if TYPE_CHECKING:
    from tpugraph_db.database import Database

Command = TypeVar("Command", bound=Callable[..., Any])


def db_option(command: Command) -> Command:
    """``--db``."""
    text = "Store: a folder, arcadedb:FOLDER, or a Neo4j address (neo4j://, bolt://, +s, +ssc)."
    return click.option("--db", "uri", metavar="URI", help=text)(command)


def output_options(command: Command) -> Command:
    """``--format`` and ``-o``."""
    command = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write to a file; its suffix gives the format.",
    )(command)
    return format_option(command)


def format_option(command: Command) -> Command:
    """``--format`` alone, where ``-o`` is something else's."""
    text = "How rows are written.  [default: table]"
    return click.option("--format", "format_", type=click.Choice(FORMATS), help=text)(command)


def max_bytes_option(command: Command) -> Command:
    """``--max-bytes``."""
    text = "Refuse a file whose arrays would take more memory."
    return click.option("--max-bytes", type=Bytes(), default="2g", show_default=True, help=text)(command)


def open_db(uri: str | None, *, create: bool = False) -> Database:
    """The store that the options and the environment name; the library is imported only now."""
    from tpugraph_db.database import open

    return open(uri, create=create)


class Bytes(click.ParamType[int]):
    """A number of bytes; k, m, g and t are powers of 1024."""

    name = "BYTES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Number of bytes; k, m, g and t are powers of 1024."""
        match = re.fullmatch(r"([0-9]{1,15})([kmgt]?)", str(value).lower())
        if not match:
            self.fail(f"expected a number of bytes, such as 8g, found {value!r}", param, ctx)
        return int(match[1]) << 10 * " kmgt".index(match[2] or " ")
