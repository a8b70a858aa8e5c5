"""What an engine must be able to do. A third engine is one more file beside this one, and a line in ``__init__``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tpugraph_db.errors import (
    LostChangeError,
    QueryError,
    QueryStoppedError,
    QueryTimeoutError,
    ReadOnlyError,
    SchemaVersionError,
)
from tpugraph_db.rows import GraphRows
from tpugraph_db.schema import READABLE_VERSIONS, SCHEMA_VERSION
from tpugraph_db.stores.guard import check_read, check_statement
from tpugraph_db.stores.parameters import plain
from tpugraph_db.stores.result import Result
from tpugraph_db.stores.stop import Stop

Parameters = Mapping[str, Any]
Statement = tuple[str, Parameters]


@dataclass
class Cursor:
    """Rows on their way: names first, then tuples of the values of :mod:`values`."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@dataclass(frozen=True)
class Fence:
    """What must hold for a transaction to be done."""

    check: Statement
    """Run first; it gives a row, or nothing is done."""
    done: Statement | None = None
    """Gives a row where an earlier try got through and only its answer was lost: then nothing is left to do."""


REPEATABLE = Fence(("RETURN true AS holds", {}))
"""Around what may be done twice: nothing has to hold."""


@dataclass(frozen=True)
class Properties:
    """What is to be set on nodes of one label in one graph."""

    graph: str
    label: str
    columns: Mapping[str, NDArray[Any] | None]
    """(nodes,) for each property, by the node's ``index``; None, and what a masked array masks, takes it off."""

    @property
    def size(self) -> int:
        """How many nodes, where it says so."""
        return max((len(values) for values in self.columns.values() if values is not None), default=0)


