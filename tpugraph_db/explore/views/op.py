"""One op, what it takes and whom it feeds."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tpugraph_db.analytics.near import near
from tpugraph_db.errors import printable
from tpugraph_db.explore.job import Job
from tpugraph_db.explore.op_page import Fact, OpPage, choice_facts, next_hot, op_page, written_facts
from tpugraph_db.explore.session import Session
from tpugraph_db.explore.table import Table, table_of
from tpugraph_db.explore.views.base import View
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.side import Side

FARTHEST = 5
"""Edges that ``w`` goes at most."""


class Middle(VerticalScroll, can_focus=True, inherit_bindings=False):
    """What is said of the op; the arrow keys are the view's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
    ]


class OpView(View):
    """Producers to the left, consumers to the right; arrow keys walk."""

    NAME = "op"
    KEYS = (
        ("← →", "to its producers, its consumers; once more: to the one that is current"),
        ("↑ ↓", "along them; PageUp and PageDown move what is said of the op"),
        ("n N", "to the next hot spot, to the one before"),
        ("p b o", "the same op on the critical path, in its block, in the configurations"),
        ("w", "wider surroundings, one edge more each time, as a table"),
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "walk('producers', 'consumers')", "Producers", key_display="←"),
        Binding("right,l", "walk('consumers', 'producers')", "Consumers", key_display="→"),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("enter", "go", show=False),
        Binding("n", "hot(1)", "Next hot"),
        Binding("N", "hot(-1)", "Previous hot", show=False),
        Binding("w", "wider", "Wider"),
        Binding("p", "other('path')", "Path"),
        Binding("b", "other('blocks')", "Block"),
        Binding("o", "other('configs')", "Configs", show=False),
    ]

    DEFAULT_CSS = """
    OpView Side { width: 28%; height: 1fr; }
    OpView Middle { width: 1fr; height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    OpView Middle Static { width: 1fr; height: auto; }
    OpView Grid { display: none; }
    OpView.-wider Grid { display: block; }
    OpView.-wider Horizontal { display: none; }
    """

    hops = 1
    """How far one looks; beyond 1 as a table."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._facts: dict[str, Sequence[Fact]] = {}

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Side("producers", id="producers")
            with Middle():
                yield Static()
            yield Side("consumers", id="consumers")
        yield Grid()

    def wanted(self) -> Hashable:
        graph, op = self.session.graph, self.session.op
        return None if graph is None or op is None else (id(graph), op, self.session.by, self.hops)

    def load(self, job: Job) -> Iterator[OpPage | Table | dict[str, list[Fact]]]:
        graph, op, by = self.graph, self.session.op or 0, self.session.by
        if self.hops > 1:
            job.say(f"looking {self.hops} edges far")
            found = near(graph.record, op, self.hops)
            yield table_of(found.columns, found.rows, "op")
            return
        yield op_page(graph, op, by)
        if not graph.has_figure(by):
            job.say(f"counting {by}")
            graph.figure(by)
            yield op_page(graph, op, by)
        job.say("asking what was predicted")
        yield {"written": written_facts(graph, op)}
        job.say("comparing the op's layouts")
        yield {"choices": choice_facts(graph, op)}

    def fill(self, found: OpPage | Table | dict[str, list[Fact]]) -> None:
        self.set_class(isinstance(found, Table), "-wider")
        if isinstance(found, Table):
            self.query_one(Grid).show(found)
        elif isinstance(found, OpPage):
            self._side("producers").show(found.producers)
            self._side("consumers").show(found.consumers)
            self.query_one(Middle).scroll_home(animate=False)
            self._facts = {"facts": found.facts, "details": found.details}
            self._say_facts()
        else:
            self._facts |= found
            self._say_facts()
        self._focus_shown()

    def words(self) -> list[object]:
        if self.session.graph is None or self.session.op is None:
            return []
        return ["near", self.session.graph.name, self.session.op, "-k", self.hops]

    def focus_first(self) -> Widget | None:
        return self.query_one(Grid) if self.has_class("-wider") else self.query_one(Middle)

    def action_walk(self, to: str, other: str) -> None:
        """To that side; once more to the op that is current there."""
        side = self._side(to)
        if side.at is not None:
            self.action_go()
        elif self._side(other).at is not None:
            self._side(other).stand(None)
        else:
            side.stand(0)

    def action_move(self, by: int) -> None:
        """Up and down a side."""
        for side in self.query(Side):
            if side.at is not None:
                side.stand(side.at + by)
                return
        self.query_one(Middle).scroll_relative(y=by, animate=False)

    def action_go(self) -> None:
        """To the op that is current on a side."""
        for side in self.query(Side):
            if side.at is not None:
                self._go(side.ops[side.at].op)

    def action_hot(self, step: int) -> None:
        """To the next hot spot, or the one before."""
        graph, op = self.session.graph, self.session.op
        if graph is not None and op is not None and graph.has_figure(self.session.by):
            self._go(next_hot(graph, op, self.session.by, step))

    def action_wider(self) -> None:
        """One edge farther, as a table; after the farthest back to the op."""
        self.hops = 1 if self.hops == FARTHEST else self.hops + 1
        self.update()

    def action_other(self, view: str) -> None:
        """The same op in another view."""
        self.going.go_view(view)

    def on_side_clicked(self, message: Side.Clicked) -> None:
        message.stop()
        for side in self.query(Side):
            side.stand(message.at if side is message.side else None)
        if message.again:
            self.action_go()

    def _go(self, op: int) -> None:
        self.hops = 1
        self.going.go_op(op)

    def choose(self, chosen: Grid.Chosen) -> None:
        if chosen.op is not None:
            self._go(chosen.op)

    def _side(self, name: str) -> Side:
        return self.query_one(f"#{name}", Side)

    def _focus_shown(self) -> None:
        first = self.focus_first()
        if first is not None and self.has_focus_within and not first.has_focus:
            first.focus()

    def _say_facts(self) -> None:
        text = Text()
        for part in ("facts", "written", "choices", "details"):
            for what, said in self._facts.get(part, ()):
                text.append(printable(what), "" if said else "italic")
                text.append(f"{'  ' * bool(what and said)}{printable(said)}\n", "bold")
        text.rstrip()
        self.query_one(Middle).query_one(Static).update(text)
