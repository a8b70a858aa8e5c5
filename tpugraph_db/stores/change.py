"""Graphs on their way in or out of a store, each held by one writer.

A (:Load) node marks every graph that is being added or removed: who is at it, and when they last wrote. The Graph node
comes last and goes first, so that whoever begins at the Graph sees all or nothing of it. A mark whose owner is gone
(its process has ended, or has not written for a minute) is taken over, and what is half there is swept. Every
transaction of a change first makes sure that its marks are still its own.

Who writes a prediction onto a graph marks it too: the mark names the files of scores on their way in and out.
"""

from __future__ import annotations

import os
import platform
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tpugraph_db import content
from tpugraph_db.errors import ExistsError, StoreError, TooLargeError
from tpugraph_db.rows import GraphRows
from tpugraph_db.schema import COMPUTATION, PARTS, Label
from tpugraph_db.stores.base import REPEATABLE, Statement, Store, held

REMOVED_NODES = 20_000
"""Nodes of a label that are removed in a transaction; fewer where the server's memory asks for it."""

STALE_MS = 60_000
"""An owner that has not written for so long is gone. One transaction takes a few seconds at most."""

_active: set[str] = set()
"""Owners in this process that are at work."""


class Change:
    """Marks graphs, and unmarks them at its end. A context manager.

    Args:
        graphs: Files that each graph refers to now or will at the end, by the graph's id.

    ``graphs`` of the change are those that it got; another writer has the others.
    """

    def __init__(self, store: Store, graphs: Mapping[str, Sequence[str]]) -> None:
        self._store, self._wanted = store, dict(sorted(graphs.items()))
        self.owner = f"{_machine()}:{os.getpid()}:{secrets.token_hex(8)}"
        self.graphs: set[str] = set()

    def __enter__(self) -> Change:
        _active.add(self.owner)
        try:
            self.graphs = self._take()
        except BaseException:
            _active.discard(self.owner)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _active.discard(self.owner)
        if kind is None:
            self._release()
        elif self._wanted and issubclass(kind, Exception):
            # an interrupted process leaves at once, its marks tell the next one; a sweep that fails begins no other
            with suppress(StoreError):
                sweep(self._store)

    def add(self, graphs: Sequence[GraphRows]) -> None:
        """Write graphs, each all or nothing.

        Raises:
            ExistsError: one of them is there already, or another writer has it.
        """
        ids = [graph.id for graph in graphs]
        if not ids:
            return
        there = self._store.query("UNWIND $ids AS id MATCH (g:Graph {id: id}) RETURN g.id", {"ids": ids}).rows
        if there:
            raise ExistsError(f"{self._store.location}: {there[0][0]} is there already; remove it first (tpudb rm)")
        if not self.graphs.issuperset(ids):
            taken = min(set(ids) - self.graphs)
            raise ExistsError(f"{self._store.location}: {taken} is being loaded or removed by another process")
        self._store.add_graphs(graphs, self.owner)
        self.graphs -= set(ids)

    def remove(self, graph: str) -> None:
        """Delete every node of a graph, its Graph node first, and the files of its predictions.

        The mark stays until the end of the change.
        """
        scores = [str(row[0]) for row in self._store.query(_SCORES, {"graph": graph})]
        limit, left = REMOVED_NODES, True
        while left:
            try:
                # the last statement gives a row while something is left
                statements = _removal(graph, limit, hubs_first=self._store.hubs_go_first)
                left = bool(self._store.write(statements, fence=held([graph], self.owner)).rows)
            except TooLargeError:
                if limit == 1:
                    raise
                limit //= 2
        discard_payload(self._store, *scores)

    def discard(self) -> None:
        """Delete the files that the marks name and nothing refers to."""
        rows = self._store.query(_NAMED, {"ids": sorted(self.graphs), "owner": self.owner})
        discard_payload(self._store, *(name for (names,) in rows for name in names or ()))

    def _take(self) -> set[str]:
        """Mark what nobody else has; ids of it."""
        loads = [{"id": graph, "payloads": list(names)} for graph, names in self._wanted.items()]
        if not loads:
            return set()
        rows = self._store.write([(_TAKE, {"loads": loads, "owner": self.owner})], fence=REPEATABLE).rows
        marks = [_Mark(*row) for row in rows]
        return {mark.graph for mark in marks if mark.owner == self.owner or self._inherit(mark)}

    def _inherit(self, mark: _Mark) -> bool:
        """Make an abandoned mark one of this change."""
        if not mark.is_abandoned or not _take_over(self._store, mark, self):
            return False
        names = {"id": mark.graph, "payloads": list(self._wanted[mark.graph])}
        self._store.write([("MATCH (l:Load {id: $id}) SET l.dirty = false, l.payloads = $payloads", names)])
        return True

    def _release(self) -> None:
        if self.graphs:
            release = {"ids": sorted(self.graphs), "owner": self.owner}
            self._store.write([(_RELEASE, release)], fence=REPEATABLE)


def add_graphs(store: Store, graphs: Sequence[GraphRows]) -> None:
    """A change that adds graphs, and nothing else. See :meth:`Change.add`."""
    with Change(store, {graph.id: [] for graph in graphs}) as change:
        change.add(graphs)


def remove_graph(store: Store, graph: str) -> None:
    """A change that removes a graph, whether or not its Graph node is there. See :meth:`Change.remove`."""
    with Change(store, {graph: []}) as change:
        change.remove(graph)


