"""A model's four properties onto every op of 500 graphs, against UNWIND rows SET by unique id, on each engine.

Both write 20,000 ops a transaction, whose values were made beforehand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import tpugraph_db
from benchmarks.common import Result, compare, ops, seconds
from benchmarks.neo4j_room import VERSIONS, neo4j_store
from benchmarks.synthetic import batches, make, many, named
from tpugraph_db.models.registry import find_model
from tpugraph_db.predict import BATCH_OPS, GraphPrediction, write_back
from tpugraph_db.stores import Store
from tpugraph_db.stores.change import add_graphs

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
        lambda: _each(_predictions(), lambda made: write_back(store, made)),
        lambda: _each(_rows(), lambda rows: store.write([(SET, {"rows": rows})])),
        pairs=3,
    )


def _each(batches: Iterable[Any], write: Callable[[Any], object]) -> float:
    return sum(seconds(lambda batch=batch: write(batch)) for batch in batches)


def _predictions() -> Iterator[list[GraphPrediction]]:
    """Graphs that make up BATCH_OPS ops, and what the model says of them."""
    model = find_model("cost")
    kinds = [make(f"kind{i}", ops() // GRAPHS, 10, seed=i) for i in range(10)]
    said = [model.predict(kind) for kind in kinds]
    together = max(1, BATCH_OPS // (ops() // GRAPHS))
    made = [GraphPrediction(named(i), kinds[i % 10], said[i % 10], model.shown) for i in range(GRAPHS)]
    return (made[start : start + together] for start in range(0, GRAPHS, together))


def _rows() -> Iterator[list[dict[str, Any]]]:
    for batch in _predictions():
        yield [
            {"uid": f"{item.graph}#{index}"} | dict(zip(item.prediction.ops, values, strict=True))
            for item in batch
            for index, values in enumerate(zip(*(c.tolist() for c in item.prediction.ops.values()), strict=True))
        ]
