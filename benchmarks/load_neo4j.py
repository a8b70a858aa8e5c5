"""Many graphs into Neo4j, against one UNWIND MERGE script a graph with the official driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.common import Result, Watch, compare, ops
from benchmarks.neo4j_room import VERSIONS, empty, neo4j_store
from benchmarks.synthetic import batches, many
from tpugraph_db.rows import GraphRows
from tpugraph_db.stores.change import add_graphs
from tpugraph_db.stores.neo4j import Neo4jStore

NODES = "UNWIND $rows AS row MERGE (o:Op {uid: row.uid}) SET o += row"
EDGES = "UNWIND $edges AS e MATCH (a:Op {uid: e[0]}) MATCH (b:Op {uid: e[1]}) MERGE (a)-[:FEEDS]->(b)"


def measure() -> Iterator[Result]:
    """500 large graphs and 7,000 small ones, the rows made beforehand, each run in an empty database."""
    for version in VERSIONS:
        with neo4j_store(version) as store:
            for graphs in (500, 7_000):
                yield compare(
                    f"load_neo4j {version} {graphs} graphs {ops()} ops",
                    "an UNWIND MERGE script a graph",
                    lambda graphs=graphs: _run(store, graphs, _ours, store.batch_elements),
                    lambda graphs=graphs: _run(store, graphs, _peer, 1),
                    pairs=3,
                )


def _run(store: Neo4jStore, graphs: int, write: Callable[[Neo4jStore, list[GraphRows]], None], elements: int) -> float:
    empty(store)
    watch = Watch()
    for together in batches(many(graphs, ops()), elements):
        with watch:
            write(store, together)
    return watch.seconds


def _ours(store: Neo4jStore, graphs: list[GraphRows]) -> None:
    add_graphs(store, graphs)


def _peer(store: Neo4jStore, graphs: list[GraphRows]) -> None:
    for graph in graphs:
        rows = [dict(zip(graph.ops, row, strict=True)) for row in zip(*graph.ops.values(), strict=True)]
        uids = graph.ops["uid"]
        edges = [[uids[producer], uids[consumer]] for producer, consumer in graph.feeds.tolist()]
        store.write([(NODES, {"rows": rows}), (EDGES, {"edges": edges})])
