"""Every query of the library on the embedded store, against the same query on Neo4j 5.26, both warm, rows compared.

One result for each query over all graphs and for each over one graph; they are kept together, with their median.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import tpugraph_db
from benchmarks.common import Result, compare, keep, ops, seconds
from benchmarks.neo4j_room import neo4j_store
from benchmarks.synthetic import batches, calling, make, named, repeated, tile
from tpugraph_db.cypher.library import all_queries
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.models.registry import find_model
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores import Store
from tpugraph_db.stores.change import add_graphs
from tpugraph_db.write_back import write_back

GRAPHS = 500
CONFIGS = 20
TOGETHER = 10
"""Graphs whose costs are written at a time."""
ONE = {"graph": named(GRAPHS // 2)}
OP = {"op": 150}
CHAIN = {"opcodes": ["convolution", "add", "maximum"]}
TILE = tile("kernel", 40, 500, seed=0)
SPECIAL: dict[str, list[dict[str, Any]]] = {
    "chain_matches": [CHAIN, ONE | CHAIN],
    "config_ranking": [ONE, {"graph": TILE.id}],
    "neighbourhood": [ONE | OP],
    "neighbourhood_statistics": [ONE | OP],
    "shortest_way": [ONE | {"source": 150, "target": 199}],
    "tile_configs": [{"graph": TILE.id}],
}
"""Parameters of the queries that need more than a graph, or another one."""


def measure() -> Iterator[Result]:
    """Both stores are filled first."""
    with tempfile.TemporaryDirectory() as folder, tpugraph_db.open(folder) as db, neo4j_store() as neo4j:
        db.load([])
        kinds = [calling(make(f"kind{i}", ops() // GRAPHS, CONFIGS, seed=i)) for i in range(10)]
        for store in (db.store, neo4j):
            _fill(store, kinds)
        results = []
        for query in all_queries():
            for params in _cases(query):
                results.append(_compare(query, params, db.store, neo4j))
                yield results[-1]
        ratios = [result.ratio for result in results]
        summary = {"median": statistics.median(ratios), "least": min(ratios), "rows": list(map(asdict, results))}
        keep(f"queries {ops()} ops", summary)


def _fill(store: Store, kinds: list[GraphRecord]) -> None:
    for together in batches(repeated(kinds, GRAPHS, CONFIGS), store.batch_elements):
        add_graphs(store, together)
    add_graphs(store, [graph_rows(TILE, "")])
    model = find_model("cost")
    said = [model.predict(kind) for kind in kinds]
    made = [GraphPrediction(named(i), kinds[i % 10], said[i % 10], model.shown) for i in range(GRAPHS)]
    for start in range(0, GRAPHS, TOGETHER):
        write_back(store, made[start : start + TOGETHER])


def _cases(query: NamedQuery) -> list[dict[str, Any]]:
    """Over all graphs where the query can, and over one."""
    takes = {parameter.name: parameter.required for parameter in query.parameters}
    usual = [{}] * (not takes.get("graph")) + [ONE] * ("graph" in takes)
    return SPECIAL.get(query.name, usual)


def _compare(query: NamedQuery, params: dict[str, Any], embedded: Store, neo4j: Store) -> Result:
    bound = query.bind(params)
    assert embedded.query(query.text, bound).rows == neo4j.query(query.text, bound).rows, query.name
    return compare(
        f"{query.name} {'of one graph' if 'graph' in params else 'of all graphs'}",
        "Neo4j 5.26",
        lambda: seconds(lambda: embedded.query(query.text, bound)),
        lambda: seconds(lambda: neo4j.query(query.text, bound)),
        pairs=5,
        kept=False,
    )
