"""The graphs of the store."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

from textual.app import ComposeResult

from tpugraph_db.explore.job import Job
from tpugraph_db.explore.table import Table, Words, table_of
from tpugraph_db.explore.views.base import View
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.sheet import Sheet

LISTED = ("id", "ops", "edges", "configs", "measured", "best_ns", "worst_ns")

_WIDEST = 72
"""Cells of an id: what tells graphs apart stands at its end."""


class Graphs(View):
    """Enter opens one."""

    NAME = "graphs"
    KEYS = (("Enter", "open the graph"), ("r", "read the list anew"))

    def compose(self) -> ComposeResult:
        yield Sheet()

    def wanted(self) -> Hashable:
        return True

    def load(self, job: Job) -> Iterator[Table]:
        job.say("opening the store")
        database = self.session.database()
        job.say("reading the list of graphs")
        rows = [tuple(graph[name] for name in LISTED) for graph in database.graphs().to_dicts()]
        table = table_of(LISTED, rows)
        ids = Words.of("id", [str(row[0]) for row in rows])
        yield replace(table, columns=(replace(ids, widest=_WIDEST), *table.columns[1:]))

    def fill(self, found: Table) -> None:
        grid = self.query_one(Grid)
        grid.show(found)
        if self.session.graph is not None:
            ids = [found.column("id").text(row) for row in range(found.rows)]
            if self.session.graph.record.id in ids:
                grid.go_to_row(ids.index(self.session.graph.record.id))

    def words(self) -> list[object]:
        return ["ls"]

    def choose(self, chosen: Grid.Chosen) -> None:
        column: Any = chosen.grid.table.column("id")
        self.going.go_graph(column.value(chosen.row))
