"""Many graphs into the embedded store, against ArcadeDB's own Python batch API as documented.

The peer gives a row a dict and plain edges. Both have the same data, indexes and heap, and a process of their own.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator

import tpugraph_db
from benchmarks.common import Result, Watch, alone, compare, ops, tell
from benchmarks.peer import Batch
from benchmarks.synthetic import batches, many
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
    with Batch() as batch:
        for graph in many(graphs, ops):
            with watch:
                batch.add(graph)
        with watch:
            batch.finish()
    return watch.seconds


if __name__ == "__main__":
    side, *sizes = sys.argv[1:]
    tell({"ours": ours, "peer": peer}[side](*map(int, sizes)))
