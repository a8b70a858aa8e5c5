"""Any question, beside the program."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from tpugraph_db.errors import NoStoreError, QueryError, TpuGraphError
from tpugraph_db.explore.answers import answer_note, answer_table, op_in
from tpugraph_db.explore.asking import TIMEOUT, Asked, library, read
from tpugraph_db.explore.job import Job
from tpugraph_db.explore.table import Table
from tpugraph_db.explore.views.base import View
from tpugraph_db.explore.widgets.dialogs import Choice
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.note import Note
from tpugraph_db.explore.widgets.prompt import Prompt
from tpugraph_db.explore.widgets.sheet import Sheet
from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.stores.result import Result
from tpugraph_db.stores.stop import Stop


@dataclass(frozen=True)
class Answer:
    """To a question."""

    asked: Asked
    result: Result
    table: Table
    note: str


class Query(View):
    """Cypher, or a pattern of ops; reads only."""

    NAME = "query"
    KEYS = (
        ("Enter", "run what is whole: Cypher that ends with ;, a pattern. On a row: to its op, in its graph"),
        ("F5", "run it as it is; Ctrl-Enter too, where the terminal tells it from Enter"),
        ("F2", "saved queries, the library's, patterns; a query's parameters stand above it: // -p hops=2"),
        ("F4", "look for patterns in every graph, $graph is null; once more: in the graph that is open"),
        ("↑ ↓", "at the ends of what is typed: what was asked before"),
        ("Esc", "stop the query; from the prompt to the rows"),
        ("e", "from the rows back to the prompt"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "run", show=False),
        Binding("f2", "library", "Library", key_display="F2"),
        Binding("f4", "everywhere", "All graphs", key_display="F4"),
        Binding("e", "edit", "Edit"),
        Binding("escape", "leave", "Rows", show=False),
    ]

    everywhere = False
    """Not the graph that is open alone."""
    _asked: tuple[int, Asked] | None = None
    """What was asked last, and how many times something was."""
    _answer: Answer | None = None

    def compose(self) -> ComposeResult:
        yield Prompt()
        yield Note()
        yield Sheet()

    def wanted(self) -> Hashable:
        return None if self._asked is None else self._asked[0]

    def load(self, job: Job) -> Iterator[Answer]:
        assert self._asked is not None  # wanted() had it
        _, asked = self._asked
        job.say("opening the store")
        try:
            database = self.session.database()
        except NoStoreError as error:
            raise NoStoreError(f"a query needs a store: {error}") from error
        job.say(f"asking; it is stopped after {TIMEOUT:.0f} s")
        began = time.monotonic()
        stop = Stop()
        job.on_cancel = stop.now
        with database.store.stoppable(stop):
            result = asked.run(database)
        seconds, known = time.monotonic() - began, asked.kind == "pattern" and asked.graph is not None
        yield Answer(asked, result, answer_table(result, "graph" if known else ""), answer_note(result, seconds))

    def fill(self, found: Answer) -> None:
        self._answer = found
        self._say(found.note)
        grid = self.query_one(Grid)
        grid.show(found.table)
        if self.query_one(Prompt).has_focus and found.table.rows:
            grid.focus()

    def words(self) -> list[object]:
        return [] if self._asked is None else self._asked[1].words

    def focus_first(self) -> Widget | None:
        return self.query_one(Grid) if self._answer is not None and self._answer.table.rows else self.query_one(Prompt)

    def choose(self, chosen: Grid.Chosen) -> None:
        if self._answer is None:
            return
        result, graph = self._answer.result, self.session.graph
        column = chosen.grid.table.names[chosen.grid.at_column]
        place = op_in(result.columns, result.rows[chosen.row], self._answer.asked.graph, column)
        if place is None:
            self.notify("no op is in this row: return nodes, o.uid, or o.graph and o.index AS op", timeout=3)
        elif graph is None or graph.record.id != place[0]:
            self.going.go_graph(*place)
        elif place[1] < len(graph):
            self.going.go_op(place[1])

    def on_prompt_run(self, message: Prompt.Run) -> None:
        message.stop()
        self.action_run()

    def on_view_ended(self, message: View.Ended) -> None:
        if message.job is self.job and message.error is not None:
            self._say(str(message.error))
            if isinstance(message.error, QueryError):
                self._show_place(message.error)

    def action_run(self) -> None:
        """Ask what is typed."""
        prompt = self.query_one(Prompt)
        self.cancel()
        try:
            asked = read(prompt.text, self._graph)
        except TpuGraphError as error:
            self._say(f"{error.marked}\n{error}" if isinstance(error, PatternError) else str(error))
            if isinstance(error, QueryError):
                self._show_place(error)
            return
        prompt.remember()
        self._asked = (1 if self._asked is None else self._asked[0] + 1, asked)
        self.update()

    def action_leave(self) -> None:
        """Stop the query, else from the prompt to the rows."""
        if self.cancel():
            self._say("stopped")
        else:
            self.query_one(Grid).focus()

    def action_edit(self) -> None:
        """To the prompt."""
        self.query_one(Prompt).focus()

    def action_everywhere(self) -> None:
        """Ask every graph, or the one that is open."""
        self.everywhere = not self.everywhere
        self._say("every graph" if self._graph is None else f"only {self._graph}")

    def action_library(self) -> None:
        """Pick a query or a pattern."""
        texts = {entry.name: entry for entry in library(self.session.op)}
        choices = [(name, entry.what) for name, entry in texts.items()]

        def pick(name: str | None) -> None:
            if name is not None:
                self.query_one(Prompt).put(texts[name].text)
                self.query_one(Prompt).focus()

        self.app.push_screen(Choice(choices, ""), pick)

    def cancel(self) -> bool:
        was_running = super().cancel()
        if was_running:
            self._shown = self.wanted()  # what was stopped is not asked again when the view comes to the front
        return was_running

    @property
    def _graph(self) -> str | None:
        """What ``$graph`` is: the graph that is open, if it is in the store."""
        graph = self.session.graph
        return None if self.everywhere or graph is None or graph.store is None else graph.record.id

    def _show_place(self, error: QueryError) -> None:
        prompt = self.query_one(Prompt)
        if error.line is not None and error.line <= prompt.document.line_count:
            prompt.move_cursor((error.line - 1, max(0, (error.column or 1) - 1)))
        prompt.focus()

    def _say(self, text: str) -> None:
        self.query_one(Note).say(text)
