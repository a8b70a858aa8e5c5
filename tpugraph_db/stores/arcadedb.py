"""The embedded store: ArcadeDB in this process (PyPI ``arcadedb-embedded``, which brings its own Java).

A store is a folder, private to its user: ``graph/`` is the engine's, ``payload/`` holds the arrays, ``owner`` the
number of the process that has it open; the engine lets in one at a time, which may serve it to others (:mod:`serve`).
"""

from __future__ import annotations

import atexit
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from tpugraph_db.errors import NoStoreError, StoreError
from tpugraph_db.rows import GraphRows
from tpugraph_db.stores import arcadedb_refused as refused
from tpugraph_db.stores import jvm
from tpugraph_db.stores.arcadedb_columns import Column, columns
from tpugraph_db.stores.arcadedb_errors import plain_text, translated
from tpugraph_db.stores.arcadedb_indexes import lost_parts, mend
from tpugraph_db.stores.arcadedb_load import add_graph_nodes, add_parts
from tpugraph_db.stores.arcadedb_values import converter, to_java
from tpugraph_db.stores.base import (
    Cursor,
    Fence,
    Parameters,
    Properties,
    Statement,
    Store,
    held,
    lost_change,
    setting,
)
from tpugraph_db.stores.change import sweep
from tpugraph_db.stores.notice import take_down
from tpugraph_db.stores.owner import Owner
from tpugraph_db.stores.result import Result
from tpugraph_db.stores.statements import arcadedb_statements
from tpugraph_db.stores.stop import Stop

_SMALL_PAGE = 8192
"""Bytes of an index page where few keys have many entries; the engine makes none smaller."""


