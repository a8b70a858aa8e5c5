"""The verb load: files -> records -> payload -> nodes and edges."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

from tpugraph_db.ahead import ahead
from tpugraph_db.errors import DataError
from tpugraph_db.formats import MAX_BYTES, files, read_all
from tpugraph_db.loading import Draft, Loading, Outcome, Present, already_there, loaded, written
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import DEFAULT_CONFIGS, graph_rows
from tpugraph_db.stores import Store
from tpugraph_db.stores.change import sweep

JOBS = 2
"""Files read and encoded at a time."""


def load_files(
    store: Store,
    paths: list[Path],
    *,
    collection: str | None = None,
    split: str | None = None,
    name: str | None = None,
    configs: int | None = DEFAULT_CONFIGS,
    replace: bool = False,
    max_bytes: int = MAX_BYTES,
    jobs: int = JOBS,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Load every graph of every file under ``paths``; a file that cannot be read is refused and the others go on.

    A file of several graphs is refused whole; each graph is all or nothing. A graph that is there from the same file
    (by sha256) is skipped; from another file it is refused, unless ``replace``. What a process that is gone has left
    half done is swept first.

    Args:
        collection: Overrides what the paths say; so do ``split`` and ``name``.
        configs: How many Config nodes a graph gets; None for all.
        max_bytes: As :func:`tpugraph_db.read` takes it.
        jobs: How many files are read and encoded at a time, beside the writing; each takes memory.

    Raises:
        StoreError: the store failed; what was reported before is loaded.
    """
    sweep(store)
    loading = Loading(store, configs, replace, on_outcome or (lambda _: None), loaded(store))

    def prepare(path: Path) -> list[Draft | Outcome]:
        records = _read_or_refuse(path, max_bytes, collection, split, name)
        return [records] if isinstance(records, Outcome) else [loading.draft(path, record) for record in records]

    for made in chain.from_iterable(ahead(prepare, files(paths), jobs)):
        if isinstance(made, Outcome):
            loading.done(made)
        else:
            loading.add(made)
    loading.flush()
    return loading.outcomes


def survey_files(
    store: Store | None,
    paths: list[Path],
    *,
    collection: str | None = None,
    split: str | None = None,
    name: str | None = None,
    configs: int | None = DEFAULT_CONFIGS,
    replace: bool = False,
    max_bytes: int = MAX_BYTES,
    jobs: int = JOBS,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """What :func:`load_files` would do, writing nothing; ``store`` None: into a store that is not there yet."""
    present = loaded(store) if store else {}
    outcomes = []

    def prepare(path: Path) -> list[tuple[Path, GraphRecord | Outcome]]:
        records = _read_or_refuse(path, max_bytes, collection, split, name)
        return [(path, made) for made in ([records] if isinstance(records, Outcome) else records)]

    for path, made in chain.from_iterable(ahead(prepare, files(paths), jobs)):
        outcome = _survey(path, made, present, configs, replace) if isinstance(made, GraphRecord) else made
        outcomes.append(outcome)
        if on_outcome:
            on_outcome(outcome)
    return outcomes


def _survey(path: Path, record: GraphRecord, present: Present, configs: int | None, replace: bool) -> Outcome:
    sha256, _ = present.get(record.id, ("", ""))
    if sha256 and not replace:
        return already_there(path, record.id, same=sha256 == record.sha256)
    present[record.id] = record.sha256, ""
    return written(path, graph_rows(record, "", configs), record.unknown, "replaced" if sha256 else "loaded")


def _read_or_refuse(
    path: Path, max_bytes: int, collection: str | None, split: str | None, name: str | None
) -> list[GraphRecord] | Outcome:
    try:
        return list(read_all(path, collection=collection, split=split, name=name, max_bytes=max_bytes))
    except OSError as error:
        return Outcome(path, "refused", reason=f"{path}: {error.strerror or error}")
    except DataError as error:
        return Outcome(path, "refused", reason=str(error))
