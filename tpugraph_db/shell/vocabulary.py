"""The words that may follow: Cypher's, the schema's, the libraries', and what the store has in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Thread
from types import MappingProxyType

from tpugraph_db import schema
from tpugraph_db.cypher.library import all_queries
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.cypher.patterns.library import pattern_names
from tpugraph_db.database import Database
from tpugraph_db.errors import TpuGraphError
from tpugraph_db.opcodes import NUMBERS
from tpugraph_db.shell import saved
from tpugraph_db.stores.jvm import leave_thread
from tpugraph_db.stores.stop import Stop

_KEYWORDS = (
    "ALL AND AS ASC BY CALL CASE CONTAINS COUNT CREATE DELETE DESC DETACH DISTINCT ELSE END ENDS EXISTS EXPLAIN FALSE "
    "IN IS LIMIT MATCH MERGE NOT NULL OPTIONAL OR ORDER REMOVE RETURN SET SKIP STARTS THEN TRUE UNION UNWIND WHEN "
    "WHERE WITH XOR"
)
_FUNCTIONS = (
    "avg coalesce collect count head id keys labels last length max min nodes properties range reduce relationships "
    "reverse round shortestPath size sum tail toFloat toInteger toString toUpper type"
)
KEYWORDS, FUNCTIONS = tuple(_KEYWORDS.split()), tuple(_FUNCTIONS.split())

MOST = 5_000
"""Graphs that are offered by name; of more, the first."""

_OPCODES = "MATCH (o:Op) WHERE o.opcode IS NOT NULL RETURN DISTINCT o.opcode AS opcode ORDER BY opcode"
_GRAPHS = "MATCH (g:Graph) RETURN g.id AS id, g.collection AS collection ORDER BY id"
_WRITTEN = "MATCH (p:Prediction) UNWIND p.properties AS property RETURN DISTINCT property ORDER BY property"


@dataclass(frozen=True)
class InStore:
    """What a store has in it."""

    opcodes: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By label: what models wrote, beside the schema's."""


def read(db: Database) -> InStore:
    """Ask a store."""
    opcodes = tuple(str(row[0]) for row in db.query(_OPCODES, limit=MOST))
    graphs = db.query(_GRAPHS, limit=MOST).rows
    written: dict[str, tuple[str, ...]] = {}
    for (entry,) in db.query(_WRITTEN, limit=MOST):
        label, _, name = str(entry).partition(".")
        written[label] = (*written.get(label, ()), name)
    collections = tuple(sorted({str(row[1]) for row in graphs}))
    return InStore(opcodes, tuple(str(row[0]) for row in graphs), collections, written)


class Vocabulary:
    """All words. What is in the store is read in a thread; until it is there, the words without it are known."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._stop = Stop()
        self._thread: Thread | None = None
        self.store = InStore()
        self.queries: dict[str, NamedQuery] = {}
        self.own: frozenset[str] = frozenset()
        self.patterns = tuple(pattern_names())

    def refresh(self) -> Thread:
        """Begin to read the store again; until the thread has ended the old words are there."""
        self._thread = Thread(target=self._read, daemon=True, name="vocabulary")
        self._thread.start()
        return self._thread

    def stop(self) -> None:
        """Read no further."""
        try:
            self._stop.now()
        except TpuGraphError:
            return  # the store is away, and what is read with it
        if self._thread is not None:
            self._thread.join(1.0)

    def refresh_queries(self) -> None:
        """Look again what is saved."""
        own = {name: query for name, query in saved.saved().items() if isinstance(query, NamedQuery)}
        self.queries, self.own = {query.name: query for query in all_queries()} | own, frozenset(own)

    def properties(self, label: str | None) -> list[str]:
        """Of a label or a type of relationship, of all where there is none of that name; sorted."""
        known = {one.name: one.property_names() for one in schema.LABELS}
        known |= {kind.type: tuple(p.name for p in kind.properties) for kind in schema.RELATIONSHIPS}
        names = [label] if label in known else list(known)
        return sorted({name for one in names for name in (*known[one], *self.store.properties.get(one, ()))})

    def opcodes(self) -> Iterable[str]:
        """Those in the store; before it is read, HLO's."""
        return self.store.opcodes or sorted(NUMBERS)

    def _read(self) -> None:
        self.refresh_queries()
        try:
            with self._db.store.stoppable(self._stop):
                self.store = read(self._db)
        except TpuGraphError:
            return  # the store is away, or too slow and was stopped: what was known stays, the next statement says so
        finally:
            leave_thread()
