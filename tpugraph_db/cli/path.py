"""path, near."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, output_options
from tpugraph_db.cli.subject import figure_options, say_figure, subject, write_top
from tpugraph_db.errors import UsageError

if TYPE_CHECKING:
    from tpugraph_db.analytics.figures import Figure
    from tpugraph_db.record import GraphRecord
    from tpugraph_db.stores.result import Result


@click.command("path")
@click.argument("graph", metavar="GRAPH|FILE")
@figure_options
@click.option("-k", "ways", type=click.IntRange(1), default=1, show_default=True, help="The k dearest ways.")
@click.option("--computation", type=int, metavar="NUMBER", help="Its number.  [default: where the program begins]")
@click.option("--from", "start", metavar="OP", help="The dearest way from this op (index or name) ...")
@click.option("--to", "end", metavar="OP", help="... to this one, instead.")
@click.option("--fewest", is_flag=True, help="Of those ways the one of fewest edges, calls among them.")
@click.option("--slack", is_flag=True, help="List ops by slack instead, the least first.")
@click.option("-n", "count", type=click.IntRange(0), default=20, show_default=True, help="Ops that --slack lists.")
@db_option
@output_options
def path_command(
    graph: str,
    by: str | None,
    machine: str | None,
    uri: str | None,
    format_: str | None,
    output: Path | None,
    **asked: Any,
) -> None:
    """The critical path: what the program waits for, op after op, producers first.

    An op counts with all that it calls; what is called has a path of its own (--computation). An op may get dearer by
    its slack before anything waits for it.
    """
    if (asked["start"] is None) != (asked["end"] is None):
        raise UsageError("--from and --to are two ends of one way: give both")
    if asked["slack"] and asked["start"] is not None:
        raise UsageError("--slack is of all ops, --from and --to of one way: give one of the two")
    if asked["fewest"] and asked["start"] is None:
        raise UsageError("--fewest is of the ways between two ops: give --from and --to")
    with subject(graph, uri) as (record, store):
        from tpugraph_db.figured import figure_of

        figure = figure_of(record, by, machine=machine, store=store)
        result = _rows(record, figure, **asked)
    write_top(result, format_, output)
    say_figure(figure)


def _rows(
    record: GraphRecord,
    figure: Figure,
    *,
    ways: int,
    computation: int | None,
    start: str | None,
    end: str | None,
    fewest: bool,
    slack: bool,
    count: int,
) -> Result:
    from tpugraph_db.analytics.find_op import find_op
    from tpugraph_db.analytics.path_rows import path_between, path_rows, slack_rows

    if start is not None and end is not None:
        return path_between(record, figure, find_op(record, start), find_op(record, end), fewest=fewest)
    if slack:
        return slack_rows(record, figure, computation=computation, count=count)
    return path_rows(record, figure, computation=computation, count=ways)


@click.command("near")
@click.argument("graph", metavar="GRAPH|FILE")
@click.argument("op", metavar="OP")
@click.option("-k", "hops", type=click.IntRange(0), default=2, show_default=True, help="Edges to go.")
@click.option("--in", "direction", flag_value="in", help="Towards producers alone.")
@click.option("--out", "direction", flag_value="out", help="Towards consumers alone.")
@click.option("--both", "direction", flag_value="both", default=True, help="Either way.  [default]")
@click.option(
    "--stop-at", multiple=True, metavar="OPCODE", help="List such ops, and do not look past them. Repeatable."
)
@db_option
@output_options
def near_command(
    graph: str,
    op: str,
    hops: int,
    direction: Any,
    stop_at: tuple[str, ...],
    uri: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """The ops around one, given by index or name: what it is computed from, and what it is used for.

    Calls count as edges. Way says how an op is reached: in, out, or beside where the way turns.
    """
    with subject(graph, uri) as (record, _):
        from tpugraph_db.analytics.find_op import find_op
        from tpugraph_db.analytics.near import near

        result = near(record, find_op(record, op), hops, direction, stop_at)
    out.write(result, format_, output)
