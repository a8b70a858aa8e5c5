"""The application: which view is shown, which graph, which op. Views are told, and ask for it by :class:`Going`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import ContentSwitcher, Footer, Static

from tpugraph_db.errors import StoreError, printable
from tpugraph_db.explore.help import help_sections
from tpugraph_db.explore.job import Job
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.session import Session
from tpugraph_db.explore.views.base import View
from tpugraph_db.explore.views.listed import VIEWS
from tpugraph_db.explore.widgets.dialogs import Help
from tpugraph_db.explore.widgets.names import Name, Names

NAMES = tuple(view.NAME for view in VIEWS)
_SAID_AFTER = 0.2
"""Seconds before a job is shown: what is quicker would only flicker."""
_LOW = 12
"""Lines of a screen below which what is looked at gets them all, but for the names, an error, and the keys."""


class Explorer(App[None]):
    """``tpudb explore``."""

    TITLE = "tpudb explore"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(at), f"view('{name}')", show=False) for at, name in enumerate(NAMES, 1)),
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("backspace", "before", "Back", show=False),
        Binding("r", "retry", "Retry", show=False),
        Binding("y", "copy", "Copy"),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("q,ctrl+c", "quit", "Quit"),
    ]
    CSS = """
    #where, #banner, #command { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    #banner { display: none; background: $warning; color: $background; text-style: bold; }
    #banner.-error { background: $error; }
    #command { color: $text-muted; }
    ContentSwitcher { height: 1fr; }
    .-low #where, .-low #command, .-low Glance, .-low Note.-said { display: none; }
    .-low Prompt { height: 1; }
    """

    class Opening(Message):
        """The job that opens a graph has it, or has failed."""

        def __init__(self, job: Job, graph: Opened | None, error: Exception | None = None) -> None:
            super().__init__()
            self.job, self.graph, self.error = job, graph, error

    def __init__(self, session: Session, graph: str | None = None) -> None:
        super().__init__()
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (_LOW, "-high")]
        self.session = session
        self._first = graph
        self._asked = graph
        self._asked_op: int | None = None
        self._opening: Job | None = None
        self._failed: Exception | None = None
        """Why the graph that was asked for did not open."""
        self._names, self._views = Names(NAMES), {view.NAME: view(session) for view in VIEWS}
        self._where, self._banner, self._command = Static(id="where"), Static(id="banner"), Static(id="command")
        self._at = NAMES[0]
        self._said = ""
        """What the banner says."""

    def compose(self) -> ComposeResult:
        yield self._names
        yield self._where
        yield self._banner
        with ContentSwitcher(initial=self._at):
            yield from self._views.values()
        yield self._command
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(0.1, self._say_job)
        if self._first is None:
            self.go_view("graphs")
        else:
            self.go_graph(self._first)

    @property
    def view(self) -> View:
        """What is at the front."""
        return self._views[self._at]

    @property
    def is_busy(self) -> bool:
        """Something is being loaded."""
        return self._opening is not None or any(view.job is not None for view in self._views.values())

    def go_view(self, name: str) -> None:
        """Bring a view to the front."""
        if name not in NAMES:
            return
        self._at = name
        self.screen.query_one(ContentSwitcher).current = name
        self._names.mark(name)
        if (first := self.view.focus_first()) is not None:
            first.focus()
        self.view.update()
        self._say()

    def go_graph(self, name: str, op: int | None = None) -> None:
        """Open a graph (an id or a file) and look at its hot spots, or at an op."""

        def open_graph(job: Job) -> Iterator[Opened]:
            job.say(f"opening {name}")
            yield self.session.open(name)

        if self._opening is not None:
            self._opening.cancel()
        self._asked, self._asked_op, self._failed = name, op, None
        self._opening = Job(
            open_graph,
            on_found=lambda job, graph: self.post_message(self.Opening(job, graph)),
            on_end=lambda job, error: self.post_message(self.Opening(job, None, error)),
        ).start()
        self._say()

    def go_op(self, op: int) -> None:
        """Stand on an op, in the Op view."""
        self.session.visit(op)
        self.go_view("op")

    def go_back(self) -> None:
        """Stand on the op before."""
        if self.session.back():
            self.view.update()
            self._say()

    def set_figure(self, by: str) -> None:
        """Look at another figure."""
        self.session.by = by
        self.view.update()

    def on_explorer_opening(self, message: Opening) -> None:
        if message.job is not self._opening:
            return
        if message.graph is not None:
            self.session.enter(message.graph)
            if self._asked_op is None:
                self.go_view("hot")
            else:
                self.go_op(self._asked_op)
            return
        self._opening, self._failed = None, message.error
        self.view.update()
        self._say()

    @on(Name.Clicked)
    def _clicked(self, message: Name.Clicked) -> None:
        self.go_view(message.name)

    @on(View.Changed)
    def _changed(self) -> None:
        self._say()

    def action_view(self, name: str) -> None:
        """Bring a view to the front."""
        self.go_view(name)

    def action_before(self) -> None:
        """Stand on the op before."""
        self.go_back()

    def action_cancel(self) -> None:
        """Stop what is being loaded."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        else:
            self.view.cancel()
        self._say()

    def action_retry(self) -> None:
        """Try again what has failed, or read anew what may have changed."""
        error = self._failed or self.view.error
        if isinstance(error, StoreError):
            self.session.forget_database()
        if self._failed is not None and self._asked is not None:
            self.go_graph(self._asked, self._asked_op)
        else:
            self.view.update(again=True)

    def action_copy(self) -> None:
        """The command line onto the clipboard."""
        if words := self.view.words():
            self.copy_to_clipboard(self.session.command(words))
            self.notify("copied", timeout=1)

    def action_help(self) -> None:
        """Keys, and what they do: the view's, the table's, everybody's."""
        self.push_screen(Help(help_sections(self.view)))

    def _say(self) -> None:
        """Show where one is, and the command line."""
        self._where.update(_line(self._place()), layout=False)
        words = self.view.words()
        self._command.update(_line(f"$ {self.session.command(words)}" if words else ""), layout=False)
        self._say_job()

    def _place(self) -> str:
        graph, op = self.session.graph, self.session.op
        if graph is None:
            return " no graph is open: Enter opens one"
        here = "" if op is None else f" · op {op} {graph.texts.opcode(op)}"
        return f" {graph.record.id} · {len(graph):,} ops · {self.session.by}{here}"

    def _say_job(self) -> None:
        """Show what is being loaded, or what failed."""
        job, error, text = self._opening or self.view.job, self._failed or self.view.error, ""
        if job is not None:
            if job.seconds > _SAID_AFTER:
                text = f" {job.doing} … {job.seconds:.0f} s  Esc cancels"
        elif error is not None:
            text = f" r retries: {error or type(error).__name__}"
        if text != self._said:
            self._said = text
            self._banner.set_class(job is None, "-error")
            self._banner.display = bool(text)
            self._banner.update(_line(text), layout=False)


def _line(text: str) -> Text:
    return Text(printable(text))
