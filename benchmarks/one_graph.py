"""One graph as large as all, into an empty store, against the same ops in 500 graphs; either engine's heap is 2 GB."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator

import tpugraph_db
from benchmarks.common import Result, Watch, alone, compare, ops, tell
from benchmarks.neo4j_room import VERSIONS, empty, neo4j_store
from benchmarks.synthetic import batches, many
from tpugraph_db.stores import Store
from tpugraph_db.stores.change import add_graphs

MANY = 500


def measure() -> Iterator[Result]:
    """The rows made beforehand."""
    against = f"the same in {MANY} graphs"
    yield compare(
        f"one_graph {ops()} ops",
        against,
        lambda: alone("benchmarks.one_graph", 1, ops()),
        lambda: alone("benchmarks.one_graph", MANY, ops()),
        pairs=3,
        warm=False,
    )
    for version in VERSIONS:
        with neo4j_store(version) as store:

            def run(graphs: int, store: Store = store) -> float:
                empty(store)
                return _fill(store, graphs, ops())

            name = f"one_graph neo4j {version} {ops()} ops"
            yield compare(name, against, lambda run=run: run(1), lambda run=run: run(MANY), pairs=1, warm=False)


def embedded(graphs: int, ops: int) -> float:
    """Into a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, tpugraph_db.open(folder) as db:
        db.load([])
        return _fill(db.store, graphs, ops)


def _fill(store: Store, graphs: int, ops: int) -> float:
    watch = Watch()
    for together in batches(many(graphs, ops), store.batch_elements):
        with watch:
            add_graphs(store, together)
    query = "MATCH (g:Graph) OPTIONAL MATCH (o:Op {graph: g.id}) RETURN count(DISTINCT g), count(o)"
    assert store.query(query).rows == [(graphs, ops)]
    return watch.seconds


if __name__ == "__main__":
    tell(embedded(*map(int, sys.argv[1:])))
