"""Predictions -> properties of their graphs' nodes, and off again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from numpy.typing import NDArray

from tpugraph_db import content, schema, score_files
from tpugraph_db.ahead import ahead
from tpugraph_db.content import Content
from tpugraph_db.in_turn import in_turn
from tpugraph_db.predicted import GraphPrediction, best_configs
from tpugraph_db.rows import config_columns, now
from tpugraph_db.scores import kept_scores
from tpugraph_db.stores import Store
from tpugraph_db.stores.base import Properties, Statement, held
from tpugraph_db.stores.change import REMEMBER_SCORES, Change

BEST_NODES = 10
"""How many of the configurations that a model scores best get nodes where they have none."""

NOTES = ("data", "shown", "quality", "quality_metric")
"""What a model may say of itself, which its Prediction node keeps."""

BATCH_OPS = 20_000
"""Ops, and configurations that have a score, written at a time: small graphs share a transaction."""

CLEARED = 100
"""Graphs whose predictions are taken off while they are marked."""


def write_back_all(store: Store, predictions: Iterable[GraphPrediction]) -> None:
    """Put predictions on their graphs' nodes while the next ones are made, some transactions at a time."""
    for _ in ahead(partial(write_back, store), _batches(predictions), store.writers):
        pass


def _batches(predictions: Iterable[GraphPrediction]) -> Iterator[list[GraphPrediction]]:
    waiting: list[GraphPrediction] = []
    size = 0
    for made in predictions:
        waiting.append(made)
        size += made.size + len(next(iter(made.prediction.configs.values()), ()))
        if size >= BATCH_OPS:
            yield waiting
            waiting, size = [], 0
    yield waiting


def write_back(store: Store, made: Sequence[GraphPrediction]) -> None:
    """Put predictions on their graphs' nodes, and every configuration's columns into a file beside the store.

    In a graph too large for one transaction a Prediction without ``nodes`` says that it is under way. What an earlier
    prediction of the same model wrote, and this one does not, goes. The file is there before a node names it, and the
    one before it goes after: a crash leaves either prediction, whole.
    """
    waiting = {item.graph: item for item in made}
    files = {graph: file for graph, item in waiting.items() if (file := _scores(item))}

    def write(change: Change, graphs: Sequence[str]) -> None:
        if mine := [files[graph] for graph in graphs if graph in files]:
            content.write(mine, store.payload_folder)
        names = {graph: files[graph].name for graph in graphs if graph in files}
        _write(store, change, [waiting[graph] for graph in graphs], names)

    in_turn(store, {graph: [files[graph].name] if graph in files else [] for graph in waiting}, write)


def clear_prediction(store: Store, graphs: list[str] | None, model: str) -> int:
    """Remove a model's properties, scores and Prediction nodes; ``graphs`` None: everywhere. How many graphs had them.

    Config nodes that a prediction has made stay: they say what was measured, and other models may have written on them.
    """
    match = "MATCH (p:Prediction) WHERE p.model = $model AND ($graphs IS NULL OR p.graph IN $graphs)"
    found = dict(store.query(f"{match} RETURN p.graph, p.properties", {"model": model, "graphs": graphs}).rows)

    def clear(change: Change, graphs: Sequence[str]) -> None:
        for graph in graphs:
            parts = [Properties(graph, label, columns) for label, columns in _off(found[graph]).items()]
            ids = {"ids": [_id(graph, model)]}
            fence = held([graph], change.owner, dirty=False)
            store.set_properties(parts, [(REMEMBER_SCORES, ids)], [(_FORGET, ids)], fence)

    for start in range(0, len(found), CLEARED):
        in_turn(store, dict.fromkeys(list(found)[start : start + CLEARED], ()), clear)
    return len(found)


def _write(store: Store, change: Change, made: Sequence[GraphPrediction], files: Mapping[str, str]) -> None:
    notes = [_note(item, files.get(item.graph)) for item in made]
    ids = [note["id"] for note in notes]
    earlier = dict(store.query(_EARLIER, {"ids": ids}).rows)
    parts = [part for item, id_ in zip(made, ids, strict=True) for part in _properties(item, earlier.get(id_))]
    before: list[Statement] = [
        (REMEMBER_SCORES, {"ids": ids}),
        (_FORGET, {"ids": ids}),
        (_BEST, {"rows": _best_nodes(store, made)}),
        (_NOTE, {"notes": notes}),
    ]
    sizes = [{"id": id_, "ops": item.asked if item.prediction.ops else 0} for id_, item in zip(ids, made, strict=True)]
    ranked = [id_ for id_, item in zip(ids, made, strict=True) if item.written()[1][1]]
    after: list[Statement] = [(_FINISH, {"sizes": sizes}), (_FINISH_CONFIGS, {"ids": ranked})]
    store.set_properties(parts, before, after, held([item.graph for item in made], change.owner, dirty=False))


def _scores(made: GraphPrediction) -> Content | None:
    """The file of what it says of every configuration, where that is to be written."""
    columns = dict(made.written())["Config"]
    return score_files.encode(made.graph, made.prediction.model, columns) if columns else None


def _properties(made: GraphPrediction, earlier: Sequence[str] | None) -> list[Properties]:
    """What to set, and what to take off that was written ``earlier``."""
    columns: dict[str, dict[str, NDArray[Any] | None]] = {label: {**off} for label, off in _off(earlier).items()}
    for label, given in made.written():
        columns.setdefault(label, {}).update(given)
    return [Properties(made.graph, label, given) for label, given in columns.items() if given]


def _off(written: Sequence[str] | None) -> dict[str, dict[str, None]]:
    """By label, the properties that a Prediction node says were written, as ``Op.cost``."""
    columns: dict[str, dict[str, None]] = {}
    for label, name in (match.groups() for match in map(_WRITTEN.fullmatch, written or ()) if match):
        columns.setdefault(label, {})[name] = None
    return columns


def _best_nodes(store: Store, made: Sequence[GraphPrediction]) -> list[dict[str, Any]]:
    """What the models' best configurations are as nodes, a row each, with what other models have said of them."""
    ranked = [item for item in made if dict(item.written())["Config"]]
    kept = kept_scores(store, [item.graph for item in ranked])
    found = []
    for item in ranked:
        best = best_configs(item.prediction, BEST_NODES)
        columns = config_columns(item.record, best)
        others = {model: said for model, said in kept.get(item.graph, {}).items() if model != item.prediction.model}
        for at, values in zip(best.tolist(), zip(*columns.values(), strict=True), strict=True):
            said = {name: column[at].item() for other in others.values() for name, column in other.items()}
            found.append(dict(zip(columns, values, strict=True)) | {"said": said})
    return found


def _note(made: GraphPrediction, scores: str | None) -> dict[str, Any]:
    prediction = made.prediction
    return {
        "id": _id(made.graph, prediction.model),
        "graph": made.graph,
        "model": prediction.model,
        "version": prediction.version,
        "made_at": now(),
        **{name: prediction.notes.get(name) for name in NOTES},
        "properties": [f"{label}.{name}" for label, columns in made.written() for name in columns],
        "ops": None if made.part is None else made.asked,
        "scores": scores,
    }


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
                      properties: note.properties, ops: note.ops, scores: note.scores})-[:FOR]->(g)
"""

_LOADED = [p.name for p in schema.CONFIG.properties if p.name != "uid" and not p.model]

_BEST = f"""
UNWIND $rows AS row
MATCH (g:Graph {{id: row.graph}})
MERGE (c:Config {{uid: row.uid}})
ON CREATE SET {", ".join(f"c.{name} = row.{name}" for name in _LOADED)}
SET c += row.said
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
