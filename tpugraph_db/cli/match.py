"""match."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, open_db, output_options
from tpugraph_db.cli.terminal import say
from tpugraph_db.errors import UsageError

if TYPE_CHECKING:
    from tpugraph_db.patterns.compile import Statement

_LIMIT = 500


@click.command("match")
@click.argument("pattern", required=False)
@click.argument("graph", required=False)
@click.option("--collection", metavar="C", help="Only graphs of this collection.")
@click.option("--all", "everywhere", is_flag=True, help="Every graph; as where no graph is named.")
@click.option("--list", "listed", is_flag=True, help="List the patterns of the library.")
@click.option("--show-cypher", is_flag=True, help="Print the Cypher and its parameters, and run nothing.")
@click.option("--count", is_flag=True, help="Only how many matches there are.")
@click.option(
    "--by", type=click.Choice(("graph", "block", "collection")), help="How many in each; block: of one graph."
)
@click.option(
    "--rank",
    type=click.Choice(("bytes", "flops", "cost", "measured")),
    help="Those whose ops have most of it together first.",
)
@click.option("--limit", type=int, default=_LIMIT, show_default=True, help="Rows to write; -1 for all.")
@click.option("--timeout", type=float, default=0.0, help="Seconds after which the engine stops.  [default: none]")
@db_option
@output_options
def match_command(
    pattern: str | None,
    graph: str | None,
    collection: str | None,
    everywhere: bool,
    listed: bool,
    show_cypher: bool,
    limit: int,
    timeout: float,
    uri: str | None,
    format_: str | None,
    output: Path | None,
    **asked: Any,
) -> None:
    """Find a pattern of ops in one graph, a collection, or all graphs. '->' is FEEDS: producer -> consumer.

    PATTERN is a pattern, or the name of one in the library. A row is a match; it names every op of it.

    \b
      tpudb match 'convolution -> add? -> {maximum|clamp}' unet3d
      tpudb match 'x:dot[bytes > 1MB] -> (add, convert) ..> reduce where x.dtype = bf16' --rank bytes
      tpudb match softmax --by graph

    The language: docs/patterns.md.
    """
    if listed:
        _list(format_, output)
        return
    _check(pattern, graph, collection, everywhere, limit)
    assert pattern is not None
    _parsed(pattern)  # before a store is opened
    wanted = None if limit < 0 else limit
    with open_db(uri) as db:
        from tpugraph_db.match import question, run

        asked_for = question(db.store, pattern, graph=graph, collection=collection, **asked)
        statement = asked_for.statement(wanted)
        if statement.impossible:
            say(f"nothing can match: {statement.impossible}")
        if show_cypher:
            click.echo(_shown(statement))
            if asked_for.beside:
                say(f"its rows are {asked_for.beside} outside the store")
        elif wanted is None and not asked_for.counts and out.streams(format_, output):
            with db.stream(statement.text, statement.parameters, timeout=timeout or None) as cursor:
                out.write_rows(cursor, format_, output)
        else:
            out.write(run(db.store, asked_for, limit=wanted, timeout=timeout or None), format_, output)


def _check(pattern: str | None, graph: str | None, collection: str | None, everywhere: bool, limit: int) -> None:
    if pattern is None:
        raise UsageError("give a pattern, or the name of one: tpudb match --list")
    if sum((graph is not None, collection is not None, everywhere)) > 1:
        raise UsageError("give one of: GRAPH, --collection C, --all")
    if limit < -1:
        raise UsageError(f"--limit: expected a number of rows, or -1 for all; found {limit}")


def _parsed(pattern: str) -> None:
    """Read it, and show the place of what is wrong in it."""
    from tpugraph_db.match import find
    from tpugraph_db.patterns.errors import PatternError

    try:
        find(pattern)
    except PatternError as error:
        for line in error.marked.splitlines():
            say(line)
        raise


def _shown(statement: Statement) -> str:
    """Parameters as comments, then the Cypher: as a whole a file for tpudb query -f."""
    import json

    given = [f"// -p {name}='{json.dumps(value)}'" for name, value in statement.parameters.items()]
    return "\n".join([*given, statement.text])


def _list(format_: str | None, output: Path | None) -> None:
    from tpugraph_db.cypher.patterns.library import all_patterns
    from tpugraph_db.stores.result import Result

    rows: list[tuple[Any, ...]] = [(one.name, one.what, one.text or "(Cypher)") for one in all_patterns()]
    out.write(Result(("name", "what", "pattern"), rows, len(rows)), format_, output)
