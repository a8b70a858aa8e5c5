"""Every query and pattern of the library on the embedded store, against the same Cypher on Neo4j 5.26, both warm.

Rows are compared first. One result for each over all graphs and for each over one graph; they are kept together, with
their median. BENCH_GRAPHS says how many graphs the ops are in, 500 if nothing is said, 7,000 for what is reported.
A fourteenth of the graphs have the example of a pattern in them, and the one that nearly has it.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import tpugraph_db
from benchmarks.common import Result, compare, keep, ops, seconds
from benchmarks.neo4j_room import neo4j_store
from benchmarks.synthetic import batches, beside, calling, make, named, repeated, tile
from tests.patterns import programs
from tpugraph_db.cypher.library import all_queries
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.cypher.patterns.library import all_patterns
from tpugraph_db.match import question
from tpugraph_db.models.registry import find_model
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores import Store
from tpugraph_db.stores.change import add_graphs
from tpugraph_db.write_back import write_back

GRAPHS = int(os.environ.get("BENCH_GRAPHS", 500))
CONFIGS = 20
TOGETHER = 10
"""Graphs whose costs are written at a time."""
EXAMPLES = [pair for _, pair in sorted(programs.EXAMPLES.items())]
ONE = {"graph": named(GRAPHS // 2)}
SOURCE = 3 * ops() // GRAPHS // 40
OP = {"op": SOURCE}
CHAIN = {"opcodes": ["convolution", "add", "maximum"]}
TILE = tile("kernel", 40, 500, seed=0)
SPECIAL: dict[str, list[dict[str, Any]]] = {
    "chain_matches": [CHAIN, ONE | CHAIN],
    "config_ranking": [ONE, {"graph": TILE.id}],
    "neighbourhood": [ONE | OP],
    "neighbourhood_statistics": [ONE | OP],
    "ops_by_name": [{"name": "dot.7"}, ONE | {"name": "dot.7"}],
    "shortest_way": [ONE | {"source": SOURCE, "target": SOURCE + 49}],
    "tile_configs": [{"graph": TILE.id}],
}
"""Parameters of the queries that need more than a graph, or another one."""


def measure() -> Iterator[Result]:
    """Both stores are filled first."""
    with tempfile.TemporaryDirectory() as folder, tpugraph_db.open(folder) as db, neo4j_store() as neo4j:
        db.load([])
        kinds = [_kind(i) for i in range(len(EXAMPLES))]
        for store in (db.store, neo4j):
            _fill(store, kinds)
        results = []
        for query in all_queries():
            for params in _cases(query):
                results.append(_compare(query.name, query.text, query.bind(params), db.store, neo4j))
                yield results[-1]
        for pattern in all_patterns():
            for graph in (None, ONE["graph"]):
                asked = question(db.store, pattern.name, graph=graph).statement()
                results.append(_compare(pattern.name, asked.text, asked.parameters, db.store, neo4j))
                yield results[-1]
        ratios = [result.ratio for result in results]
        summary = {"median": statistics.median(ratios), "least": min(ratios), "rows": list(map(asdict, results))}
        keep(f"queries {ops()} ops {GRAPHS} graphs", summary)


def _kind(number: int) -> GraphRecord:
    """A made-up graph, beside it the two examples of a pattern."""
    record = calling(make(f"kind{number}", ops() // GRAPHS, CONFIGS, seed=number))
    return beside(record, *(example.record("example") for example in EXAMPLES[number]))


def _fill(store: Store, kinds: list[GraphRecord]) -> None:
    for together in batches(repeated(kinds, GRAPHS, CONFIGS), store.batch_elements):
        add_graphs(store, together)
    add_graphs(store, [graph_rows(TILE, "")])
    model = find_model("cost")
    said = [model.predict(kind) for kind in kinds]
    count = len(kinds)
    made = [GraphPrediction(named(i), kinds[i % count], said[i % count], model.shown) for i in range(GRAPHS)]
    for start in range(0, GRAPHS, TOGETHER):
        write_back(store, made[start : start + TOGETHER])


def _cases(query: NamedQuery) -> list[dict[str, Any]]:
    """Over all graphs where the query can, and over one."""
    takes = {parameter.name: parameter.required for parameter in query.parameters}
    usual = [{}] * (not takes.get("graph")) + [ONE] * ("graph" in takes)
    return SPECIAL.get(query.name, usual)


def _compare(name: str, text: str, params: dict[str, Any], embedded: Store, neo4j: Store) -> Result:
    ours, theirs = embedded.query(text, params), neo4j.query(text, params)
    assert sorted(ours.rows, key=str) == sorted(theirs.rows, key=str), name
    return compare(
        f"{name} {'of all graphs' if params.get('graph') is None else 'of one graph'}",
        "Neo4j 5.26",
        lambda: seconds(lambda: embedded.query(text, params)),
        lambda: seconds(lambda: neo4j.query(text, params)),
        pairs=5,
        kept=False,
    )
