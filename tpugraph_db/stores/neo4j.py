"""Neo4j over Bolt, by the official driver."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j

from tpugraph_db import schema
from tpugraph_db.errors import UsageError
from tpugraph_db.rows import Columns, GraphRows
from tpugraph_db.stores.base import Cursor, Parameters, Statement, Store, graph_node
from tpugraph_db.stores.neo4j_errors import translated
from tpugraph_db.stores.neo4j_values import convert
from tpugraph_db.stores.result import Result

SCHEMES = tuple(scheme + security for scheme in ("neo4j", "bolt") for security in ("", "+s", "+ssc"))
CONNECT_SECONDS = 15.0

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # else its retries are printed where nobody set up logging


class Neo4jStore(Store):
    """See :class:`Store`. User, password and database come from NEO4J_USERNAME, NEO4J_PASSWORD, NEO4J_DATABASE."""

    engine = "neo4j"

    def __init__(self, uri: str, payload_root: Path) -> None:
        if "@" in uri:
            cure = "put them in NEO4J_USERNAME and NEO4J_PASSWORD"
            raise UsageError(
                f"a Neo4j address holds no user or password, which would end up in logs and history; {cure}"
            )
        self.location = uri
        self.payload_folder = self._payload_root = payload_root
        self._database = os.environ.get("NEO4J_DATABASE") or None
        with translated(self.location, None):
            self._driver = neo4j.GraphDatabase.driver(
                uri,
                auth=_credentials(),
                connection_timeout=CONNECT_SECONDS,
                max_transaction_retry_time=CONNECT_SECONDS,
                notifications_min_severity="OFF",
                user_agent="tpugraph-db",
            )
            self._driver.verify_connectivity()

    @contextmanager
    def read(self, text: str, parameters: Parameters, timeout: float | None) -> Iterator[Cursor]:
        with (
            translated(self.location, timeout),
            self._session(neo4j.READ_ACCESS) as session,
            session.begin_transaction(timeout=timeout) as transaction,
        ):
            result = transaction.run(text, dict(parameters))
            yield Cursor(tuple(result.keys()), self._rows(result, timeout))

    def write(self, statements: Sequence[Statement], timeout: float | None = None) -> Result:
        @neo4j.unit_of_work(timeout=timeout)
        def work(transaction: neo4j.ManagedTransaction) -> Result:
            last = Result((), [], 0)
            for text, parameters in statements:
                result = transaction.run(text, dict(parameters))
                last = Result.collect(result.keys(), map(_row, result), None)
            return last

        with translated(self.location, timeout), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(work)

    def apply_schema(self) -> None:
        with translated(self.location, None), self._session(neo4j.WRITE_ACCESS) as session:
            for statement in schema.neo4j_statements():
                session.run(statement).consume()

    def _add_graphs(self, graphs: Sequence[GraphRows]) -> None:
        self.write([statement for graph in graphs for statement in _addition(graph)])

    def remove_graph(self, graph: str) -> None:
        self.write(self._removal(graph))

    def know_id(self, identity: str) -> None:
        super().know_id(identity)
        self.payload_folder = self._payload_root / identity

    def close(self) -> None:
        self._driver.close()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self._database, default_access_mode=access)

    def _rows(self, result: neo4j.Result, timeout: float | None) -> Iterator[tuple[Any, ...]]:
        with translated(self.location, timeout):
            yield from map(_row, result)


def _credentials() -> tuple[str, str] | None:
    password = os.environ.get("NEO4J_PASSWORD")
    return (os.environ.get("NEO4J_USERNAME", "neo4j"), password) if password is not None else None


def _row(record: neo4j.Record) -> tuple[Any, ...]:
    return tuple(convert(value) for value in record.values())


def _addition(graph: GraphRows) -> list[Statement]:
    """One graph in three statements; the op at an edge's end is reached by its place in the list of all."""
    edges = {"feeds": graph.feeds, "called_by": graph.called_by}
    ends = {name: [pairs[:, 0].tolist(), pairs[:, 1].tolist()] for name, pairs in edges.items()}
    return [
        (_CREATE_OPS, _columns(schema.OP, graph.ops) | ends),
        graph_node(graph),
        (_CREATE_CONFIGS, _columns(schema.CONFIG, graph.configs) | {"graph": graph.id}),
    ]


def _columns(label: schema.Label, columns: Columns) -> dict[str, Any]:
    """Parameters of :func:`schema.create_nodes`; a property that no node has is null, and so is each of its entries."""
    return {"rows": len(columns["uid"]), "columns": {name: columns.get(name) for name in label.property_names()}}


_CREATE_CONFIGS = f"{schema.create_nodes(schema.CONFIG)} WITH n MATCH (g:Graph {{id: $graph}}) CREATE (n)-[:OF]->(g)"

_CREATE_OPS = f"""
{schema.create_nodes(schema.OP)}
WITH n ORDER BY n.index
WITH collect(n) AS ops
CALL (ops) {{
  UNWIND range(0, size($feeds[0]) - 1) AS e
  WITH ops[$feeds[0][e]] AS producer, ops[$feeds[1][e]] AS consumer
  CREATE (producer)-[:FEEDS]->(consumer)
}}
CALL (ops) {{
  UNWIND range(0, size($called_by[0]) - 1) AS e
  WITH ops[$called_by[0][e]] AS root, ops[$called_by[1][e]] AS caller
  CREATE (root)-[:CALLED_BY]->(caller)
}}
"""
