"""Neo4j over Bolt, by the official driver."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Any

import neo4j

from tpugraph_db.errors import TooLargeError, UsageError
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
from tpugraph_db.stores.neo4j_plan import plan_text
from tpugraph_db.stores.neo4j_retry import AT_A_PROMPT_SECONDS, Patience
from tpugraph_db.stores.neo4j_values import convert
from tpugraph_db.stores.neo4j_version import check_agent
from tpugraph_db.stores.result import Result
from tpugraph_db.stores.statements import neo4j_statements
from tpugraph_db.stores.stop import Stop

SCHEMES = tuple(scheme + security for scheme in ("neo4j", "bolt") for security in ("", "+s", "+ssc"))
CONNECT_SECONDS = 15.0
"""For the network's connection, and for the server's first answer on it."""

WRITERS = 3
"""Transactions at a time: while one waits for its answer, two cores of the server have one each."""

_MARK = "tpudb_mark"
"""Under which name a transaction that can be stopped has its mark in the server's metadata."""

SET_NODES = 20_000
"""Nodes whose properties are set in a transaction."""

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # else its retries are printed where nobody set up logging


class Neo4jStore(Store):
    """See :class:`Store`. User, password and database come from NEO4J_USERNAME, NEO4J_PASSWORD, NEO4J_DATABASE."""

    engine = "neo4j"
    writers = WRITERS
    batch_elements = 4 * WRITERS * neo4j_load.TRANSACTION_ELEMENTS
    hubs_go_first = False  # all of its edges would be in one transaction, in the server's memory

    def __init__(self, uri: str, payload_root: Path) -> None:
        if "@" in uri:
            cure = "put them in NEO4J_USERNAME and NEO4J_PASSWORD"
            raise UsageError(
                f"a Neo4j address holds no user or password, which would end up in logs and history; {cure}"
            )
        self.location = uri
        self.payload_folder = self._payload_root = payload_root
        self._database = os.environ.get("NEO4J_DATABASE") or None
        self._patience = Patience(uri)
        self._mark = local()
        with translated(self.location, None):
            self._driver = neo4j.GraphDatabase.driver(
                uri,
                auth=_credentials(),
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=CONNECT_SECONDS,
                user_agent="tpugraph-db",
            )
            try:
                check_agent(self._driver.get_server_info().agent, self.location)
            except BaseException:
                self._driver.close()
                raise

    @contextmanager
    def read(self, text: str, parameters: Parameters, timeout: float | None) -> Iterator[Cursor]:
        with (
            translated(self.location, timeout),
            self._session(neo4j.READ_ACCESS) as session,
            session.begin_transaction(timeout=timeout, metadata=self._marked()) as transaction,
        ):
            result = transaction.run(text, dict(parameters))
            yield Cursor(tuple(result.keys()), self._rows(result, timeout))

    def write(
        self, statements: Sequence[Statement], timeout: float | None = None, fence: Fence | None = None
    ) -> Result:
        def work() -> Result:
            last = Result((), [], 0)
            with (
                self._session(neo4j.WRITE_ACCESS) as session,
                session.begin_transaction(timeout=timeout, metadata=self._marked()) as transaction,
            ):
                if fence is None or self._holds(transaction, fence):
                    for statement in statements:
                        last = _run(transaction, statement)
                transaction.commit()
            return last

        with translated(self.location, timeout):
            return self._patience.until_done(work, may_repeat=fence is not None)

    def query(
        self,
        text: str,
        parameters: Parameters | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Result:
        def work() -> Result:
            return super(Neo4jStore, self).query(text, parameters, write=write, timeout=timeout, limit=limit)

        return work() if write else self._patience.until_done(work, may_repeat=True)

    def be_prompt(self) -> None:
        self._patience = Patience(self.location, AT_A_PROMPT_SECONDS)

    @contextmanager
    def stoppable(self, stop: Stop) -> Iterator[None]:
        self._mark.value = mark = secrets.token_hex(8)
        try:
            with stop.by(lambda: self._terminate(mark)):
                yield
        finally:
            self._mark.value = None

    def plan(self, text: str, parameters: Parameters) -> str:
        with translated(self.location, None), self._session(neo4j.READ_ACCESS) as session:
            return plan_text(session.run(f"EXPLAIN {text}", dict(parameters)).consume().plan)

    def apply_schema(self) -> None:
        with translated(self.location, None), self._session(neo4j.WRITE_ACCESS) as session:
            for statement in neo4j_statements():
                session.run(statement).consume()

    def add_graphs(self, graphs: Sequence[GraphRows], owner: str) -> None:
        with ThreadPoolExecutor(WRITERS) as writers:
            for done in [writers.submit(self._add_together, graphs, owner) for graphs in neo4j_load.group(graphs)]:
                done.result()

    def set_properties(
        self,
        parts: Sequence[Properties],
        before: Sequence[Statement] = (),
        after: Sequence[Statement] = (),
        fence: Fence | None = None,
    ) -> None:
        small = [part for part in parts if 0 < part.size <= SET_NODES]
        large = [part for part in parts if not 0 < part.size <= SET_NODES]
        try:
            self.write([*before, *setting(small), *(after if not large else ())], fence=fence)
        except TooLargeError:
            large = list(parts)
            self.write(before, fence=fence)
        if large:
            for part in large:
                self._set_in_pieces(part, SET_NODES)
            self.write(after)

    def know_id(self, identity: str) -> None:
        super().know_id(identity)
        self.payload_folder = self._payload_root / identity

    def close(self) -> None:
        self._driver.close()

    def _marked(self) -> dict[str, Any] | None:
        """What the server is told of this thread's transactions, to find them by."""
        mark = getattr(self._mark, "value", None)
        return {_MARK: mark} if mark else None

    def _terminate(self, mark: str) -> None:
        shown = f"SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.{_MARK} = $mark RETURN id"
        with translated(self.location, None), self._session(neo4j.READ_ACCESS) as session:
            ids = session.run(shown, {"mark": mark}).value()
            if ids:
                session.run("TERMINATE TRANSACTIONS $ids", {"ids": ids}).consume()

    def _add_together(self, graphs: Sequence[GraphRows], owner: str) -> None:
        """Small graphs in one transaction, or a large one; in smaller ones where the server's memory asks for it."""
        if neo4j_load.is_large(graphs[0]):
            self._add_in_pieces(graphs[0], owner)
            return
        whole = neo4j_load.whole(graphs, owner)
        try:
            self.write(whole.statements, fence=whole.fence)
        except TooLargeError:
            if len(graphs) == 1:
                self._add_in_pieces(graphs[0], owner)
                return
            for half in (graphs[: len(graphs) // 2], graphs[len(graphs) // 2 :]):
                self._add_together(half, owner)

    def _add_in_pieces(self, graph: GraphRows, owner: str) -> None:
        pieces = neo4j_load.pieces(graph, owner)
        for piece in pieces:
            try:
                self.write(piece.statements, fence=piece.fence)
            except TooLargeError:
                if not pieces.halve():
                    raise

    def _set_in_pieces(self, part: Properties, nodes: int) -> None:
        text = (
            f"MATCH (n:{part.label} {{graph: $graph}}) CALL (n) {{ {assigning(part, '$columns')} }} "
            f"IN TRANSACTIONS OF {nodes} ROWS"
        )
        try:
            with translated(self.location, None), self._session(neo4j.WRITE_ACCESS) as session:
                session.run(text, {"graph": part.graph, "columns": lists(part)}).consume()
        except TooLargeError:
            if nodes == 1:
                raise
            self._set_in_pieces(part, nodes // 2)

    def _holds(self, transaction: neo4j.Transaction, fence: Fence) -> bool:
        """False where an earlier try of the same transaction got through, and only its answer was lost."""
        if _run(transaction, fence.check).rows:
            return True
        if fence.done and _run(transaction, fence.done).rows:
            return False
        raise lost_change(self.location)

    def _session(self, access: str) -> neo4j.Session:
        # said here, not to the driver: servers too old for it could then not even be asked for their version
        return self._driver.session(
            database=self._database, default_access_mode=access, notifications_min_severity="OFF"
        )

    def _rows(self, result: neo4j.Result, timeout: float | None) -> Iterator[tuple[Any, ...]]:
        with translated(self.location, timeout):
            yield from map(_row, result)


def _credentials() -> neo4j.Auth | None:
    password = os.environ.get("NEO4J_PASSWORD")
    if password is None:
        return None
    return neo4j.basic_auth(os.environ.get("NEO4J_USERNAME", "neo4j"), password)  # unlike a tuple, never shown


def _row(record: neo4j.Record) -> tuple[Any, ...]:
    return tuple(convert(value) for value in record.values())


def _run(transaction: neo4j.Transaction, statement: Statement) -> Result:
    text, parameters = statement
    result = transaction.run(text, dict(parameters))
    return Result.collect(result.keys(), map(_row, result), None)
