"""The embedded store: ArcadeDB in this process (PyPI ``arcadedb-embedded``, which brings its own Java).

A store is a folder, private to its user: ``graph/`` is the engine's, ``payload/`` holds the arrays, ``owner`` the
number of the process that has it open; the engine lets in one at a time.
"""

from __future__ import annotations

import atexit
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tpugraph_db import schema
from tpugraph_db.errors import NoStoreError, QueryError, QueryTimeout, ReadOnlyError, StoreBusyError, StoreError
from tpugraph_db.rows import Columns, GraphRows
from tpugraph_db.stores import jvm
from tpugraph_db.stores.arcadedb_values import converter
from tpugraph_db.stores.base import Cursor, Parameters, Statement, Store
from tpugraph_db.stores.result import Result

_RID_JOIN = ";"
_SMALL_PAGE = 4096
"""Bytes of an index page that holds many entries of few keys."""


class ArcadeStore(Store):
    """See :class:`Store`. ``create`` makes the folder where it is missing."""

    engine = "arcadedb"

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self._folder = path.absolute()
        self.location = str(path)
        self.payload_folder = self._folder / "payload"
        if not create and not (self._folder / "graph").is_dir():
            raise NoStoreError(f"{path}: no store is there; make one with tpudb load")
        self._make_folder()
        self._db = self._open()
        self._java = self._db.get_java_database()
        self._cypher = self._java.getQueryEngine("opencypher")
        self._convert = converter()
        (self._folder / "owner").write_text(str(os.getpid()))
        atexit.register(self.close)  # left open, the JVM's own end waits 30 s for it

    def read(self, text: str, parameters: Parameters, timeout: float | None) -> Any:
        return self._read(text, parameters, timeout)

    @contextmanager
    def _read(self, text: str, parameters: Parameters, timeout: float | None) -> Iterator[Cursor]:
        with self._errors(text, timeout):
            rows = self._cypher.query(text, _settings(timeout), self._parameters(parameters))
            try:
                yield self._cursor(text, rows, timeout)
            finally:
                rows.close()

    def write(self, statements: Sequence[Statement], timeout: float | None = None) -> Result:
        result = Result((), [], 0)
        self._java.begin()
        try:
            for text, parameters in statements:
                with self._errors(text, timeout):
                    rows = self._cypher.command(text, _settings(timeout), self._parameters(parameters))
                    cursor = self._cursor(text, rows, timeout)
                    result = Result.collect(cursor.columns, cursor.rows, None)
            with self._errors("", timeout):
                self._java.commit()
        except BaseException:
            if self._java.isTransactionActive():
                self._java.rollback()
            raise
        return result

    def apply_schema(self) -> None:
        # removing one of the many entries of a key scans them page by page: a graph's ops took minutes to delete
        page_size = jvm.java("com.arcadedb.GlobalConfiguration").INDEX_DEFAULT_PAGE_SIZE
        settings = self._java.getConfiguration()
        usual = settings.getValueAsInteger(page_size)
        for statement in schema.arcadedb_statements():
            settings.setValue(page_size, _SMALL_PAGE if statement.endswith("NOTUNIQUE") else usual)
            self._java.command("sql", statement)

    def add_graphs(self, graphs: Sequence[GraphRows]) -> None:
        try:
            for graph in graphs:
                self._sweep(graph.id)
            edges = sum(len(graph.feeds) + len(graph.called_by) for graph in graphs)
            with self._db.graph_batch(light_edges=True, use_wal=True, expected_edge_count=max(edges, 1)) as batch:
                for graph in graphs:
                    self._add_nodes(batch, graph)
            self.write([statement for graph in graphs for statement in _finish(graph)])
        except BaseException:
            for graph in graphs:
                self.remove_graph(graph.id)
            raise

    def remove_graph(self, graph: str) -> None:
        self.write(self._removal(graph))

    def close(self) -> None:
        atexit.unregister(self.close)
        if self._db.is_open():
            self._db.close()
            (self._folder / "owner").unlink(missing_ok=True)

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{self.location}: cannot make the store's folder ({error.strerror})") from error

    def _open(self) -> Any:
        arcadedb = jvm.start()
        path = str(self._folder / "graph")
        try:
            return arcadedb.open_database(path) if arcadedb.database_exists(path) else arcadedb.create_database(path)
        except arcadedb.ArcadeDBError as error:
            if "locked by another process" in str(error) or "already in use" in str(error):
                raise self._busy() from error
            raise StoreError(f"{self.location}: the store does not open: {_reason(error)}") from error

    def _busy(self) -> StoreBusyError:
        try:
            pid: int | None = int((self._folder / "owner").read_text())
        except (OSError, ValueError):
            pid = None
        holder = "this process" if pid == os.getpid() else f"process {pid or '(unknown)'}"
        return StoreBusyError(f"{self.location}: the store is held by {holder}; close it there first", pid=pid)

    def _parameters(self, parameters: Parameters) -> Any:
        from arcadedb_embedded.type_conversion import convert_python_to_java

        java_map = jvm.java("java.util.HashMap")()
        for name, value in parameters.items():
            java_map.put(name, convert_python_to_java(value))
        return java_map

    def _cursor(self, text: str, rows: Any, timeout: float | None) -> Cursor:
        columns = self._columns(text)
        if columns is None:
            first = list(rows.next().getPropertyNames()) if rows.hasNext() else []
            columns = tuple(sorted(map(str, first)))
            rows.reset() if first else None
        return Cursor(columns, self._rows(text, rows, columns, timeout))

    def _rows(self, text: str, rows: Any, columns: tuple[str, ...], timeout: float | None) -> Iterator[tuple[Any, ...]]:
        convert = self._convert
        with self._errors(text, timeout):
            while rows.hasNext():
                row = rows.next()
                yield tuple(convert(row.getProperty(name)) for name in columns)

    def _columns(self, text: str) -> tuple[str, ...] | None:
        """Names after the last RETURN, in order; None for ``RETURN *`` and for what has no RETURN."""
        statement = jvm.java("com.arcadedb.query.opencypher.parser.Cypher25AntlrParser")(self._java).parse(text)
        if hasattr(statement, "getQueries"):
            statement = statement.getQueries().get(0)
        clause = statement.getReturnClause()
        if clause is None:
            return ()
        return None if clause.isReturnAll() else tuple(str(item.getOutputName()) for item in clause.getReturnItems())

    @contextmanager
    def _errors(self, text: str, timeout: float | None) -> Iterator[None]:
        """Java's exceptions as ours."""
        jvm.check_process()
        try:
            yield
        except jvm.java("java.lang.Throwable") as error:
            raise _translate(error, timeout) from error

    def _sweep(self, graph: str) -> None:
        """Remove what a load that never finished has left of a graph."""
        with self._read("MATCH (o:Op {graph: $graph}) RETURN o.uid LIMIT 1", {"graph": graph}, None) as cursor:
            left = next(cursor.rows, None)
        if left:
            self.remove_graph(graph)

    def _add_nodes(self, batch: Any, graph: GraphRows) -> None:
        ops = _create(batch, schema.OP.name, graph.ops)
        for kind, edges in (("FEEDS", graph.feeds), ("CALLED_BY", graph.called_by)):
            if len(edges):
                batch.new_edges([ops[i] for i in edges[:, 0]], kind, [ops[i] for i in edges[:, 1]])
        _create(batch, schema.CONFIG.name, graph.configs)


