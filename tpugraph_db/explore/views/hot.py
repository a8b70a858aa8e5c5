"""Where the cost sits."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tpugraph_db.analytics.figures import Figure
from tpugraph_db.explore.hot_table import GROUPS, group_table, hot_table, plain_table
from tpugraph_db.explore.job import Job, settle
from tpugraph_db.explore.table import Arrangement, Table
from tpugraph_db.explore.views.figured import FIGURE_KEY, FigureView
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.sheet import Sheet
from tpugraph_db.explore.widgets.strip import Glance


class Hot(FigureView):
    """The ops with most of a figure, or groups of them, below the whole program at a glance."""

    NAME = "hot"
    KEYS = (
        FIGURE_KEY,
        ("g", "put ops together by opcode, repeated block, line of source; Enter: the ops of a group"),
        ("[ ]", "to the dearest op of the slice before or after; a click on the strip too"),
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "group", "Group"),
        Binding("left_square_bracket", "slice(-1)", show=False),
        Binding("right_square_bracket", "slice(1)", show=False),
    ]

    group: str | None = None

    def compose(self) -> ComposeResult:
        yield Glance()
        yield Sheet()

    def wanted(self) -> Hashable:
        graph = self.session.graph
        return None if graph is None else (id(graph), self.session.by, self.group)

    def load(self, job: Job) -> Iterator[Table | Figure]:
        graph, by, group = self.graph, self.session.by, self.group
        if not graph.has_figure(by):
            yield plain_table(graph)
        job.say(f"counting {by}")
        yield graph.figure(by)
        if group is None:
            job.say("finding what waits for what")
            yield hot_table(graph, by, blocks=graph.has("blocks"))
        if not graph.has("blocks"):
            job.say("finding repeated blocks")
            graph.blocks()
            if group is None:
                yield hot_table(graph, by)
        if group is not None:
            job.say(f"putting ops together by {group}")
            yield group_table(graph, by, group)
        job.say("asking which figures models have written")
        graph.shares_written()
        graph.sort_edges()  # whoever goes to an op need not wait for it
        settle()

    def fill(self, found: Table | Figure) -> None:
        if isinstance(found, Figure):
            self.query_one(Glance).show(found.values)
        else:
            self._grid.show(found)
            self.say_command()

    def words(self) -> list[object]:
        if self.session.graph is None:
            return []
        asked, options = self._grid.arrangement, ["-n", len(self._grid.order)]
        if self.group:
            options += ["--group", self.group]
        if asked.filter:
            options += ["--filter", asked.filter]
        if asked.sort:
            options += ["--sort", asked.sort, *(["--reverse"] if asked.reverse else [])]
        return self.session.about("hot", *options)

    def action_group(self) -> None:
        """By opcode, block, source, and not at all, in turn."""
        groups = (None, *GROUPS)
        self._group(groups[(groups.index(self.group) + 1) % len(groups)], "")

    def action_slice(self, by: int) -> None:
        """To the dearest op of the next slice of the program, or of the one before."""
        self.query_one(Glance).step(by)

    def choose(self, chosen: Grid.Chosen) -> None:
        if self.group is None:
            super().choose(chosen)
            return
        self._group(None, f"{self.group}={chosen.grid.table.column(self.group).text(chosen.row)}")

    def on_grid_moved(self, message: Grid.Moved) -> None:
        message.stop()
        self.query_one(Glance).stand(message.op)

    def on_grid_arranged(self, message: Grid.Arranged) -> None:
        message.stop()
        self.say_command()

    def on_glance_went(self, message: Glance.Went) -> None:
        message.stop()
        if self.group is None and self._grid.go_to_op(message.op):
            self._grid.focus()

    @property
    def _grid(self) -> Grid:
        return self.query_one(Grid)

    def _group(self, group: str | None, filter: str) -> None:
        self.group = group
        sheet = self.query_one(Sheet)
        sheet.grid.arrangement = Arrangement()
        sheet.filter(filter)
        self.update()
