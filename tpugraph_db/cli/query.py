"""query, queries."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, open_db, output_options
from tpugraph_db.cli.params import param_option, values
from tpugraph_db.errors import UsageError

if TYPE_CHECKING:
    from tpugraph_db.database import Database


@click.command("query")
@click.argument("cypher", required=False)
@click.option("-n", "--name", help="A query of the library (tpudb queries lists them).")
@click.option("-f", "--file", type=click.Path(path_type=Path, allow_dash=True), help="Cypher in a file; '-' is stdin.")
@param_option
@click.option("--limit", type=int, default=500, show_default=True, help="Rows to write; -1 for all.")
@click.option(
    "--timeout", type=float, default=30.0, show_default=True, help="Seconds after which the engine stops; 0 for none."
)
@click.option("--write", is_flag=True, help="Let the statement change the store.")
@db_option
@output_options
def query_command(
    cypher: str | None,
    name: str | None,
    file: Path | None,
    params: tuple[str, ...],
    limit: int,
    timeout: float,
    write: bool,
    uri: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """Run Cypher, a named query, or a file of Cypher. Read-only unless --write.

    \b
      tpudb query 'MATCH (o:Op {opcode: $op}) RETURN o.graph, count(*)' -p op=convolution
      tpudb query -n opcode_histogram -p graph=unet3d --format csv
    """
    if sum(given is not None for given in (cypher, name, file)) != 1:
        raise UsageError("give one of: a Cypher text, -n NAME, -f FILE")
    if limit < -1:
        raise UsageError(f"--limit: expected a number of rows, or -1 for all; found {limit}")
    text = cypher if cypher is not None else _text_of(file) if file is not None else ""
    plain = values(params)
    with open_db(uri) as db:
        question = (text, plain) if name is None else _named(db, name, params)
        if limit < 0 and not write and out.streams(format_, output):
            with db.stream(*question, timeout=timeout or None) as cursor:
                out.write_rows(cursor, format_, output)
            return
        result = db.query(*question, write=write, timeout=timeout or None, limit=None if limit < 0 else limit)
    out.write(result, format_, output)


@click.command("queries")
@output_options
def queries_command(format_: str | None, output: Path | None) -> None:
    """List the named queries, their parameters and columns."""
    from tpugraph_db.cypher.library import all_queries
    from tpugraph_db.stores.result import Result

    rows = [(query.name, query.what, ", ".join(map(str, query.parameters))) for query in all_queries()]
    out.write(Result(("name", "what", "parameters"), rows, len(rows)), format_, output)


def _named(db: Database, name: str, params: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Text and parameters of a query of the library."""
    from tpugraph_db.cypher.library import find_query
    from tpugraph_db.query import bound

    texts = {parameter.name for parameter in find_query(name).parameters if parameter.type == "string"}
    return bound(db.store, name, values(params, texts))


def _text_of(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({error})") from error
