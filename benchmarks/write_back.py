"""Costs written back onto 20,000 ops of Neo4j 5.26, against UNWIND rows SET by unique id."""

from __future__ import annotations

from benchmarks.common import Result, compare, seconds
from benchmarks.neo4j_room import neo4j_store
from benchmarks.synthetic import make
from tpugraph_db.models.registry import find_model
from tpugraph_db.predict import GraphPrediction, write_back
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores.change import add_graphs

OPS = 20_000
SET = "UNWIND $rows AS row MATCH (o:Op {uid: row.uid}) SET o.cost = row.cost, o.cost_share = row.cost_share, \
o.cost_rank = row.cost_rank, o.cost_finish = row.cost_finish"


def measure() -> Result:
    """Four properties an op, one transaction."""
    record = make("g", OPS, 10, seed=0)
    rows = graph_rows(record, "", configs=0)
    model = find_model("cost")
    prediction = model.predict(record)
    made = GraphPrediction(record.id, record, prediction, model.shown)
    columns = {name: values.tolist() for name, values in prediction.ops.items()}
    by_uid = [
        dict(zip(["uid", *columns], row, strict=True)) for row in zip(rows.ops["uid"], *columns.values(), strict=True)
    ]
    with neo4j_store() as store:
        add_graphs(store, [rows])
        return compare(
            "write_back",
            "UNWIND rows SET by uid",
            lambda: seconds(lambda: write_back(store, [made])),
            lambda: seconds(lambda: store.write([(SET, {"rows": by_uid})])),
            pairs=3,
        )
