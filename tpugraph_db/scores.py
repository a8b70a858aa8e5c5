"""The verb scores: what models have said of every configuration of a graph, nodes or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import content, score_files
from tpugraph_db.errors import NotFoundError, did_you_mean
from tpugraph_db.query import stored_record
from tpugraph_db.stores import Result, Store

Columns = Mapping[str, NDArray[Any]]
"""(c,) each, by the number of the configuration; the score to rank by first."""


def stored_scores(store: Store, graph: str, model: str) -> Columns:
    """The columns that a model has written, as ``gcn_score`` (c,) float64 and ``gcn_rank`` (c,) int64, memory-mapped.

    Raises:
        NotFoundError: no scores of such a model are kept; names those of which some are.
        PayloadError: the file is missing or changed.
    """
    files = dict(row[1:] for row in _files(store, [graph]))
    if model not in files:
        listed = f"there are {', '.join(files)}" if files else "there are none"
        cure = f"tpudb predict {graph} --model CHECKPOINT --write keeps some"
        raise NotFoundError(f"no scores of {model!r} on {graph}: {listed}{did_you_mean(model, list(files))}; {cure}")
    return score_files.read(store.payload_folder, files[model], graph, model, verify=True)


def scored_models(store: Store, graph: str) -> list[str]:
    """The models whose scores of a graph are kept, by name."""
    return [model for _, model, _ in _files(store, [graph])]


def scores_table(store: Store, graph: str, models: Sequence[str], limit: int | None = None) -> Result:
    """A row for each configuration, fastest by the first model first, ties by number; beside it what was measured.

    Raises:
        NotFoundError, PayloadError: as :func:`stored_scores`.
    """
    columns = {name: values for model in models for name, values in stored_scores(store, graph, model).items()}
    configs = stored_record(store, graph).configurations
    order = np.argsort(next(iter(columns.values())), kind="stable")
    chosen = order[:limit]
    known = configs.measured[chosen].tolist()
    measured = [
        [value if is_known else None for is_known, value in zip(known, column[chosen].tolist(), strict=True)]
        for column in (configs.runtime_ns, configs.slowdown)
    ]
    said = (values[chosen].tolist() for values in columns.values())
    rows = list(zip(chosen.tolist(), *said, *measured, strict=True))
    return Result(("config", *columns, "runtime_ns", "slowdown"), rows, len(order))


def kept_scores(store: Store, graphs: Sequence[str]) -> dict[str, dict[str, Columns]]:
    """By graph and model, the columns that are kept on this machine: a Neo4j's other users have theirs on their own.

    Raises:
        PayloadError: a file has changed.
    """
    kept: dict[str, dict[str, Columns]] = {}
    for graph, model, name in _files(store, graphs):
        if content.is_there(store.payload_folder, name):
            columns = score_files.read(store.payload_folder, name, graph, model, verify=True)
            kept.setdefault(graph, {})[model] = columns
    return kept


def _files(store: Store, graphs: Sequence[str]) -> list[tuple[str, str, str]]:
    """(graph, model, file) of each prediction whose scores are kept."""
    return [(str(graph), str(model), str(name)) for graph, model, name in store.query(_FILES, {"graphs": graphs})]


_FILES = """
UNWIND $graphs AS graph
MATCH (p:Prediction {graph: graph}) WHERE p.scores IS NOT NULL
RETURN p.graph, p.model, p.scores ORDER BY p.graph, p.model
"""
