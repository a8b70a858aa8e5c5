"""ls, info, rm, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, max_bytes_option, open_db, output_options
from tpugraph_db.cli.terminal import say, say_unknown
from tpugraph_db.paths import is_file

if TYPE_CHECKING:
    from tpugraph_db.database import Database
    from tpugraph_db.record import GraphRecord

_LISTED = ("id", "ops", "edges", "configs", "measured", "best_ns", "worst_ns")


@click.command("ls")
@db_option
@output_options
def ls_command(uri: str | None, format_: str | None, output: Path | None) -> None:
    """List the graphs that are loaded."""
    from tpugraph_db.stores.result import Result

    with open_db(uri) as db:
        graphs = db.graphs()
    rows = [tuple(graph[name] for name in _LISTED) for graph in graphs.to_dicts()]
    out.write(Result(_LISTED, rows, len(rows)), format_, output)


@click.command("info")
@click.argument("graph", metavar="GRAPH|FILE")
@click.option("--name", help="Name of the graph when FILE is '-'.")
@max_bytes_option
@db_option
@output_options
def info_command(
    graph: str, name: str | None, max_bytes: int, uri: str | None, format_: str | None, output: Path | None
) -> None:
    """Describe a graph that is loaded (an id, or any unique part of one), or a file that is not.

    Of a file with several graphs each is a row.
    """
    from tpugraph_db.stores.result import Result

    if graph == "-" or is_file(graph):
        from tpugraph_db.formats import read_all

        described = [_describe_record(record) for record in read_all(graph, name=name, max_bytes=max_bytes)]
    else:
        with open_db(uri) as db:
            described = [_describe_graph(db, db.find(graph))]
    rows: list[tuple[Any, ...]] = [tuple(facts.get(name) for name in _LISTED) for facts in described]
    result = Result(_LISTED, rows, len(rows))
    if len(described) == 1:
        result = Result(("property", "value"), list(described[0].items()), len(described[0]))
    out.write(result, format_, output)


@click.command("rm")
@click.argument("graphs", nargs=-1, required=True, metavar="GRAPH...")
@db_option
def rm_command(graphs: tuple[str, ...], uri: str | None) -> None:
    """Remove graphs, and the arrays beside them that nothing else refers to."""
    with open_db(uri) as db:
        for graph in db.remove(graphs):
            say(f"removed {graph}")


@click.command("schema")
@output_options
def schema_command(format_: str | None, output: Path | None) -> None:
    """Labels, relationships and properties of the graph database, with units."""
    from tpugraph_db.schema import LABELS, RELATIONSHIPS
    from tpugraph_db.stores.result import Result

    rows: list[tuple[Any, ...]] = [
        (f"(:{label.name})", p.name, p.type, p.unit or None, p.key, p.description)
        for label in LABELS
        for p in label.properties
    ]
    rows += [
        (f"(:{r.source})-[:{r.type}]->(:{r.target})", None, None, None, None, r.description) for r in RELATIONSHIPS
    ]
    rows += [
        (f"-[:{r.type}]-", p.name, p.type, p.unit or None, p.key, p.description)
        for r in RELATIONSHIPS
        for p in r.properties
    ]
    out.write(Result(("what", "property", "type", "unit", "key", "description"), rows, len(rows)), format_, output)


def _describe_record(record: GraphRecord) -> dict[str, Any]:
    from tpugraph_db.rows import graph_rows

    say_unknown([record.unknown])
    graph = graph_rows(record, payload="", configs=0).graph
    facts = {name: value for name, value in graph.items() if name not in ("payload", "loaded_at")}
    return facts | _structure(record)


def _describe_graph(db: Database, graph: str) -> dict[str, Any]:
    from tpugraph_db.errors import PayloadError
    from tpugraph_db.schema import GRAPH

    found = db.query("MATCH (g:Graph {id: $id}) RETURN g", {"id": graph}).rows[0][0].properties
    facts = {name: found[name] for name in GRAPH.property_names() if name in found}
    counts = db.query("MATCH (c:Config {graph: $id}) RETURN count(c)", {"id": graph})
    models = db.query("MATCH (p:Prediction {graph: $id}) RETURN p.model, p.made_at ORDER BY p.model", {"id": graph})
    facts["config_nodes"] = counts.rows[0][0]
    facts |= {f"prediction {model}": made_at for model, made_at in models}
    try:
        return facts | _structure(db.record(graph))
    except PayloadError as error:
        say(f"tpudb: {error}")
        return facts


def _structure(record: GraphRecord) -> dict[str, Any]:
    import numpy as np

    names, counts = np.unique(record.opcodes, return_counts=True)
    top = np.argsort(-counts, kind="stable")[:5]
    return {
        "computations": int(record.computation.max()) + 1,  # a store of an older schema does not say
        "call_edges": int(record.is_call.sum()),
        "opcodes": len(names),
        "most_frequent": ", ".join(f"{names[at] or 'unknown'} {counts[at]}" for at in top),
    }
