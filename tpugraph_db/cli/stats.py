"""stats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, output_options
from tpugraph_db.cli.subject import GROUPS, subject, subset_options, write_top


@click.command("stats")
@click.argument("graph", metavar="GRAPH|FILE")
@click.option("--by", type=GROUPS, help="A row for each group.")
@click.option("-n", "count", type=click.IntRange(0), default=20, show_default=True, help="Groups to list.")
@subset_options
@db_option
@output_options
def stats_command(
    graph: str,
    by: str | None,
    count: int,
    uri: str | None,
    format_: str | None,
    output: Path | None,
    **subset: Any,
) -> None:
    """What a graph is, or a part of it: ops, edges, depth, width, opcodes, flops, bytes, what crosses its border.

    Edges are those inside the part. bytes_in is the output of ops outside that it uses, bytes_out what is used outside.
    configurable_share is of the part's ops, other shares of the whole graph's. Groups are listed dearest first. Without
    --by a table has a line for each figure; other formats have one row.
    """
    with subject(graph, uri) as (record, store):
        from tpugraph_db.analytics.stats import as_list, stats
        from tpugraph_db.chosen import chosen_ops

        ops = chosen_ops(record, store, **subset)
        result = stats(record, ops, by, count if by else None)
        if by is None and out.is_table(format_, output):
            result = as_list(result)
    write_top(result, format_, output)
