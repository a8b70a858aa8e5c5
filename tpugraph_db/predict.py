"""The verb predict: a graph's record -> a model -> properties of its nodes, and off again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.models.registry import find_model
from tpugraph_db.query import stored_record
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import now
from tpugraph_db.stores import Result, Store
from tpugraph_db.stores.base import Statement


@dataclass(frozen=True)
class GraphPrediction:
    """A model's word on one graph."""

    graph: str
    record: GraphRecord
    prediction: Prediction
    shown: tuple[str, ...]
    """Op columns that people see, the one to sort by first."""

    def top(self, count: int) -> Result:
        """The ``count`` ops with the largest values, ties by index; one row an op."""
        order = np.argsort(-self.prediction.ops[self.shown[0]], kind="stable")[:count]
        outputs = shapes.describe(self.record.features[order])
        rows = [
            (self.graph, int(op), self.record.opcodes[op].item(), output.text, *self._values(int(op)))
            for op, output in zip(order, outputs, strict=True)
        ]
        return Result(("graph", "index", "opcode", "shape", *self.shown), rows, len(self.record))

    def _values(self, op: int) -> tuple[Any, ...]:
        return tuple(self.prediction.ops[name][op].item() for name in self.shown)


def predict_graph(store: Store, graph: str, model: str, write: bool) -> GraphPrediction:
    """Predict one graph by id, and with ``write`` put it on the nodes: atomic, repeatable."""
    found = find_model(model)
    record = stored_record(store, graph)
    prediction = found.predict(record)
    if write:
        store.write(write_back(graph, prediction))
    return GraphPrediction(graph, record, prediction, found.shown)


def write_back(graph: str, prediction: Prediction) -> list[Statement]:
    """Statements that put a prediction on a graph's nodes, in one transaction."""
    statements: list[Statement] = []
    for label, columns in (("Op", prediction.ops), ("Config", prediction.configs)):
        if columns:
            statements.append((_set_columns(label, columns), {"graph": graph, "columns": _lists(columns)}))
    return [*statements, *_note(graph, prediction)]


def clear_prediction(store: Store, graphs: list[str] | None, model: str) -> int:
    """Remove a model's properties and Prediction nodes; ``graphs`` None: everywhere. How many graphs had them."""
    match = "MATCH (p:Prediction) WHERE p.model = $model AND ($graphs IS NULL OR p.graph IN $graphs)"
    found = store.query(f"{match} RETURN p.graph, p.properties", {"model": model, "graphs": graphs}).rows
    for graph, properties in found:
        store.write(_removal(graph, properties, model))
    return len(found)


def _set_columns(label: str, columns: Any) -> str:
    assignments = ", ".join(f"n.{name} = $columns.{name}[n.index]" for name in columns)
    return f"MATCH (n:{label} {{graph: $graph}}) SET {assignments}"


def _note(graph: str, prediction: Prediction) -> list[Statement]:
    kinds = (("Op", prediction.ops), ("Config", prediction.configs))
    properties = {
        "id": _id(graph, prediction.model),
        "graph": graph,
        "model": prediction.model,
        "version": prediction.version,
        "made_at": now(),
        "properties": [f"{label}.{name}" for label, columns in kinds for name in columns],
        "nodes": sum(len(next(iter(columns.values()))) for _, columns in kinds if columns),
    }
    assignments = ", ".join(f"{name}: $p.{name}" for name in properties)
    create = f"MATCH (g:Graph {{id: $graph}}) CREATE (p:Prediction {{{assignments}}})-[:FOR]->(g)"
    return [_forget(graph, prediction.model), (create, {"graph": graph, "p": properties})]


def _removal(graph: str, properties: list[str], model: str) -> list[Statement]:
    statements: list[Statement] = [_forget(graph, model)]
    for label in ("Op", "Config"):
        names = [name.removeprefix(f"{label}.") for name in properties if name.startswith(f"{label}.")]
        if names:
            removed = ", ".join(f"n.{name}" for name in names)  # ArcadeDB passes over n.`name` without a word
            statements.append((f"MATCH (n:{label} {{graph: $graph}}) REMOVE {removed}", {"graph": graph}))
    return statements


def _forget(graph: str, model: str) -> Statement:
    return "MATCH (p:Prediction {id: $id}) DETACH DELETE p", {"id": _id(graph, model)}


def _id(graph: str, model: str) -> str:
    return f"{graph}/prediction/{model}"


def _lists(columns: Any) -> dict[str, list[Any]]:
    arrays: dict[str, NDArray[Any]] = dict(columns)
    return {name: array.tolist() for name, array in arrays.items()}