class Store(ABC):
    """A graph database that speaks Neo4j's Cypher."""

    engine: str
    """``arcadedb`` or ``neo4j``."""
    batch_elements: int
    """Nodes and edges best given to :meth:`add_graphs` at a time."""
    writers: int = 1
    """Transactions best under way at a time."""
    hubs_go_first: bool
    """Whether a node that is joined to every op of a graph is best removed before them, else after them."""
    location: str
    """Where it is, as people write it; never with a password."""
    payload_folder: Path
    """Where the arrays of its graphs are; known once it is open."""

    @abstractmethod
    def read(self, text: str, parameters: Parameters, timeout: float | None) -> AbstractContextManager[Cursor]:
        """Run one statement that the engine itself holds to reading. ``timeout`` in seconds."""

    @abstractmethod
    def write(
        self, statements: Sequence[Statement], timeout: float | None = None, fence: Fence | None = None
    ) -> Result:
        """Run statements in one transaction, all or nothing; the last one's rows.

        Raises:
            LostChangeError: the fence did not hold; nothing was done.
        """

    @abstractmethod
    def apply_schema(self) -> None:
        """Make constraints and indexes from :mod:`schema`; harmless when they are there."""

    @abstractmethod
    def add_graphs(self, graphs: Sequence[GraphRows], owner: str) -> None:
        """Write graphs that are marked as ``owner``'s (:mod:`change`): each Graph node comes last, its mark goes."""

    @abstractmethod
    def set_properties(
        self,
        parts: Sequence[Properties],
        before: Sequence[Statement] = (),
        after: Sequence[Statement] = (),
        fence: Fence | None = None,
    ) -> None:
        """Set properties of nodes, in one transaction with the statements ``before`` and ``after``.

        What is too much for one comes in pieces between the two; the fence is the first one's.

        Raises:
            LostChangeError: the fence did not hold; nothing was done.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the engine."""

    def know_id(self, identity: str) -> None:
        """Learn the id in the Store node.

        Where stores share a payload folder, each takes a room of its id in it; where a process has a store to itself,
        what an earlier one has left half done is swept.
        """
        self.store_id = identity

    def stoppable(self, stop: Stop) -> AbstractContextManager[None]:
        """What this thread runs in the block can be stopped by another; an engine that cannot runs it to its end."""
        return nullcontext()

    def be_prompt(self) -> None:  # noqa: B027  # an embedded engine is never away
        """From now on say at once that the engine is away, as somebody waits at a prompt; it may be back later."""

    def plan(self, text: str, parameters: Parameters) -> str:
        """How the engine would run one statement, in its own words, over several lines; nothing is run."""
        raise QueryError(f"{self.engine} does not say how it runs a statement")

    def query(
        self,
        text: str,
        parameters: Parameters | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Result:
        """Run Cypher. See :meth:`tpugraph_db.database.Database.query`."""
        if write:
            check_statement(text)
            return self.write([(_bare(text), plain(parameters or {}))], timeout).cut(limit)
        with self.stream(text, parameters, timeout=timeout) as cursor:
            return Result.collect(cursor.columns, cursor.rows, limit)

    @contextmanager
    def stream(
        self, text: str, parameters: Parameters | None = None, *, timeout: float | None = None
    ) -> Iterator[Cursor]:
        """The rows of a read on their way. See :meth:`tpugraph_db.database.Database.stream`."""
        check_statement(text)
        check_read(_bare(text))
        with self.read(_bare(text), plain(parameters or {}), timeout) as cursor:
            yield cursor

    def explain(self, text: str, parameters: Parameters | None = None, *, write: bool = False) -> str:
        """How a statement would be run. See :meth:`tpugraph_db.database.Database.explain`."""
        check_statement(text)
        if not write:
            check_read(_bare(text))
        return self.plan(_bare(text), plain(parameters or {}))


def _bare(text: str) -> str:
    return text.rstrip().removesuffix(";")


def held(graphs: Sequence[str], owner: str, *, dirty: bool = True) -> Fence:
    """Holds while the marks of all these graphs are the owner's; says that their nodes may be half there (dirty)."""
    return Fence((_HELD, {"ids": list(graphs), "owner": owner, "dirty": dirty}))


def setting(parts: Sequence[Properties]) -> list[Statement]:
    """Cypher for :meth:`Store.set_properties`: a statement for all graphs that set the same."""
    statements: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        text = f"UNWIND $parts AS p MATCH (n:{part.label} {{graph: p.graph}}) {assigning(part, 'p')}"
        statements.setdefault(text, []).append({"graph": part.graph} | lists(part))
    return [(text, {"parts": rows}) for text, rows in statements.items()]


def assigning(part: Properties, source: str) -> str:
    """SET and REMOVE clauses for a node ``n``, its values in lists of the map ``source``."""
    # ArcadeDB passes over REMOVE n.`name` without a word, so names are never in backquotes
    sets = [f"{name}: {source}.{name}[n.index]" for name, values in part.columns.items() if values is not None]
    removed = [f"n.{name}" for name, values in part.columns.items() if values is None]
    # one map: ArcadeDB saves a node once for each item of a SET
    clauses = [f"SET n += {{{', '.join(sets)}}}"] * bool(sets) + [f"REMOVE {', '.join(removed)}"] * bool(removed)
    return " ".join(clauses)


def lists(part: Properties) -> dict[str, list[Any]]:
    """The values as an engine takes them."""
    return {name: values.tolist() for name, values in part.columns.items() if values is not None}


# the first SET takes the lock: what is compared afterwards does not change any more
_HELD = """
UNWIND $ids AS id
MATCH (l:Load {id: id}) SET l.heartbeat = timestamp()
WITH l WHERE l.owner = $owner SET l.dirty = l.dirty OR $dirty
WITH count(*) AS held WHERE held = size($ids)
RETURN held
"""


def refused_write() -> ReadOnlyError:
    """What an engine's own refusal of a write in a read becomes."""
    return ReadOnlyError("a read cannot write; to change the store, say write (--write)")


def lost_change(location: str) -> LostChangeError:
    """What a fence that did not hold becomes."""
    return LostChangeError(
        f"{location}: another process has taken over what this one was loading or removing, after a minute without a "
        "sign of it; run the command again"
    )


def stopped() -> QueryStoppedError:
    """What an engine says of a query that :class:`Stop` has stopped becomes."""
    return QueryStoppedError("the query was stopped")


def timed_out(timeout: float | None, message: str) -> QueryTimeoutError:
    """What an engine's time-out becomes; its own ``message`` where the limit was not ours."""
    return QueryTimeoutError(f"the query was stopped at its time limit of {timeout:g} s" if timeout else message)


def check_schema_version(found: Any, location: str) -> None:
    """Refuse a store of another schema.

    Raises:
        SchemaVersionError: says which of the two is older, and the cure.
    """
    if found in READABLE_VERSIONS:
        return
    if not isinstance(found, int):
        age, cure = "another program's", "choose another store"
    elif found < SCHEMA_VERSION:
        age, cure = "older than this program", "load its files into a new store"
    else:
        age, cure = "newer than this program", "upgrade tpugraph-db"
    message = f"{location}: schema_version: expected {SCHEMA_VERSION}, found {found}: the store is {age}; {cure}"
    raise SchemaVersionError(message)
