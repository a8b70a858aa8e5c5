"""Where the cost sits."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tpugraph_db.explore.hot_table import GROUPS, group_table, hot_table, plain_table
from tpugraph_db.explore.job import Job
from tpugraph_db.explore.table import Arrangement, Table
from tpugraph_db.explore.views.base import View
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.sheet import Sheet


class Hot(View):
    """The ops with most of a figure, or groups of them."""

    NAME = "hot"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("g", "group", "Group")]

    group: str | None = None

    def compose(self) -> ComposeResult:
        yield Sheet()

    def wanted(self) -> Hashable:
        graph = self.session.graph
        return None if graph is None else (id(graph), self.session.by, self.group)

    def load(self, job: Job) -> Iterator[Table]:
        graph, by, group = self.graph, self.session.by, self.group
        if not graph.has(("figure", by)):
            yield plain_table(graph)
        job.say(f"counting {by}")
        graph.figure(by)
        if group is None:
            job.say("finding what waits for what")
            yield hot_table(graph, by, blocks=graph.has("blocks"))
            if graph.has("blocks"):
                return
        job.say("finding repeated blocks")
        yield hot_table(graph, by) if group is None else group_table(graph, by, group)

    def fill(self, found: Table) -> None:
        self.query_one(Grid).show(found)

    def words(self) -> list[object]:
        rows = self.query_one(Grid).table.rows
        return self.session.about("hot", "-n", rows, *(["--group", self.group] if self.group else []))

    def action_group(self) -> None:
        """By opcode, block, source, and not at all, in turn."""
        groups = (None, *GROUPS)
        self._group(groups[(groups.index(self.group) + 1) % len(groups)], "")

    def choose(self, chosen: Grid.Chosen) -> None:
        if self.group is None:
            super().choose(chosen)
            return
        self._group(None, f"{self.group}={chosen.grid.table.column(self.group).text(chosen.row)}")

    def _group(self, group: str | None, filter: str) -> None:
        self.group = group
        sheet = self.query_one(Sheet)
        sheet.grid.arrangement = Arrangement()
        sheet.filter(filter)
        self.update()
