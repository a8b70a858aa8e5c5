"""A model's four properties onto every op of 500 graphs, against UNWIND rows SET by unique id, on each engine.

Both write 20,000 ops a transaction, whose values were made beforehand; ours has several under way on Neo4j.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tpugraph_db
from benchmarks.common import Result, compare, ops, seconds
from benchmarks.neo4j_room import VERSIONS, neo4j_store
from benchmarks.synthetic import batches, make, many, named
from tpugraph_db.models.registry import find_model
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.stores import Store
from tpugraph_db.stores.change import add_graphs
from tpugraph_db.write_back import BATCH_OPS, write_back_all

GRAPHS = 500
SET = "UNWIND $rows AS row MATCH (o:Op {uid: row.uid}) SET o.cost = row.cost, o.cost_share = row.cost_share, \
o.cost_rank = row.cost_rank, o.cost_finish = row.cost_finish"


def measure() -> Iterator[Result]:
    """The embedded store first."""
    with tempfile.TemporaryDirectory() as folder, tpugraph_db.open(Path(folder)) as db:
        db.load([])
        yield _compare(db.store, "write_back arcadedb")
    for version in VERSIONS:
        with neo4j_store(version) as store:
            yield _compare(store, f"write_back neo4j {version}")


def _compare(store: Store, name: str) -> Result:
    for together in batches(many(GRAPHS, ops()), store.batch_elements):
        add_graphs(store, together)
    return compare(
        f"{name} {ops()} ops",
        "UNWIND rows SET by uid",
        lambda: _ours(store),
        lambda: sum(seconds(lambda rows=rows: store.write([(SET, {"rows": rows})])) for rows in _rows()),
        pairs=3,
    )


def _ours(store: Store) -> float:
    made = _predictions()
    return seconds(lambda: write_back_all(store, made))


def _predictions() -> list[GraphPrediction]:
    """Every graph, and what the model says of it."""
    model = find_model("cost")
    kinds = [make(f"kind{i}", ops() // GRAPHS, 10, seed=i) for i in range(10)]
    said = [model.predict(kind) for kind in kinds]
    return [GraphPrediction(named(i), kinds[i % 10], said[i % 10], model.shown) for i in range(GRAPHS)]


def _rows() -> Iterator[list[dict[str, Any]]]:
    made = _predictions()
    together = max(1, BATCH_OPS // (ops() // GRAPHS))
    for batch in (made[start : start + together] for start in range(0, GRAPHS, together)):
        yield [
            {"uid": f"{item.graph}#{index}"} | dict(zip(item.prediction.ops, values, strict=True))
            for item in batch
            for index, values in enumerate(zip(*(c.tolist() for c in item.prediction.ops.values()), strict=True))
        ]