def _create(batch: Any, label: str, columns: Columns) -> list[str]:
    """Nodes from columns, as one text across the border to Java; their record ids, in order."""
    names = list(columns)
    rows = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*columns.values(), strict=True)
    ]
    if not rows:
        return []
    # the wrapper's own create_vertices sends rows with lists cell by cell
    create = jvm.java("com.arcadedb.python.VertexBatcher").createVerticesJson
    return str(create(batch._java_graph_batch, label, json.dumps(rows))).split(_RID_JOIN)


def _finish(graph: GraphRows) -> list[Statement]:
    columns = {name: [graph.graph.get(name)] for name in schema.GRAPH.property_names()}
    link = "MATCH (g:Graph {id: $graph}) MATCH (c:Config {graph: $graph}) CREATE (c)-[:OF]->(g)"
    return [(schema.create_nodes(schema.GRAPH), {"rows": 1, "columns": columns}), (link, {"graph": graph.id})]


def _settings(timeout: float | None) -> Any:
    settings = jvm.java("com.arcadedb.ContextConfiguration")()
    if timeout is not None:
        settings.setValue("arcadedb.command.timeout", max(1, round(timeout * 1000)))
    return settings


_POSITION = re.compile(r"line (\d+):(\d+)")


def _translate(error: Any, timeout: float | None) -> Exception:
    kind, message = str(error.getClass().getSimpleName()), _reason(error)
    if "not idempotent" in message:
        return ReadOnlyError("a read cannot write; to change the store, say write (--write)")
    if "Timeout" in kind:
        return QueryTimeout(f"the query was stopped at its time limit of {timeout:g} s" if timeout else message)
    place = _POSITION.search(message)
    if place:
        return QueryError(f"Cypher: {message}", line=int(place[1]), column=int(place[2]) + 1)
    return QueryError(f"Cypher: {message}")


def _reason(error: Any) -> str:
    return re.sub(r"^([a-z]+\.)+[A-Za-z]+: |\(caused by .*\)$", "", str(error)).strip()
