"""The verb predict: a graph's record -> a model -> ranks, and with ``write`` on the nodes (:mod:`write_back`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import read
from tpugraph_db.models.prediction import Model
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.query import stored_record
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Store
from tpugraph_db.write_back import write_back_all


def predict_graphs(
    store: Store,
    graphs: Iterable[str],
    model: Model,
    write: bool,
    on_left_out: Callable[[str, DataError], None] | None = None,
) -> list[GraphPrediction]:
    """Predict graphs by id, and with ``write`` put it on the nodes: atomic for each graph, repeatable.

    What is a file's path is read and predicted as it is (:func:`predict_file`).

    Args:
        on_left_out: Called with a graph that the model cannot rank, and why; without it such a one is an error.

    Raises:
        UsageError: a file is to be written on; it has no nodes.
    """
    made: list[GraphPrediction] = []

    def predicted() -> Iterator[GraphPrediction]:
        for graph in graphs:
            if write and is_file(graph):
                raise UsageError(f"{graph} is a file, which has no nodes to write on: load it, and name its graph")
            try:
                made.append(predict_file(graph, model) if is_file(graph) else predict_graph(store, graph, model))
            except DataError as error:
                if on_left_out is None:
                    raise
                on_left_out(graph, error)
            else:
                yield made[-1]

    if write:
        write_back_all(store, predicted())
        return made
    return list(predicted())


def is_file(graph: str) -> bool:
    """Whether it is a file's path, and so no graph's id."""
    try:
        return Path(graph).is_file()
    except OSError:  # longer than any file's name
        return False


def predict_file(path: str | Path, model: Model) -> GraphPrediction:
    """Predict a file's graph; it need not be loaded, and no store is needed."""
    return _predicted(read(path), model)


def predict_graph(store: Store, graph: str, model: Model) -> GraphPrediction:
    """Predict one graph by id."""
    return _predicted(stored_record(store, graph), model)


def _predicted(record: GraphRecord, model: Model) -> GraphPrediction:
    return GraphPrediction(record.id, record, model.predict(record), model.shown)
