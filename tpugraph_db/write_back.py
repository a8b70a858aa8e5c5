"""Predictions -> properties of their graphs' nodes, and off again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from numpy.typing import NDArray

from tpugraph_db import schema
from tpugraph_db.ahead import ahead
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.predicted import GraphPrediction, best_configs
from tpugraph_db.rows import config_columns, now
from tpugraph_db.stores import Store
from tpugraph_db.stores.base import Properties, Statement

BEST_NODES = 10
"""How many of the configurations that a model scores best get nodes where they have none."""

NOTES = ("data", "shown", "quality", "quality_metric")
"""What a model may say of itself, which its Prediction node keeps."""

BATCH_OPS = 20_000
"""Ops, and configurations that have a score, written at a time: small graphs share a transaction."""


def write_back_all(store: Store, predictions: Iterable[GraphPrediction]) -> None:
    """Put predictions on their graphs' nodes while the next ones are made, some transactions at a time."""
    for _ in ahead(partial(write_back, store), _batches(predictions), store.writers):
        pass


def _batches(predictions: Iterable[GraphPrediction]) -> Iterator[list[GraphPrediction]]:
    waiting: list[GraphPrediction] = []
    size = 0
    for made in predictions:
        waiting.append(made)
        size += len(made.record) + len(next(iter(made.prediction.configs.values()), ()))
        if size >= BATCH_OPS:
            yield waiting
            waiting, size = [], 0
    yield waiting


def write_back(store: Store, made: Sequence[GraphPrediction]) -> None:
    """Put predictions on their graphs' nodes.

    In a graph too large for one transaction a Prediction without ``nodes`` says that it is under way. What an earlier
    prediction of the same model wrote, and this one does not, goes.
    """
    if not made:
        return
    notes = [_note(item.graph, item.prediction) for item in made]
    ids = [note["id"] for note in notes]
    earlier = dict(store.query(_EARLIER, {"ids": ids}).rows)
    parts = [part for item, id_ in zip(made, ids, strict=True) for part in _properties(item, earlier.get(id_))]
    nodes = [row for item in made for row in _best_nodes(item)]
    before: list[Statement] = [(_FORGET, {"ids": ids}), (_BEST, {"rows": nodes}), (_NOTE, {"notes": notes})]
    sizes = [{"id": id_, "ops": _ops(item.prediction)} for id_, item in zip(ids, made, strict=True)]
    ranked = [id_ for id_, item in zip(ids, made, strict=True) if item.prediction.configs]
    store.set_properties(parts, before, [(_FINISH, {"sizes": sizes}), (_FINISH_CONFIGS, {"ids": ranked})])


def clear_prediction(store: Store, graphs: list[str] | None, model: str) -> int:
    """Remove a model's properties and Prediction nodes; ``graphs`` None: everywhere. How many graphs had them.

    Config nodes that a prediction has made stay: they say what was measured, and other models may have written on them.
    """
    match = "MATCH (p:Prediction) WHERE p.model = $model AND ($graphs IS NULL OR p.graph IN $graphs)"
    found = store.query(f"{match} RETURN p.graph, p.properties", {"model": model, "graphs": graphs}).rows
    for graph, written in found:
        parts = [Properties(graph, label, columns) for label, columns in _off(written).items()]
        store.set_properties(parts, after=[(_FORGET, {"ids": [_id(graph, model)]})])
    return len(found)


def _properties(made: GraphPrediction, earlier: Sequence[str] | None) -> list[Properties]:
    """What to set, and what to take off that was written ``earlier``."""
    columns: dict[str, dict[str, NDArray[Any] | None]] = {label: {**off} for label, off in _off(earlier).items()}
    for label, given in _kinds(made.prediction):
        columns.setdefault(label, {}).update(given)
    return [Properties(made.graph, label, given) for label, given in columns.items() if given]


def _off(written: Sequence[str] | None) -> dict[str, dict[str, None]]:
    """By label, the properties that a Prediction node says were written, as ``Op.cost``."""
    columns: dict[str, dict[str, None]] = {}
    for label, name in (match.groups() for match in map(_WRITTEN.fullmatch, written or ()) if match):
        columns.setdefault(label, {})[name] = None
    return columns


def _best_nodes(made: GraphPrediction) -> list[dict[str, Any]]:
    """What the model's best configurations are as nodes, a row each."""
    columns = config_columns(made.record, best_configs(made.prediction, BEST_NODES))
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _note(graph: str, prediction: Prediction) -> dict[str, Any]:
    return {
        "id": _id(graph, prediction.model),
        "graph": graph,
        "model": prediction.model,
        "version": prediction.version,
        "made_at": now(),
        **{name: prediction.notes.get(name) for name in NOTES},
        "properties": [f"{label}.{name}" for label, columns in _kinds(prediction) for name in columns],
    }


def _ops(prediction: Prediction) -> int:
    """How many ops it has a word on."""
    return len(next(iter(prediction.ops.values()), ()))


def _kinds(prediction: Prediction) -> tuple[tuple[str, Mapping[str, NDArray[Any]]], ...]:
    return ("Op", prediction.ops), ("Config", prediction.configs)


def _id(graph: str, model: str) -> str:
    return f"{graph}/prediction/{model}"


_WRITTEN = re.compile(r"(Op|Config)\.([a-z][a-z0-9_]*)")
"""The names become part of a statement's text, and anyone may have written the node that says them."""

_EARLIER = "UNWIND $ids AS id MATCH (p:Prediction {id: id}) RETURN p.id, p.properties"

_FORGET = "UNWIND $ids AS id MATCH (p:Prediction {id: id}) DETACH DELETE p"

_NOTE = """
UNWIND $notes AS note
MATCH (g:Graph {id: note.graph})
CREATE (p:Prediction {id: note.id, graph: note.graph, model: note.model, version: note.version, made_at: note.made_at,
                      data: note.data, shown: note.shown, quality: note.quality, quality_metric: note.quality_metric,
                      properties: note.properties})-[:FOR]->(g)
"""

_LOADED = [p.name for p in schema.CONFIG.properties if p.name != "uid" and not p.model]

_BEST = f"""
UNWIND $rows AS row
MATCH (g:Graph {{id: row.graph}})
MERGE (c:Config {{uid: row.uid}})
ON CREATE SET {", ".join(f"c.{name} = row.{name}" for name in _LOADED)}
MERGE (c)-[:OF]->(g)
"""
"""Only what a model calls best gets a node: of 100,000 configurations most are not worth one."""

_FINISH = "UNWIND $sizes AS size MATCH (p:Prediction {id: size.id}) SET p.nodes = size.ops"

_FINISH_CONFIGS = """
UNWIND $ids AS id
MATCH (p:Prediction {id: id})
MATCH (c:Config {graph: p.graph})
WITH p, count(c) AS configs
SET p.nodes = p.nodes + configs
"""
