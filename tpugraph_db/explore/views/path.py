"""What the program waits for."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tpugraph_db.analytics.find_op import find_op
from tpugraph_db.errors import NotFoundError
from tpugraph_db.explore.job import Job
from tpugraph_db.explore.path_table import PathPage, between_page, computation_at, slack_page, ways_page
from tpugraph_db.explore.views.figured import FIGURE_KEY, FigureView
from tpugraph_db.explore.widgets.ask import Ask
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.note import Note
from tpugraph_db.explore.widgets.sheet import Sheet

MOST = 50
"""Ways that ``+`` goes up to."""


class PathView(FigureView):
    """The critical path of the computation that one is in, op after op, producers first."""

    NAME = "path"
    KEYS = (
        ("+ -", "one more of the next longest ways, one fewer"),
        ("x", "slack of all ops instead, the least first; once more: the path"),
        ("t", "the dearest way between the current op and another; Esc on the empty line leaves"),
        ("e", "where the program begins; once more: the computation of the op that one stands on"),
        FIGURE_KEY,
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign", "ways(1)", "More", key_display="+"),
        Binding("minus", "ways(-1)", "Fewer", show=False),
        Binding("x", "slack", "Slack"),
        Binding("t", "to", "To"),
        Binding("e", "entry", "Entry"),
    ]

    ways = 1
    slack = False
    entry = False
    """Look at where the program begins, whichever op one stands on."""
    between: tuple[int, int] | None = None
    """Two ops, instead."""
    _computation: int | None = None
    """What is shown, where it is not where the program begins."""

    def compose(self) -> ComposeResult:
        yield Note()
        yield Sheet()
        yield Ask()

    def wanted(self) -> Hashable:
        graph = self.session.graph
        if graph is None:
            return None
        return (id(graph), self.session.by, self._op, self.between, self.slack, self.ways)

    def load(self, job: Job) -> Iterator[PathPage]:
        graph, by, op, ends, slack, ways = (self.graph, self.session.by, self._op, self.between, self.slack, self.ways)
        if not graph.has_figure(by):
            job.say(f"counting {by}")
            graph.figure(by)
        job.say("finding what waits for what")
        self._computation = computation_at(graph, by, op)
        if ends is not None:
            yield between_page(graph, by, *ends)
        elif slack:
            yield slack_page(graph, by, self._computation)
        else:
            yield ways_page(graph, by, self._computation, ways)

    def fill(self, found: PathPage) -> None:
        if found.ends is not None:
            self.between = found.ends
            self._shown = self.wanted()
        self.query_one(Note).say(found.note)
        grid = self.query_one(Grid)
        grid.show(found.table)
        if self.session.op is not None:
            grid.go_to_op(self.session.op)
        self.say_command()

    def on_view_ended(self, message: FigureView.Ended) -> None:
        if message.job is self.job and message.error is not None:
            self.query_one(Note).say(str(message.error))

    def words(self) -> list[object]:
        if self.session.graph is None:
            return []
        if self.between is not None:
            return self.session.about("path", "--from", self.between[0], "--to", self.between[1])
        where = [] if self._op is None or self._computation is None else ["--computation", self._computation]
        if self.slack:
            return self.session.about("path", "--slack", "-n", len(self.query_one(Grid).order), *where)
        return self.session.about("path", *(["-k", self.ways] if self.ways > 1 else []), *where)

    def action_ways(self, by: int) -> None:
        """More of the next longest ways, or fewer."""
        self.between, self.slack = None, False
        self.ways = min(max(self.ways + by, 1), MOST)
        self.update()

    def action_slack(self) -> None:
        """All ops by slack, or the path."""
        self.slack, self.between = not self.slack and self.between is None, None
        self.update()

    def action_entry(self) -> None:
        """Where the program begins, or where one stands."""
        self.between, self.entry = None, not self.entry
        self.update()

    def action_to(self) -> None:
        """Ask for another op; with one between two shown, back to the path."""
        if self.between is not None:
            self.between = None
            self.update()
        elif self._from is not None:
            self.query_one(Ask).ask(f"to op {self._from} from, or from it to: an index or a name")

    def on_ask_answered(self, message: Ask.Answered) -> None:
        message.stop()
        if self._from is not None and self.session.graph is not None:
            try:
                self.between = (self._from, find_op(self.graph.record, message.text))
            except NotFoundError as error:
                self.query_one(Note).say(str(error))
            self.update()

    @property
    def _op(self) -> int | None:
        """Whose computation is looked at; None: where the program begins."""
        return None if self.entry else self.session.op

    @property
    def _from(self) -> int | None:
        """The op that a way to another begins at."""
        op = self.query_one(Grid).op
        return self.session.op if op is None else op
