"""export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option
from tpugraph_db.cli.subject import subject, subset_options
from tpugraph_db.cli.terminal import say
from tpugraph_db.errors import UsageError

_FORMATS = ("npz", "graphml", "dot", "json", "parquet", "model-explorer")


@click.command("export")
@click.argument("graph", metavar="GRAPH|FILE")
@click.option(
    "-f", "--format", "format_", type=click.Choice(_FORMATS), default="npz", show_default=True, help="What is written."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File, or parquet's folder.  [default: stdout]")
@click.option(
    "--node-data", metavar="FIGURE", help="Model Explorer's node data of cost, flops, measured, ..., beside it."
)
@click.option("--machine", metavar="NAME|FILE", help="For --node-data modelled and headroom.")
@subset_options
@db_option
def export_command(
    graph: str,
    format_: str,
    output: Path | None,
    node_data: str | None,
    machine: str | None,
    uri: str | None,
    **subset: Any,
) -> None:
    """Write a graph, or some of its ops with the edges among them, as a file of another tool.

    \b
    npz             TpuGraphs' own keys, dtypes and shapes; ops of a part are numbered anew
    graphml         networkx, Gephi, yEd: plain attributes
    dot             Graphviz
    json            networkx.node_link_graph
    parquet         a folder with ops.parquet and edges.parquet (producer, consumer, call)
    model-explorer  Google's Model Explorer; --node-data FIGURE writes a second file that colours its nodes

    But for npz, an op keeps its index; edges run producer -> consumer. An npz has no place for what HLO alone says
    (names, attributes, computations); config_is_default and config_runtime_repeat are in it where the graph has them.
    """
    if node_data is not None and (output is None or format_ != "model-explorer"):
        raise UsageError("--node-data is a second file of -f model-explorer beside -o FILE: give both")
    if format_ == "parquet" and output is None:
        raise UsageError("parquet is two files, ops and edges: give -o FOLDER")
    with subject(graph, uri) as (record, store):
        from tpugraph_db import exports
        from tpugraph_db.chosen import chosen_ops
        from tpugraph_db.figured import figure_of

        ops = chosen_ops(record, store, **subset)
        figure = None if node_data is None else figure_of(record, node_data, machine=machine, store=store)
    if output is not None:
        with out.faults_said(output):
            written = exports.export(record, output, format_, ops, figure)
        if len(written) > 1:
            say(f"written: {', '.join(map(str, written))}")
    elif format_ == "npz":
        out.write_binary(lambda file: exports.write_npz(record, file, ops), format_, None)
    else:
        out.write_text(exports.text_of(record, format_, ops), None)
