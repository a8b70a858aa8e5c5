"""hot, blocks."""

from __future__ import annotations

from pathlib import Path

import click

from tpugraph_db.cli.options import db_option, output_options
from tpugraph_db.cli.subject import GROUPS, figure_options, say_figure, subject, write_top

_count_option = click.option("-n", "count", type=click.IntRange(0), default=20, show_default=True, help="Rows to list.")


@click.command("hot")
@click.argument("graph", metavar="GRAPH|FILE")
@figure_options
@_count_option
@click.option("--group", type=GROUPS, help="Put ops together.")
@db_option
@output_options
def hot_command(
    graph: str,
    by: str | None,
    machine: str | None,
    count: int,
    group: str | None,
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
        result = hot(record, figure, count) if group is None else hot_groups(record, figure, group, count)
    write_top(result, format_, output)
    say_figure(figure)


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
