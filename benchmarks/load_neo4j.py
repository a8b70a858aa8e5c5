"""Graphs into Neo4j 5.26, against one UNWIND MERGE script a graph with the official driver."""

from __future__ import annotations

from benchmarks.common import Result, compare, seconds
from benchmarks.neo4j_room import empty, neo4j_store
from benchmarks.synthetic import make
from tpugraph_db.rows import GraphRows, graph_rows
from tpugraph_db.stores.neo4j import Neo4jStore

GRAPHS, OPS = 5, 4_000
NODES = "UNWIND $rows AS row MERGE (o:Op {uid: row.uid}) SET o += row"
EDGES = "UNWIND $edges AS e MATCH (a:Op {uid: e[0]}) MATCH (b:Op {uid: e[1]}) MERGE (a)-[:FEEDS]->(b)"


def measure() -> Result:
    """20,000 ops and 32,800 edges in 5 graphs, the rows made beforehand, each run in an empty database."""
    graphs = [graph_rows(make(f"g{i}", OPS, 10, seed=i), f"{i}", configs=0) for i in range(GRAPHS)]
    with neo4j_store() as store:
        return compare(
            "load_neo4j",
            "an UNWIND MERGE script a graph",
            lambda: _ours(store, graphs),
            lambda: _peer(store, graphs),
            pairs=3,
        )


def _ours(store: Neo4jStore, graphs: list[GraphRows]) -> float:
    empty(store)
    return seconds(lambda: [store.add_graphs([graph]) for graph in graphs])


def _peer(store: Neo4jStore, graphs: list[GraphRows]) -> float:
    empty(store)
    return seconds(lambda: [_script(store, graph) for graph in graphs])


def _script(store: Neo4jStore, graph: GraphRows) -> None:
    rows = [dict(zip(graph.ops, row, strict=True)) for row in zip(*graph.ops.values(), strict=True)]
    uids = graph.ops["uid"]
    edges = [[uids[producer], uids[consumer]] for producer, consumer in graph.feeds.tolist()]
    store.write([(NODES, {"rows": rows}), (EDGES, {"edges": edges})])