def sweep(store: Store) -> None:
    """Remove what writers that are gone have left half done."""
    marks = [_Mark(*row) for row in store.query(_MARKS).rows]
    for mark in marks:
        if mark.is_abandoned:
            with Change(store, {}) as change:
                if _take_over(store, mark, change):
                    change.graphs = {mark.graph}


def discard_payload(store: Store, *names: str) -> None:
    """Delete files beside the store, each unless a graph or a prediction refers to it."""
    if wanted := [name for name in names if name]:
        still = {row[0] for row in store.query(_REFERRED, {"names": wanted})}
        for name in set(wanted) - still:
            content.remove(store.payload_folder, name)


@dataclass(frozen=True)
class _Mark:
    graph: str
    owner: str
    heartbeat: int
    dirty: bool
    payloads: list[str]
    now: int

    @property
    def is_abandoned(self) -> bool:
        machine, process, _ = self.owner.rsplit(":", 2)
        if machine == _machine() and int(process) == os.getpid():
            return self.owner not in _active
        if machine == _machine() and not _is_running(int(process)):
            return True
        return self.now - self.heartbeat > STALE_MS


def _take_over(store: Store, mark: _Mark, change: Change) -> bool:
    """Make an abandoned mark the change's own and sweep what it stands for; False where someone else was faster."""
    seen = {"id": mark.graph, "old": mark.owner, "seen": mark.heartbeat, "owner": change.owner}
    if not store.write([(_TAKE_OVER, seen)]).rows:
        return False
    if mark.dirty:
        change.remove(mark.graph)
    discard_payload(store, *mark.payloads)
    return True


def _is_running(process: int) -> bool:
    if os.name == "nt":
        return True  # os.kill would end it there; its age tells
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _machine() -> str:
    """Names where a process number means something: the host, and on Linux its namespace of processes."""
    space = Path("/proc/self/ns/pid")
    return platform.node() + (f"/{space.stat().st_ino}" if space.exists() else "")


def _removal(graph: str, limit: int, *, hubs_first: bool) -> list[Statement]:
    """Delete the Graph node and a piece of the rest; gives a row while something is left."""
    due = {COMPUTATION: "" if hubs_first else _WHEN_OPS_ARE_GONE}
    parts = [f"{due.get(label, '')}{_found(label)} WITH n LIMIT $limit DETACH DELETE n" for label in PARTS]
    left = [f"{_found(label)} RETURN n.graph AS graph LIMIT 1" for label in PARTS]
    texts = [_REMEMBER_ALL, "MATCH (n:Graph {id: $graph}) DETACH DELETE n", *parts, " UNION ALL ".join(left)]
    return [(text, {"graph": graph, "limit": limit}) for text in texts]


def _found(label: Label) -> str:
    return f"MATCH (n:{label.name} {{graph: $graph}})"


_WHEN_OPS_ARE_GONE = "OPTIONAL MATCH (o:Op {graph: $graph}) WITH o LIMIT 1 WITH count(o) AS ops WHERE ops = 0 "

_TAKE = """
UNWIND $loads AS load
MERGE (l:Load {id: load.id})
  ON CREATE SET l.owner = $owner, l.heartbeat = timestamp(), l.dirty = false, l.step = 0, l.payloads = load.payloads
RETURN l.id AS id, l.owner AS owner, l.heartbeat AS heartbeat, l.dirty AS dirty, l.payloads AS payloads,
       timestamp() AS now
"""

# the first SET takes the lock: what is compared afterwards does not change any more
_TAKE_OVER = """
MATCH (l:Load {id: $id}) SET l.heartbeat = l.heartbeat
WITH l WHERE l.owner = $old AND l.heartbeat = $seen
SET l.owner = $owner, l.heartbeat = timestamp(), l.step = 0
RETURN l.id AS id
"""

_MARKS = """
MATCH (l:Load)
RETURN l.id AS id, l.owner AS owner, l.heartbeat AS heartbeat, l.dirty AS dirty, l.payloads AS payloads,
       timestamp() AS now
ORDER BY id
"""

_RELEASE = "UNWIND $ids AS id MATCH (l:Load {id: id}) WHERE l.owner = $owner DELETE l"

_REFERRED = """
UNWIND $names AS name MATCH (g:Graph {payload: name}) RETURN name
UNION ALL
UNWIND $names AS name MATCH (p:Prediction {scores: name}) RETURN name
"""

_SCORES = "MATCH (p:Prediction {graph: $graph}) WHERE p.scores IS NOT NULL RETURN p.scores"

_NAMED = "UNWIND $ids AS id MATCH (l:Load {id: id}) WHERE l.owner = $owner RETURN l.payloads"

REMEMBER_SCORES = """
UNWIND $ids AS id
MATCH (p:Prediction {id: id}) WHERE p.scores IS NOT NULL
MATCH (l:Load {id: p.graph})
SET l.payloads = l.payloads + [p.scores]
"""
"""In the transaction that takes the names of files off their nodes: whoever sweeps finds them in the marks."""

_REMEMBER_ALL = """
MATCH (p:Prediction {graph: $graph}) WHERE p.scores IS NOT NULL
WITH collect(p.scores) AS names
MATCH (l:Load {id: $graph})
SET l.payloads = l.payloads + names
"""
