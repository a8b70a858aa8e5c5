"""How fast the program is under each configuration, and why."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, cast

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tpugraph_db.analytics.sensitivity import sensitivity
from tpugraph_db.analytics.why import why
from tpugraph_db.explore.config_table import Marks, config_table, configs_note, pair_of, place_note
from tpugraph_db.explore.job import Job
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.predictions import predicted_ranks
from tpugraph_db.explore.session import Session
from tpugraph_db.explore.table import Table
from tpugraph_db.explore.views.base import View
from tpugraph_db.explore.why_table import sensitivity_note, sensitivity_table, why_note, why_table
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.note import Note
from tpugraph_db.explore.widgets.sheet import Sheet

Mode = Literal["list", "why", "sensitivity"]


@dataclass(frozen=True)
class Page:
    """What is shown, and what it is."""

    mode: Mode
    table: Table
    note: str


class Configs(View):
    """Configurations, the fastest first; two of them compared; which op matters."""

    NAME = "configs"
    KEYS = (
        ("Space", "choose a configuration, at most two; once more: not"),
        ("Enter w", "why the first chosen one is slower than the second; of one: the current one against it;"),
        ("", "of none: the current one against the default, else the best. On an op: to the op"),
        ("v", "sensitivity: which op's layout moves runtime"),
        ("Esc", "back to the list"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Choose"),
        Binding("w", "why", "Why"),
        Binding("v", "sensitivity", "Sensitivity"),
        Binding("escape", "leave", "Back", show=False),
    ]

    mode: Mode = "list"
    pair: tuple[int, int] = (0, 0)
    """What ``why`` is about."""
    _filled: tuple[Mode, tuple[int, int]] = ("list", (0, 0))
    """What the table shows."""
    _marked_in: Opened | None = None
    """The graph that what is chosen belongs to."""

    _of: Opened | None = None
    """The graph that is shown; another may have been opened since."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._chosen: list[int] = []
        self._at: int | None = None
        """The configuration that is current in the list."""
        self._note = ""

    def compose(self) -> ComposeResult:
        yield Note()
        yield Sheet()

    def wanted(self) -> Hashable:
        graph = self.session.graph
        if graph is None:
            return None
        if graph is not self._marked_in:
            self._chosen, self.mode, self._marked_in, self._at = [], "list", graph, None
        about = {"list": self.session.op, "why": self.pair, "sensitivity": None}[self.mode]
        return (id(graph), self.mode, about)

    def load(self, job: Job) -> Iterator[Page]:
        graph, op, pair = self.graph, self.session.op, self.pair
        if self.mode == "list":
            yield from self._listed(job, graph, op)
        elif self.mode == "why":
            job.say(f"learning what the other configurations say of {pair[0]} and {pair[1]}")
            found = graph.once(("why", pair), lambda: why(graph.record, *pair))
            yield Page("why", why_table(found), why_note(found))
        else:
            job.say("testing what moves runtime")
            moved = graph.once("sensitivity", lambda: sensitivity(graph.record))
            yield Page("sensitivity", sensitivity_table(moved), sensitivity_note(moved))

    def fill(self, found: Page) -> None:
        self._filled, self._note, self._of = (found.mode, self.pair), found.note, self.graph
        grid = self.query_one(Grid)
        grid.show(found.table)
        if found.mode == "list" and self._at is not None:
            grid.go_to_row(self._row_of(self._at))
        self._say_note()
        self.say_command()

    def words(self) -> list[object]:
        graph = self.session.graph
        if graph is None:
            return []
        rows = len(self.query_one(Grid).order)
        if self.mode == "why":
            return ["why", "--config", self.pair[0], "--vs", self.pair[1], "-n", rows, graph.name]
        if self.mode == "sensitivity":
            return ["sensitivity", "-n", rows, graph.name]
        configs = graph.record.configurations
        if not len(configs):
            return []
        if not len(configs.order):
            return ["scores", "--limit", rows, graph.name] if graph.store is not None else []
        return ["configs", "--top", rows, graph.name]

    def choose(self, chosen: Grid.Chosen) -> None:
        if self._shows_list:
            self.action_why()
        else:
            super().choose(chosen)

    def on_grid_moved(self, message: Grid.Moved) -> None:
        message.stop()
        if self._shows_list:
            self._at = self._config_at(message.row)

    def on_view_ended(self, message: View.Ended) -> None:
        if message.job is self.job and message.error is not None:  # what was shown before still is
            self.mode, self.pair = self._filled
            self._shown = self.wanted()
            self.query_one(Note).say(str(message.error))

    def action_mark(self) -> None:
        """Choose the current configuration, or no longer; a third takes the place of the first."""
        grid = self.query_one(Grid)
        if not self._shows_list or grid.row is None:
            return
        config = self._config_at(grid.row)
        if config in self._chosen:
            self._chosen.remove(config)
        else:
            self._chosen[:] = [*self._chosen, config][-2:]
        grid.refresh()
        self._say_note()

    def action_why(self) -> None:
        """Compare two configurations."""
        grid = self.query_one(Grid)
        if not self._shows_list or grid.row is None or not self._is_measured:
            return
        pair = pair_of(self.graph.record, self._chosen, self._config_at(grid.row))
        if pair[0] == pair[1]:
            self.notify("this one is what others are compared with: choose two (Space)", timeout=3)
            return
        self.pair = pair
        self._go("why")

    def action_sensitivity(self) -> None:
        """Which op matters."""
        if self._is_measured:
            self._go("list" if self.mode == "sensitivity" else "sensitivity")

    def action_leave(self) -> None:
        """Stop what is being loaded, and back to the list."""
        self.cancel()
        if self.mode != "list":
            self._go("list")

    def _listed(self, job: Job, graph: Opened, op: int | None) -> Iterator[Page]:
        record = graph.record
        job.say("ranking configurations")
        if not graph.has("predicted"):
            yield Page("list", config_table(record, {}, self._chosen, op), configs_note(record, {}))
        job.say("asking what was predicted")
        predicted = graph.once("predicted", lambda: predicted_ranks(graph))
        yield Page("list", config_table(record, predicted, self._chosen, op), configs_note(record, predicted))

    def _say_note(self) -> None:
        places = place_note(self.graph.record, self._chosen) if self._shows_list else ""
        self.query_one(Note).say(f"{self._note}\n{places}" if places else self._note)

    @property
    def _is_measured(self) -> bool:
        graph = self.session.graph
        return graph is not None and bool(len(graph.record.configurations.order))

    def _go(self, mode: Mode) -> None:
        self.mode = mode
        self.update()

    @property
    def _shows_list(self) -> bool:
        columns = self.query_one(Grid).table.columns
        return bool(columns) and isinstance(columns[0], Marks) and self._of is self.session.graph

    def _config_at(self, row: int) -> int:
        return int(cast(Marks, self.query_one(Grid).table.columns[0]).order[row])

    def _row_of(self, config: int) -> int:
        order = cast(Marks, self.query_one(Grid).table.columns[0]).order
        return int(np.flatnonzero(order == config)[0])
