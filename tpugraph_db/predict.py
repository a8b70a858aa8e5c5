"""The verb predict: a graph's record -> a model -> properties of its nodes, and off again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.ahead import ahead
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.models.registry import find_model
from tpugraph_db.query import stored_record
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import now
from tpugraph_db.stores import Result, Store
from tpugraph_db.stores.base import Properties, Statement

BATCH_OPS = 20_000
"""Ops written at a time: small graphs share a transaction."""


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


def predict_graphs(store: Store, graphs: Iterable[str], model: str, write: bool) -> list[GraphPrediction]:
    """Predict graphs by id, and with ``write`` put it on the nodes: atomic for each graph, repeatable."""
    made: list[GraphPrediction] = []

    def predicted() -> Iterator[GraphPrediction]:
        for graph in graphs:
            made.append(predict_graph(store, graph, model))
            yield made[-1]

    if write:
        write_back_all(store, predicted())
        return made
    return list(predicted())


def write_back_all(store: Store, predictions: Iterable[GraphPrediction]) -> None:
    """Put predictions on their graphs' nodes while the next ones are made, some transactions at a time."""
    for _ in ahead(partial(write_back, store), _batches(predictions), store.writers):
        pass


def _batches(predictions: Iterable[GraphPrediction]) -> Iterator[list[GraphPrediction]]:
    waiting: list[GraphPrediction] = []
    ops = 0
    for prediction in predictions:
        waiting.append(prediction)
        ops += len(prediction.record)
        if ops >= BATCH_OPS:
            yield waiting
            waiting, ops = [], 0
    yield waiting


def predict_graph(store: Store, graph: str, model: str) -> GraphPrediction:
    """Predict one graph by id."""
    found = find_model(model)
    record = stored_record(store, graph)
    return GraphPrediction(graph, record, found.predict(record), found.shown)


def write_back(store: Store, made: Sequence[GraphPrediction]) -> None:
    """Put predictions on their graphs' nodes.

    In a graph too large for one transaction a Prediction without ``nodes`` says that it is under way.
    """
    if not made:
        return
    parts = [part for item in made for part in _properties(item.graph, item.prediction)]
    notes = [_note(item.graph, item.prediction) for item in made]
    ids = [note["id"] for note in notes]
    sizes = [{"id": note["id"], "nodes": _nodes(item.prediction)} for note, item in zip(notes, made, strict=True)]
    before: list[Statement] = [(_FORGET, {"ids": ids}), (_NOTE, {"notes": notes})]
    store.set_properties(parts, before, [(_FINISH, {"sizes": sizes})])


def clear_prediction(store: Store, graphs: list[str] | None, model: str) -> int:
    """Remove a model's properties and Prediction nodes; ``graphs`` None: everywhere. How many graphs had them."""
    match = "MATCH (p:Prediction) WHERE p.model = $model AND ($graphs IS NULL OR p.graph IN $graphs)"
    found = store.query(f"{match} RETURN p.graph, p.properties", {"model": model, "graphs": graphs}).rows
    for graph, properties in found:
        store.set_properties(_removed(graph, properties), after=[(_FORGET, {"ids": [_id(graph, model)]})])
    return len(found)


def _properties(graph: str, prediction: Prediction) -> list[Properties]:
    return [Properties(graph, label, columns) for label, columns in _kinds(prediction) if columns]


def _removed(graph: str, properties: list[str]) -> list[Properties]:
    names = [name.split(".", 1) for name in properties]
    labels = dict.fromkeys(label for label, _ in names)
    return [Properties(graph, label, {name: None for of, name in names if of == label}) for label in labels]


def _note(graph: str, prediction: Prediction) -> dict[str, Any]:
    return {
        "id": _id(graph, prediction.model),
        "graph": graph,
        "model": prediction.model,
        "version": prediction.version,
        "made_at": now(),
        "properties": [f"{label}.{name}" for label, columns in _kinds(prediction) for name in columns],
    }


def _nodes(prediction: Prediction) -> int:
    return sum(len(next(iter(columns.values()))) for _, columns in _kinds(prediction) if columns)


def _kinds(prediction: Prediction) -> tuple[tuple[str, Mapping[str, NDArray[Any]]], ...]:
    return ("Op", prediction.ops), ("Config", prediction.configs)


def _id(graph: str, model: str) -> str:
    return f"{graph}/prediction/{model}"


_FORGET = "UNWIND $ids AS id MATCH (p:Prediction {id: id}) DETACH DELETE p"

_NOTE = """
UNWIND $notes AS note
MATCH (g:Graph {id: note.graph})
CREATE (p:Prediction {id: note.id, graph: note.graph, model: note.model, version: note.version, made_at: note.made_at,
                      properties: note.properties})-[:FOR]->(g)
"""

_FINISH = "UNWIND $sizes AS size MATCH (p:Prediction {id: size.id}) SET p.nodes = size.nodes"