class ArcadeStore(Store):
    """See :class:`Store`. ``create`` makes the folder where it is missing."""

    engine = "arcadedb"
    batch_elements = 200_000
    hubs_go_first = True  # else each edge is looked for among all of the hub's: 15 s for 60,000 ops instead of 6

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self._folder = path.absolute()
        self.location = str(path)
        self.payload_folder = self._folder / "payload"
        if not create and not (self._folder / "graph").is_dir():
            raise NoStoreError(f"{path}: no store is there; make one with tpudb load")
        self._make_folder()
        self._owner = Owner(self._folder / "owner", self.location)
        self._owner.take()  # before Java starts, which a store that another process has does not need
        try:
            self._db = self._open()
        except BaseException:
            self._owner.release()
            raise
        take_down(self._folder)
        self._java = self._db.get_java_database()
        self._java.getQueryEngine("sql").getFunctionFactory().unregister("eval")  # CALL eval(...) ran SQL in a read
        self._cypher = self._java.getQueryEngine("opencypher")
        self._statements = self._java.getCypherStatementCache()
        self._settings = jvm.java("com.arcadedb.ContextConfiguration")()
        self._running = jvm.java("com.arcadedb.query.RunningQueryRegistry")()
        self._convert = converter()
        self._writing = RLock()  # two transactions that touch one page at once would make one of them fail
        atexit.register(self.close)  # left open, the JVM's own end waits 30 s for it

    @contextmanager
    def read(self, text: str, parameters: Parameters, timeout: float | None) -> Iterator[Cursor]:
        with self._errors(timeout), _limited(timeout):
            names = self._columns(text)
            found = self._cypher.query(text, self._settings, to_java(parameters))
            rows = self._rows(found, names, timeout)
            try:
                yield Cursor(_shown(names), rows)
            finally:
                rows.close()  # left to Python's own end, it would ask a Java that is gone
                found.close()

    def write(
        self, statements: Sequence[Statement], timeout: float | None = None, fence: Fence | None = None
    ) -> Result:
        result = Result((), [], 0)
        with self._transaction(timeout), _limited(timeout):
            if fence and not self._run(fence.check, timeout).rows:
                raise lost_change(self.location)
            for statement in statements:
                result = self._run(statement, timeout)
        return result

    def _run(self, statement: Statement, timeout: float | None) -> Result:
        text, parameters = statement
        names = self._columns(text)
        rows = self._cypher.command(text, self._settings, to_java(parameters))
        return Result.collect(_shown(names), self._rows(rows, names, timeout), None)

    @contextmanager
    def stoppable(self, stop: Stop) -> Iterator[None]:
        client = jvm.java("com.arcadedb.query.RunningQuery$Client").NONE
        running = self._running.open(self.location, "", "python", None, None, client)
        bound = running.bind()  # what this thread runs looks whether it is to end, each few hundred rows
        try:
            with stop.by(lambda: running.terminate("")):
                yield
        finally:
            bound.close()
            running.close()

    def plan(self, text: str, parameters: Parameters) -> str:
        with self._errors(None):
            found = self._cypher.query(f"EXPLAIN {text}", self._settings, to_java(parameters))
            try:
                return str(found.next().getProperty("executionPlanAsString")).strip()
            finally:
                found.close()

    def apply_schema(self) -> None:
        # removing one of the many entries of a key scans them page by page: a graph's ops took minutes to delete
        page_size = jvm.java("com.arcadedb.GlobalConfiguration").INDEX_DEFAULT_PAGE_SIZE
        settings = self._java.getConfiguration()
        usual = settings.getValueAsInteger(page_size)
        with self._writing, self._errors(None):
            for statement in arcadedb_statements():
                settings.setValue(page_size, _SMALL_PAGE if statement.endswith("NOTUNIQUE") else usual)
                self._java.command("sql", statement)

    def add_graphs(self, graphs: Sequence[GraphRows], owner: str) -> None:
        fence = held([graph.id for graph in graphs], owner)
        with self._writing:
            self.write([], fence=fence)
            edges = sum(len(graph.feeds) + len(graph.called_by) + len(graph.inside) for graph in graphs)
            with self._bulk(edges) as batch:
                configs = add_parts(batch, graphs)
            with self._bulk(len(configs)) as batch:
                add_graph_nodes(batch, graphs, configs)
            self.write([(_UNMARK, {"ids": [graph.id for graph in graphs]})], fence=fence)

    @contextmanager
    def _bulk(self, edges: int) -> Iterator[Any]:
        """ArcadeDB's bulk writer. It commits as it goes, and writes the edges at its end."""
        options = {"light_edges": True, "use_wal": True, "expected_edge_count": max(edges, 1)}
        try:
            with self._errors(None), self._db.graph_batch(**options) as batch:
                yield batch
        except BaseException:
            if self._java.isTransactionActive():  # the bulk writer's own
                self._java.rollback()
            raise

    def set_properties(
        self,
        parts: Sequence[Properties],
        before: Sequence[Statement] = (),
        after: Sequence[Statement] = (),
        fence: Fence | None = None,
    ) -> None:
        self.write([*before, *setting(parts), *after], fence=fence)

    def know_id(self, identity: str) -> None:
        super().know_id(identity)
        if self._java.getSchema().existsType("Load") and self._java.countType("Load", False):
            sweep(self)  # nobody else has the store: what is marked was left by a process that is gone

    def close(self) -> None:
        if jvm.is_forked():
            return  # the store is the parent's
        atexit.unregister(self.close)
        if self._db.is_open():
            self._db.close()
        self._owner.release()

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{self.location}: cannot make the store's folder ({error.strerror})") from error

    def _open(self) -> Any:
        arcadedb = jvm.start()
        path = str(self._folder / "graph")
        try:
            if arcadedb.database_exists(path):
                with lost_parts() as lost:
                    database = arcadedb.open_database(path)
                if lost:
                    mend(database.get_java_database(), lost)
                return database
            Path(path).mkdir(exist_ok=True, mode=0o700)  # the engine's own would be open to others
            return arcadedb.create_database(path)
        except (arcadedb.ArcadeDBError, OSError) as error:
            if "locked by another process" in str(error) or "already in use" in str(error):
                raise self._owner.busy() from error
            raise StoreError(f"{self.location}: the store does not open: {plain_text(str(error))}") from error

    @contextmanager
    def _errors(self, timeout: float | None) -> Iterator[None]:
        """Java's exceptions as ours."""
        jvm.check_process()
        if not self._db.is_open():  # the engine answers some questions even so
            raise StoreError(f"{self.location}: the store is closed")
        with translated(self.location, timeout):
            yield

    @contextmanager
    def _transaction(self, timeout: float | None) -> Iterator[None]:
        """Commit what the block does, or nothing."""
        with self._writing, self._errors(timeout):
            self._java.begin()
            try:
                yield
                self._java.commit()
            except BaseException:
                if self._java.isTransactionActive():
                    self._java.rollback()
                raise

    def _columns(self, text: str) -> list[Column]:
        refused.check_text(text)
        statement = self._statements.get(text)
        refused.check_statement(statement)
        return columns(statement)

    def _rows(self, rows: Any, names: list[Column], timeout: float | None) -> Generator[tuple[Any, ...], None, None]:
        convert = self._convert
        with self._errors(timeout):
            while rows.hasNext():
                row = rows.next()
                if names:
                    yield tuple(convert(row.getProperty(name)) for name, _ in names)


def _shown(names: list[Column]) -> tuple[str, ...]:
    return tuple(shown for _, shown in names)


_UNMARK = "UNWIND $ids AS id MATCH (l:Load {id: id}) DELETE l"


@contextmanager
def _limited(timeout: float | None) -> Iterator[None]:
    """Stop what this thread runs after ``timeout`` seconds; the engine passes over the setting of a single query."""
    limit = jvm.java("com.arcadedb.query.sql.executor.CommandTimeoutOverride")
    if timeout is not None:
        limit.set(max(1, round(timeout * 1000)))
    try:
        yield
    finally:
        limit.clear()
