"""hot, blocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tpugraph_db.cli.options import db_option, output_options
from tpugraph_db.cli.subject import GROUPS, figure_options, say_figure, subject, write_top

if TYPE_CHECKING:
    from tpugraph_db.stores.result import Result

_count_option = click.option("-n", "count", type=click.IntRange(0), default=20, show_default=True, help="Rows to list.")


@click.command("hot")
@click.argument("graph", metavar="GRAPH|FILE")
@figure_options
@_count_option
@click.option("--group", type=GROUPS, help="Put ops together.")
@click.option("--filter", "filter_", metavar="TEXT", default="", help="Rows with these words; opcode=dot, share>0.01.")
@click.option("--sort", metavar="COLUMN", help="Numbers fall, words rise; those of equal worth as they stood.")
@click.option("--reverse", is_flag=True, help="Sort the other way round.")
@db_option
@output_options
def hot_command(
    graph: str,
    by: str | None,
    machine: str | None,
    count: int,
    group: str | None,
    filter_: str,
    sort: str | None,
    reverse: bool,
    uri: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """Where the cost sits: the ops with most of a figure.

    Shares are of the ops' own figures in one run of the program; total is of one execution with all that the op calls.
    Slack 0 is on the critical path. Copies says how often the repeated block that an op is in stands in the graph.
    """
    with subject(graph, uri) as (record, store):
        from tpugraph_db.analytics.hot import hot, hot_groups
        from tpugraph_db.figured import figure_of

        figure = figure_of(record, by, machine=machine, store=store)
        rows = len(record) if filter_ or sort or reverse else count
        result = hot(record, figure, rows) if group is None else hot_groups(record, figure, group, rows)
    if filter_ or sort or reverse:
        result = _arranged(result, filter_, sort, reverse, count)
    write_top(result, format_, output)
    say_figure(figure)


def _arranged(result: Result, filter_: str, sort: str | None, reverse: bool, count: int) -> Result:
    from tpugraph_db.explore.table import Arrangement, arranged_rows

    return arranged_rows(result, Arrangement(sort, reverse, filter_)).cut(count)


@click.command("blocks")
@click.argument("graph", metavar="GRAPH|FILE")
@figure_options
@_count_option
@db_option
@output_options
def blocks_command(
    graph: str,
    by: str | None,
    machine: str | None,
    count: int,
    uri: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """The repeated blocks of a graph, its layers: how often each stands in it, and what all copies cost together.

    They are found in the structure alone, without names. Starts is the first op of each copy.
    """
    with subject(graph, uri) as (record, store):
        from tpugraph_db.analytics.hot import block_rows
        from tpugraph_db.figured import figure_of

        figure = figure_of(record, by, machine=machine, store=store)
        result = block_rows(record, figure, count)
    write_top(result, format_, output)
    say_figure(figure)
