"""Graphs into the embedded store, against ArcadeDB's own Python batch API as documented: a row a dict, plain edges."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.common import Result, compare, seconds
from benchmarks.synthetic import make
from tpugraph_db import schema
from tpugraph_db.rows import GraphRows, graph_rows
from tpugraph_db.stores import jvm
from tpugraph_db.stores.arcadedb import ArcadeStore

GRAPHS, OPS = 10, 4_000


def measure() -> Result:
    """40,000 ops and 65,600 edges in 10 graphs, the rows made beforehand, each run in an empty store."""
    graphs = [graph_rows(make(f"g{i}", OPS, 10, seed=i), f"{i}", configs=0) for i in range(GRAPHS)]
    return compare(
        "load_embedded", "ArcadeDB's Python batch API", lambda: _ours(graphs), lambda: _peer(graphs), pairs=3
    )


def _ours(graphs: list[GraphRows]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        store = ArcadeStore(Path(folder))
        store.apply_schema()
        spent = seconds(lambda: store.add_graphs(graphs))
        store.close()
    return spent


def _peer(graphs: list[GraphRows]) -> float:
    arcadedb = jvm.start()
    with tempfile.TemporaryDirectory() as folder:
        db = arcadedb.create_database(f"{folder}/graph")
        for statement in schema.arcadedb_statements():
            db.command("sql", statement.replace(" LIGHTWEIGHT", ""))
        spent = seconds(lambda: _batch(db, graphs))
        db.close()
    return spent


def _batch(db: Any, graphs: list[GraphRows]) -> None:
    with db.graph_batch(use_wal=True) as batch:
        for graph in graphs:
            rows = [dict(zip(graph.ops, row, strict=True)) for row in zip(*graph.ops.values(), strict=True)]
            ids = batch.create_vertices("Op", rows)
            for kind, edges in (("FEEDS", graph.feeds), ("CALLED_BY", graph.called_by)):
                batch.new_edges([ids[i] for i, _ in edges.tolist()], kind, [ids[i] for _, i in edges.tolist()])
