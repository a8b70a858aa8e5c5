"""nx."""

from __future__ import annotations

from pathlib import Path

import click

from tpugraph_db.cli.options import db_option, output_options
from tpugraph_db.cli.subject import subject, write_top
from tpugraph_db.cli.terminal import say


@click.command("nx")
@click.argument("graph", metavar="GRAPH|FILE")
@click.argument("algorithm", metavar="ALGORITHM")
@click.option("-n", "count", type=click.IntRange(0), default=20, show_default=True, help="Ops to list.")
@db_option
@output_options
def nx_command(
    graph: str, algorithm: str, count: int, uri: str | None, format_: str | None, output: Path | None
) -> None:
    """Centrality and the like of a graph's ops, through networkx: the ops with the largest values.

    \b
    degree_centrality, in_degree_centrality, out_degree_centrality, pagerank, core_number
    betweenness_centrality, closeness_centrality, harmonic_centrality   (slow: ops times edges)
    articulation_points          pieces that the graph falls into more, without the op
    immediate_dominators         the next op that all its ways to results pass through
    topological_generations, weakly_connected_components
    """
    from tpugraph_db.analytics import algorithms
    from tpugraph_db.cli.progress import progress

    chosen = algorithms.algorithm(algorithm)
    with subject(graph, uri) as (record, _):
        if not chosen.slow:
            result = algorithms.algorithm_rows(record, algorithm, count)
        else:
            with progress() as bar:
                task = bar.add_task(algorithm, total=len(record))
                result = algorithms.algorithm_rows(record, algorithm, count, lambda done: bar.advance(task, done))
    write_top(result, format_, output)
    say(f"structural: {algorithm} ({chosen.package}), {chosen.what}")
