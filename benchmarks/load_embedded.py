"""Many graphs into the embedded store, against ArcadeDB's own Python batch API as documented.

The peer gives a row a dict and plain edges. Both have the same data, indexes and heap, and a process of their own.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import tpugraph_db
from benchmarks.common import Result, Watch, alone, compare, ops, tell
from benchmarks.synthetic import batches, many
from tpugraph_db import schema
from tpugraph_db.rows import GraphRows
from tpugraph_db.stores import jvm
from tpugraph_db.stores.change import add_graphs


def measure() -> Iterator[Result]:
    """500 large graphs and 7,000 small ones, the rows made beforehand, each run in an empty store."""
    for graphs in (500, 7_000):
        yield compare(
            f"load_embedded {graphs} graphs {ops()} ops",
            "ArcadeDB's Python batch API",
            lambda graphs=graphs: alone("benchmarks.load_embedded", "ours", graphs, ops()),
            lambda graphs=graphs: alone("benchmarks.load_embedded", "peer", graphs, ops()),
            pairs=3,
            warm=False,
        )


def ours(graphs: int, ops: int) -> float:
    """As tpudb load does it, from rows."""
    watch = Watch()
    with tempfile.TemporaryDirectory() as folder, tpugraph_db.open(folder) as db:
        db.load([])
        for together in batches(many(graphs, ops), db.store.batch_elements):
            with watch:
                add_graphs(db.store, together)
    return watch.seconds


def peer(graphs: int, ops: int) -> float:
    """As ArcadeDB's documentation shows it."""
    watch = Watch()
    arcadedb = jvm.start()
    with tempfile.TemporaryDirectory() as folder:
        db = arcadedb.create_database(f"{folder}/graph")
        for statement in schema.arcadedb_statements():
            db.command("sql", statement.replace(" LIGHTWEIGHT", ""))
        batch = db.graph_batch(use_wal=True)
        for graph in many(graphs, ops):
            with watch:
                _add(batch, graph)
        with watch:
            batch.close()
        db.close()
    return watch.seconds


def _add(batch: Any, graph: GraphRows) -> None:
    rows = [dict(zip(graph.ops, row, strict=True)) for row in zip(*graph.ops.values(), strict=True)]
    ids = batch.create_vertices("Op", rows)
    for kind, edges in (("FEEDS", graph.feeds), ("CALLED_BY", graph.called_by)):
        batch.new_edges([ids[i] for i, _ in edges.tolist()], kind, [ids[i] for _, i in edges.tolist()])


if __name__ == "__main__":
    side, *sizes = sys.argv[1:]
    tell({"ours": ours, "peer": peer}[side](*map(int, sizes)))
