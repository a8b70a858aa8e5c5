"""The verb predict: a graph's record -> a model -> ranks, and with ``write`` on the nodes (:mod:`write_back`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import read
from tpugraph_db.matching import Match, matched_part
from tpugraph_db.models.prediction import Model
from tpugraph_db.paths import is_file
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.query import stored_record
from tpugraph_db.stores import Store
from tpugraph_db.write_back import write_back_all


def predict_graphs(
    store: Store,
    graphs: Iterable[str | Match],
    model: Model,
    write: bool,
    on_left_out: Callable[[str, DataError], None] | None = None,
) -> list[GraphPrediction]:
    """Predict graphs by id, and with ``write`` put it on the nodes: atomic for each graph, repeatable.

    What is a file's path is read and predicted as it is (:func:`predict_file`). Of a match of ops, their surroundings
    are what is predicted (:func:`predict_part`), and they alone are written on.

    Args:
        on_left_out: Called with a graph that the model cannot rank, and why; without it such a one is an error.

    Raises:
        UsageError: a file is to be written on; it has no nodes. Or ops are, by a model that says nothing of them.
    """
    made: list[GraphPrediction] = []

    def predicted() -> Iterator[GraphPrediction]:
        for graph in graphs:
            if write:
                _expect_nodes(graph, model)
            try:
                made.append(_predict(store, graph, model))
            except DataError as error:
                if on_left_out is None:
                    raise
                on_left_out(graph if isinstance(graph, str) else graph.graph, error)
            else:
                yield made[-1]

    if write:
        write_back_all(store, predicted())
        return made
    return list(predicted())


def predict_file(path: str | Path, model: Model) -> GraphPrediction:
    """Predict a file's graph; it need not be loaded, and no store is needed."""
    record = read(path)
    return GraphPrediction(record.id, record, model.predict(record), model.shown)


def predict_graph(store: Store, graph: str, model: Model) -> GraphPrediction:
    """Predict one graph by id."""
    record = stored_record(store, graph)
    return GraphPrediction(record.id, record, model.predict(record), model.shown)


def predict_part(store: Store, match: Match, model: Model) -> GraphPrediction:
    """Predict what is around the ops that match, as a graph of its own; a match without ops is the whole graph.

    Shares, ranks and scores are of that part: a configuration's score says how fast the part is under it, so that two
    configurations that differ elsewhere alone have one score.
    """
    part = matched_part(store, match)
    if part is None:
        return predict_graph(store, match.graph, model)
    return GraphPrediction(match.graph, part.record, model.predict(part.record), model.shown, part)


def _predict(store: Store, graph: str | Match, model: Model) -> GraphPrediction:
    if isinstance(graph, Match):
        return predict_part(store, graph, model)
    return predict_file(graph, model) if is_file(graph) else predict_graph(store, graph, model)


def _expect_nodes(graph: str | Match, model: Model) -> None:
    """Refuse what has no nodes to write on."""
    if isinstance(graph, str) and is_file(graph):
        raise UsageError(f"{graph} is a file, which has no nodes to write on: load it, and name its graph")
    if isinstance(graph, Match) and graph.ops is not None and not model.shown:
        cure = "take one that ranks ops, or a --where that gives graphs"
        raise UsageError(
            f"the model {model.name} ranks configurations alone, and --where gives ops to write on; {cure}"
        )
