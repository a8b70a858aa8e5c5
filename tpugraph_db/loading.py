"""One run of the verb load: graphs wait until enough are together, then payload, nodes and edges are written."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tpugraph_db import content, payload
from tpugraph_db.content import Content
from tpugraph_db.in_turn import WAIT_SECONDS
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import GraphRows, graph_rows
from tpugraph_db.stores import Store
from tpugraph_db.stores.change import Change, discard_payload

BATCH_BYTES = 64 << 20
"""Payload held in memory before it is written."""

Status = Literal["loaded", "replaced", "skipped", "refused"]


@dataclass(frozen=True)
class Outcome:
    """What became of one graph, or of a file that could not be read."""

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
    unknown: Mapping[str, int] = field(default_factory=dict)
    """What its reader did not know and kept as text, with how often."""


Present = dict[str, tuple[str, str]]
"""sha256 and payload of the loaded graphs, by id."""


@dataclass(frozen=True)
class Draft:
    """A graph that is ready to be written."""

    path: Path
    rows: GraphRows
    payload: Content
    unknown: Mapping[str, int]

    @property
    def sha256(self) -> str:
        return str(self.rows.graph["sha256"])


@dataclass
class Loading:
    """What is there, what is waiting to be written, what became of each file."""

    store: Store
    configs: int | None
    replace: bool
    report: Callable[[Outcome], None]
    present: Present
    waiting: dict[str, Draft] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    _elements: int = 0
    _bytes: int = 0

    def draft(self, path: Path, record: GraphRecord) -> Draft | Outcome:
        """Encode a record for the store, which is not asked; an outcome where it is there already."""
        sha256, name = self.present.get(record.id, ("", ""))
        if sha256 and not self.replace and content.is_there(self.store.payload_folder, name):
            return already_there(path, record.id, same=sha256 == record.sha256)
        encoded = payload.encode(record)
        return Draft(path, graph_rows(record, encoded.name, self.configs), encoded, record.unknown)

    def add(self, draft: Draft) -> None:
        """Write a draft, at once or with those that wait."""
        if draft.rows.id in self.waiting:
            self.flush()  # two files for one graph: the second meets the first in the store
        self.waiting[draft.rows.id] = draft
        self._elements += draft.rows.elements
        self._bytes += len(draft.payload.content)
        if self._elements >= self.store.batch_elements or self._bytes >= BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what waits. What another process is loading waits until that one has done it, or is gone."""
        self._elements = self._bytes = 0
        while self.waiting:
            payloads = {graph: self._payloads(draft) for graph, draft in self.waiting.items()}
            with Change(self.store, payloads) as change:
                mine = [self.waiting.pop(graph) for graph in sorted(change.graphs)]
                self._write(change, mine)
            if self.waiting and not mine:
                time.sleep(WAIT_SECONDS)

    def done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.report(outcome)

    def _write(self, change: Change, drafts: list[Draft]) -> None:
        there = loaded(self.store, [draft.rows.id for draft in drafts])
        kept = [draft for draft in drafts if draft.rows.id in there and not self.replace]
        new = [draft for draft in drafts if draft not in kept]
        restored = [draft for draft in kept if there[draft.rows.id][1] == draft.payload.name]
        content.write((draft.payload for draft in [*new, *restored]), self.store.payload_folder)
        for draft in new:
            if draft.rows.id in there:
                change.remove(draft.rows.id)
        change.add([draft.rows for draft in new])
        for draft in new:
            _, old = there.get(draft.rows.id, ("", ""))
            if old != draft.payload.name:
                discard_payload(self.store, old)
            self._acknowledge(draft, "replaced" if draft.rows.id in there else "loaded")
        for draft in kept:
            self.done(already_there(draft.path, draft.rows.id, same=there[draft.rows.id][0] == draft.sha256))

    def _acknowledge(self, draft: Draft, status: Status) -> None:
        self.present[draft.rows.id] = draft.sha256, draft.payload.name
        self.done(written(draft.path, draft.rows, draft.unknown, status))

    def _payloads(self, draft: Draft) -> list[str]:
        """What the graph refers to now, and will."""
        _, old = self.present.get(draft.rows.id, ("", ""))
        return [name for name in dict.fromkeys([draft.payload.name, old]) if name]


def loaded(store: Store, graphs: list[str] | None = None) -> Present:
    """What is in the store; ``graphs`` None: all."""
    match = "MATCH (g:Graph)" if graphs is None else "UNWIND $ids AS id MATCH (g:Graph {id: id})"
    found = store.query(f"{match} RETURN g.id, g.sha256, g.payload", {"ids": graphs})
    return {graph: (sha256, name) for graph, sha256, name in found}


def already_there(path: Path, graph: str, *, same: bool) -> Outcome:
    """Of a graph that is in the store: from this file, or from another."""
    if same:
        return Outcome(path, "skipped", graph, "is loaded from this file")
    reason = f"{path}: {graph} is loaded from another file (its sha256 differs); --replace puts this one in its place"
    return Outcome(path, "refused", graph, reason)


def written(path: Path, rows: GraphRows, unknown: Mapping[str, int], status: Status) -> Outcome:
    """Of a graph that has been written, or would be."""
    counts = {name: rows.graph[name] for name in ("ops", "edges", "configs")}
    counts |= {"config_nodes": len(rows.configs["uid"]), "elements": rows.elements}
    return Outcome(path, status, rows.id, **counts, unknown=unknown)
