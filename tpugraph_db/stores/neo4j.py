"""Neo4j over Bolt, by the official driver."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j

from tpugraph_db import schema
from tpugraph_db.errors import UsageError
from tpugraph_db.rows import GraphRows
from tpugraph_db.stores import neo4j_load
from tpugraph_db.stores.base import (
    Cursor,
    Fence,
    Parameters,
    Properties,
    Statement,
    Store,
    assigning,
    lists,
    lost_change,
    setting,
)
from tpugraph_db.stores.neo4j_errors import translated
from tpugraph_db.stores.neo4j_values import convert
from tpugraph_db.stores.result import Result

SCHEMES = tuple(scheme + security for scheme in ("neo4j", "bolt") for security in ("", "+s", "+ssc"))
CONNECT_SECONDS = 15.0
RETRY_SECONDS = 60.0
"""A write begins again while the server restarts, or after a deadlock, for so long."""

WRITERS = 2
"""Transactions at a time; the server has a core for each, and this process little to do."""

SET_NODES = 20_000
"""Nodes whose properties are set in a transaction."""

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # else its retries are printed where nobody set up logging


class Neo4jStore(Store):
    """See :class:`Store`. User, password and database come from NEO4J_USERNAME, NEO4J_PASSWORD, NEO4J_DATABASE."""

    engine = "neo4j"
    batch_elements = WRITERS * neo4j_load.TRANSACTION_ELEMENTS

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
                max_transaction_retry_time=RETRY_SECONDS,
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

    def write(
        self, statements: Sequence[Statement], timeout: float | None = None, fence: Fence | None = None
    ) -> Result:
        @neo4j.unit_of_work(timeout=timeout)
        def work(transaction: neo4j.ManagedTransaction) -> Result:
            last = Result((), [], 0)
            if fence is None or self._holds(transaction, fence):
                for statement in statements:
                    last = _run(transaction, statement)
            return last

        with translated(self.location, timeout), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(work)

    def apply_schema(self) -> None:
        with translated(self.location, None), self._session(neo4j.WRITE_ACCESS) as session:
            for statement in schema.neo4j_statements():
                session.run(statement).consume()

    def add_graphs(self, graphs: Sequence[GraphRows], owner: str) -> None:
        with ThreadPoolExecutor(WRITERS) as writers:
            for done in [writers.submit(self._add_together, graphs, owner) for graphs in neo4j_load.group(graphs)]:
                done.result()

    def set_properties(
        self, parts: Sequence[Properties], before: Sequence[Statement] = (), after: Sequence[Statement] = ()
    ) -> None:
        small = [part for part in parts if 0 < part.size <= SET_NODES]
        large = [part for part in parts if part not in small]
        if not large:
            self.write([*before, *setting(small), *after])
            return
        self.write([*before, *setting(small)])
        for part in large:
            self._set_in_pieces(part)
        self.write(after)

    def know_id(self, identity: str) -> None:
        super().know_id(identity)
        self.payload_folder = self._payload_root / identity

    def close(self) -> None:
        self._driver.close()

    def _add_together(self, graphs: Sequence[GraphRows], owner: str) -> None:
        large = neo4j_load.is_large(graphs[0])
        for part in neo4j_load.pieces(graphs[0], owner) if large else [neo4j_load.whole(graphs, owner)]:
            self.write(part.statements, fence=part.fence)

    def _set_in_pieces(self, part: Properties) -> None:
        text = (
            f"MATCH (n:{part.label} {{graph: $graph}}) CALL (n) {{ {assigning(part, '$columns')} }} "
            f"IN TRANSACTIONS OF {SET_NODES} ROWS"
        )
        with translated(self.location, None), self._session(neo4j.WRITE_ACCESS) as session:
            session.run(text, {"graph": part.graph, "columns": lists(part)}).consume()

    def _holds(self, transaction: neo4j.ManagedTransaction, fence: Fence) -> bool:
        """False where an earlier try of the same transaction got through, and only its answer was lost."""
        if _run(transaction, fence.check).rows:
            return True
        if fence.done and _run(transaction, fence.done).rows:
            return False
        raise lost_change(self.location)

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


def _run(transaction: neo4j.ManagedTransaction, statement: Statement) -> Result:
    text, parameters = statement
    result = transaction.run(text, dict(parameters))
    return Result.collect(result.keys(), map(_row, result), None)
