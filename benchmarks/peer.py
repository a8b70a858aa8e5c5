"""ArcadeDB's own Python batch API, used as its documentation shows: a row a dict, plain edges."""

from __future__ import annotations

import tempfile
from types import TracebackType

from numpy.typing import NDArray

from tpugraph_db.rows import Columns, GraphRows
from tpugraph_db.stores import jvm
from tpugraph_db.stores.statements import arcadedb_statements


class Batch:
    """An empty store of our schema, its edges plain, and one batch over it. A context manager."""

    def __enter__(self) -> Batch:
        arcadedb = jvm.start()
        self._folder = tempfile.TemporaryDirectory()
        self._db = arcadedb.create_database(f"{self._folder.name}/graph")
        for statement in arcadedb_statements():
            self._db.command("sql", statement.replace(" LIGHTWEIGHT", ""))
        self._batch = self._db.graph_batch(use_wal=True)
        return self

    def add(self, graph: GraphRows) -> None:
        """All of a graph."""
        ops = self._nodes("Op", graph.ops)
        self._edges("FEEDS", ops, graph.feeds)
        self._edges("CALLED_BY", ops, graph.called_by)
        if graph.configs["uid"]:
            configs = self._nodes("Config", graph.configs)
            home = self._batch.create_vertices("Graph", [graph.graph])
            self._batch.new_edges(configs, "OF", home * len(configs))

    def finish(self) -> None:
        """Write what the batch still holds."""
        self._batch.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._folder.cleanup()

    def _nodes(self, label: str, columns: Columns) -> list[str]:
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        ids: list[str] = self._batch.create_vertices(label, rows)
        return ids

    def _edges(self, kind: str, ops: list[str], edges: NDArray) -> None:
        self._batch.new_edges([ops[i] for i, _ in edges.tolist()], kind, [ops[i] for _, i in edges.tolist()])
