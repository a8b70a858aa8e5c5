"""What an engine must be able to do. A third engine is one more file beside this one, and a line in ``__init__``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpugraph_db.errors import ExistsError, QueryTimeoutError, ReadOnlyError, SchemaVersionError
from tpugraph_db.rows import GraphRows
from tpugraph_db.schema import GRAPH, LABELS, SCHEMA_VERSION, create_nodes
from tpugraph_db.stores.guard import check_read, check_statement
from tpugraph_db.stores.parameters import plain
from tpugraph_db.stores.result import Result

Parameters = Mapping[str, Any]
Statement = tuple[str, Parameters]


@dataclass
class Cursor:
    """Rows on their way: names first, then tuples of the values of :mod:`values`."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


class Store(ABC):
    """A graph database that speaks Neo4j's Cypher."""

    engine: str
    """``arcadedb`` or ``neo4j``."""
    location: str
    """Where it is, as people write it; never with a password."""
    payload_folder: Path
    """Where the arrays of its graphs are; known once it is open."""

    @abstractmethod
    def read(self, text: str, parameters: Parameters, timeout: float | None) -> AbstractContextManager[Cursor]:
        """Run one statement that the engine itself holds to reading. ``timeout`` in seconds."""

    @abstractmethod
    def write(self, statements: Sequence[Statement], timeout: float | None = None) -> Result:
        """Run statements in one transaction, all or nothing; the last one's rows."""

    @abstractmethod
    def apply_schema(self) -> None:
        """Make constraints and indexes from :mod:`schema`; harmless when they are there."""

    @abstractmethod
    def _add_graphs(self, graphs: Sequence[GraphRows]) -> None:
        """Write graphs that are not there, each all or nothing: its Graph node is there last, or not at all."""

    @abstractmethod
    def remove_graph(self, graph: str) -> None:
        """Delete every node of a graph id, whether or not its Graph node is there."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the engine."""

    def add_graphs(self, graphs: Sequence[GraphRows]) -> None:
        """Write graphs, all or nothing: a Graph node is there only when all of its graph is.

        Raises:
            ExistsError: one of them is there already.
        """
        ids = [graph.id for graph in graphs]
        there = self.query("MATCH (g:Graph) WHERE g.id IN $ids RETURN g.id ORDER BY g.id", {"ids": ids}).rows
        if there:
            raise ExistsError(f"{self.location}: {there[0][0]} is there already; remove it first (tpudb rm)")
        self._add_graphs(graphs)

    def know_id(self, identity: str) -> None:
        """Learn the id in the Store node; where stores share a payload folder, each takes a room of its id in it."""
        self.store_id = identity

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
        check_statement(text)
        text, values = text.rstrip().removesuffix(";"), plain(parameters or {})
        if write:
            return self.write([(text, values)], timeout).cut(limit)
        check_read(text)
        with self.read(text, values, timeout) as cursor:
            return Result.collect(cursor.columns, cursor.rows, limit)

    def _removal(self, graph: str) -> list[Statement]:
        """Cypher that removes a graph: its Graph node first, so that it is never seen half."""
        labels = [label.name for label in LABELS if label.name not in ("Graph", "Store")]
        texts = ["MATCH (n:Graph {id: $graph}) DETACH DELETE n"]
        texts += [f"MATCH (n:{label} {{graph: $graph}}) DETACH DELETE n" for label in labels]
        return [(text, {"graph": graph}) for text in texts]


def graph_node(graph: GraphRows) -> Statement:
    """Cypher that makes the Graph node."""
    columns = {name: [graph.graph.get(name)] for name in GRAPH.property_names()}
    return create_nodes(GRAPH), {"rows": 1, "columns": columns}


def refused_write() -> ReadOnlyError:
    """What an engine's own refusal of a write in a read becomes."""
    return ReadOnlyError("a read cannot write; to change the store, say write (--write)")


def timed_out(timeout: float | None, message: str) -> QueryTimeoutError:
    """What an engine's time-out becomes; its own ``message`` where the limit was not ours."""
    return QueryTimeoutError(f"the query was stopped at its time limit of {timeout:g} s" if timeout else message)


def check_schema_version(found: Any, location: str) -> None:
    """Refuse a store of another schema.

    Raises:
        SchemaVersionError: says which of the two is older, and the cure.
    """
    if found == SCHEMA_VERSION:
        return
    if not isinstance(found, int):
        age, cure = "another program's", "choose another store"
    elif found < SCHEMA_VERSION:
        age, cure = "older than this program", "load its files into a new store"
    else:
        age, cure = "newer than this program", "upgrade tpugraph-db"
    message = f"{location}: schema_version: expected {SCHEMA_VERSION}, found {found}: the store is {age}; {cure}"
    raise SchemaVersionError(message)
