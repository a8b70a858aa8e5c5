"""The verb load: files -> records -> payload -> nodes and edges; and rm, its reverse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tpugraph_db import payload
from tpugraph_db.errors import DataError
from tpugraph_db.formats import files, read
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import DEFAULT_CONFIGS, GraphRows, graph_rows
from tpugraph_db.stores import Store

BATCH_ELEMENTS = 30_000
"""Nodes and edges written at a time: small graphs share a transaction (measured best on Neo4j 5.26)."""

Status = Literal["loaded", "replaced", "skipped", "refused"]


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    path: Path
    status: Status
    graph: str = ""
    reason: str = ""
    ops: int = 0
    edges: int = 0
    configs: int = 0
    """Configurations in the file."""
    config_nodes: int = 0
    """How many of them became nodes; the others are in the payload."""
    elements: int = 0
    """Nodes and edges written."""


Present = dict[str, tuple[str, str]]
"""sha256 and payload of the loaded graphs, by id."""


@dataclass
class _Loading:
    """One run of :func:`load_files`: what is there, what is waiting to be written, what became of each file."""

    store: Store
    configs: int | None
    replace: bool
    report: Callable[[Outcome], None]
    present: Present
    waiting: list[tuple[GraphRows, Outcome]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, path: Path, record: GraphRecord) -> None:
        sha256, old_payload = self.present.get(record.id, ("", ""))
        if sha256 and not self.replace:
            self.done(_already_there(path, record, same=sha256 == record.sha256))
            return
        name = payload.write(record, self.store.payload_folder)
        rows = graph_rows(record, name, self.configs)
        if sha256:
            self.flush()
            self.store.remove_graph(record.id)
            discard_payload(self.store, old_payload, keep=name)
        self.present[record.id] = record.sha256, name
        self.waiting.append((rows, _written(path, rows, "replaced" if sha256 else "loaded")))
        if sum(rows.elements for rows, _ in self.waiting) >= BATCH_ELEMENTS:
            self.flush()

    def flush(self) -> None:
        if self.waiting:
            self.store.add_graphs([rows for rows, _ in self.waiting])
        for _, outcome in self.waiting:
            self.done(outcome)
        self.waiting = []

    def done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.report(outcome)


def load_files(
    store: Store,
    paths: list[Path],
    *,
    collection: str | None = None,
    split: str | None = None,
    name: str | None = None,
    configs: int | None = DEFAULT_CONFIGS,
    replace: bool = False,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Load every file under ``paths``; one that cannot be read is refused and the others go on.

    Each graph is all or nothing. A graph that is there from the same file (by sha256) is skipped; from another file it
    is refused, unless ``replace``.

    Args:
        collection: Overrides what the paths say; so do ``split`` and ``name``.
        configs: How many Config nodes a graph gets; None for all.

    Raises:
        StoreError: the store failed; what was reported before is loaded.
    """
    loading = _Loading(store, configs, replace, on_outcome or (lambda _: None), _loaded(store))
    for path in files(paths):
        record = _read_or_refuse(path, collection, split, name)
        if isinstance(record, Outcome):
            loading.done(record)
        else:
            loading.add(path, record)
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
    on_outcome: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """What :func:`load_files` would do, writing nothing; ``store`` None: into a store that is not there yet."""
    present = _loaded(store) if store else {}
    outcomes = []
    for path in files(paths):
        outcome = _read_or_refuse(path, collection, split, name)
        if isinstance(outcome, GraphRecord):
            outcome = _survey(path, outcome, present, configs, replace)
        outcomes.append(outcome)
        if on_outcome:
            on_outcome(outcome)
    return outcomes


def _survey(path: Path, record: GraphRecord, present: Present, configs: int | None, replace: bool) -> Outcome:
    sha256, _ = present.get(record.id, ("", ""))
    if sha256 and not replace:
        return _already_there(path, record, same=sha256 == record.sha256)
    present[record.id] = record.sha256, ""
    return _written(path, graph_rows(record, "", configs), "replaced" if sha256 else "loaded")


def _loaded(store: Store) -> Present:
    return {row[0]: (row[1], row[2]) for row in store.query("MATCH (g:Graph) RETURN g.id, g.sha256, g.payload")}


def _read_or_refuse(path: Path, collection: str | None, split: str | None, name: str | None) -> GraphRecord | Outcome:
    try:
        return read(path, collection=collection, split=split, name=name)
    except OSError as error:
        return Outcome(path, "refused", reason=f"{path}: {error.strerror or error}")
    except DataError as error:
        return Outcome(path, "refused", reason=str(error))


def remove_graphs(store: Store, graphs: list[str]) -> list[str]:
    """Remove graphs by id, and each payload file that no graph of this store refers to any more."""
    for graph in graphs:
        found = store.query("MATCH (g:Graph {id: $id}) RETURN g.payload", {"id": graph}).rows
        store.remove_graph(graph)
        for (name,) in found:
            discard_payload(store, name)
    return graphs


def discard_payload(store: Store, name: str, keep: str = "") -> None:
    """Delete a payload file unless a graph still refers to it, or it is ``keep``."""
    still = store.query("MATCH (g:Graph) WHERE g.payload = $name RETURN count(*)", {"name": name}).rows[0][0]
    if not still and name and name != keep:
        payload.remove(store.payload_folder, name)


def _already_there(path: Path, record: GraphRecord, *, same: bool) -> Outcome:
    if same:
        return Outcome(path, "skipped", record.id, "is loaded from this file")
    reason = (
        f"{path}: {record.id} is loaded from another file (its sha256 differs); --replace puts this one in its place"
    )
    return Outcome(path, "refused", record.id, reason)


def _written(path: Path, rows: GraphRows, status: Status) -> Outcome:
    counts = {name: rows.graph[name] for name in ("ops", "edges", "configs")}
    return Outcome(path, status, rows.id, **counts, config_nodes=len(rows.configs["uid"]), elements=rows.elements)
