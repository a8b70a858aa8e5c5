"""The verb submit: the loaded test graphs, ranked by a model for each kind of configurations -> the contest's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.judge import Scorer
from tpugraph_db.models.judging.metrics import fastest_first
from tpugraph_db.models.submission import Submission, id_of, submission
from tpugraph_db.query import stored_record
from tpugraph_db.stores import Store


def submit(
    store: Store,
    models: Mapping[str, Scorer],
    sample: Path,
    path: Path,
    *,
    fill: bool = False,
    on_graph: Callable[[int, int], None] = lambda done, total: None,
) -> Sequence[str]:
    """Write the file; the ids whose rows are the sample's own.

    Args:
        models: By kind of configuration: ``layout``, ``tile``.
        sample: The competition's ``sample_submission.csv``.
        path: Where the file goes, whole or not at all.
        fill: Take the sample's own rows for graphs that are not loaded.
        on_graph: Called with how many graphs are done, of how many.

    Raises:
        UsageError: graphs are not loaded and not to be filled, or no model is there for their kind.
        DataError: the sample is no submission.
    """
    rows = Submission.read(sample)
    loaded = _loaded(store)
    filled = [name for name in rows.rows if name not in loaded]
    # what is missing is said before anything is ranked, which may take hours
    submission(rows, lambda name: rows.rows[name] if name in loaded else None, fill=fill)
    _expect_models(models, [name for name in rows.rows if name in loaded])
    done = count()

    def order_of(name: str) -> NDArray[np.int64] | None:
        on_graph(next(done), len(rows.rows))
        if name not in loaded:
            return None
        return fastest_first(models[_kind(name)].scores(stored_record(store, loaded[name])))

    submission(rows, order_of, fill=fill).write(path, rows)
    return filled


def _loaded(store: Store) -> dict[str, str]:
    """Graph ids by the competition's."""
    found = store.query("MATCH (g:Graph) RETURN g.collection, g.name, g.id ORDER BY g.id")
    return {id_of(str(collection), str(name)): str(graph) for collection, name, graph in found}


def _expect_models(models: Mapping[str, Scorer], names: Sequence[str]) -> None:
    for name in names:
        if _kind(name) not in models:
            raise UsageError(f"{name} wants a model of {_kind(name)} configurations: --{_kind(name)} CHECKPOINT")


def _kind(name: str) -> str:
    return name.partition(":")[0]
