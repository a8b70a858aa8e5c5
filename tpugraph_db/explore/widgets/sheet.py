"""A table with a line to filter it by."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tpugraph_db.explore.widgets.grid import Grid


class FilterLine(Input):
    """Shown while one types in it, and while it filters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(True)", "Clear"),
        Binding("enter,down", "leave(False)", "Done"),
    ]

    def action_leave(self, clear: bool) -> None:
        """Back to the table."""
        if clear:
            self.value = ""
        self.display = bool(self.value)
        self.screen.set_focus(self.parent.query_one(Grid) if self.parent else None)


class Sheet(Vertical):
    """``/`` filters: words that all must be somewhere in a row, ``NAME=TEXT``, ``NAME>NUMBER``, ``NAME<NUMBER``."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "filter", "Filter", key_display="/")]

    DEFAULT_CSS = """
    Sheet { height: 1fr; }
    Sheet FilterLine, Sheet FilterLine:focus { height: 1; border: none; padding: 0; display: none; }
    """

    def compose(self) -> ComposeResult:
        yield Grid()
        yield FilterLine(placeholder="filter: words, opcode=dot, share>0.01", select_on_focus=False, compact=True)

    @property
    def grid(self) -> Grid:
        """The table."""
        return self.query_one(Grid)

    def action_filter(self) -> None:
        """Begin to type a filter."""
        line = self.query_one(FilterLine)
        line.display = True
        line.focus()

    def filter(self, text: str) -> None:
        """Filter by a text."""
        line = self.query_one(FilterLine)
        line.value, line.display = text, bool(text)

    @on(Input.Changed)
    def _filter(self, message: Input.Changed) -> None:
        message.stop()
        self.grid.rearrange(replace(self.grid.arrangement, filter=message.value))
