"""diff."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, open_db, output_options
from tpugraph_db.cli.subject import figure_options, write_top
from tpugraph_db.cli.terminal import say
from tpugraph_db.paths import is_file

if TYPE_CHECKING:
    from tpugraph_db.diffed import Side

_GATE = "Leave with exit code 4 where this holds: 'bytes>+5%', 'ops:transpose>0', 'path:flops>+1%'. Repeatable."


@click.command("diff")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@figure_options
@click.option("--fail-on", "gates", multiple=True, metavar="GATE", help=_GATE)
@click.option("--summary", is_flag=True, help="List the totals instead: what a gate can ask for.")
@click.option("--noise", type=click.FloatRange(0), default=5.0, show_default=True, metavar="PERCENT",
              help="Up to here a change of a measured figure alone is none.")  # fmt: skip
@click.option("-n", "count", type=click.IntRange(0), default=100, show_default=True, help="Changes to list.")
@db_option
@output_options
def diff_command(
    a: str,
    b: str,
    by: str | None,
    machine: str | None,
    gates: tuple[str, ...],
    summary: bool,
    noise: float,
    count: int,
    uri: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """What changed from A to B, each a graph's id or a file.

    Ops are matched by name, then by structure: what was added, removed, and what the others say otherwise. The change
    of the figure is B's less A's. A gate compares the change of a total, in its unit or in percent of A's.
    """
    with _sides(a, b, uri) as (one, other):
        from tpugraph_db.analytics import gates as bounds
        from tpugraph_db.diffed import diff_graphs

        asked = [bounds.parse(text) for text in gates]
        also = [gate.figure for gate in asked if gate.figure]
        found = diff_graphs(one, other, by, machine=machine, noise=noise, also=also)
    failed = bounds.judge(found, asked)
    if summary:
        out.write_rows(found.summary(), format_, output)
    else:
        write_top(found.changes.cut(count), format_, output)
    say(f"structural: {found}")
    bounds.fail(failed)


@contextmanager
def _sides(a: str, b: str, uri: str | None) -> Iterator[tuple[Side, Side]]:
    """Both graphs; the store is opened once, and not for files."""
    with ExitStack() as stack:
        db = None if is_file(a) and is_file(b) else stack.enter_context(open_db(uri))

        def side(graph: str) -> Side:
            if db is not None and not is_file(graph):
                return db.record(graph), db.store
            from tpugraph_db.formats import read

            return read(graph), None

        yield side(a), side(b)
