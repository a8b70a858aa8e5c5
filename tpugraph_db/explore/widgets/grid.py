"""A table of any length: only the lines on the screen are made."""

from __future__ import annotations

from bisect import bisect_right
from typing import ClassVar

import numpy as np
from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tpugraph_db.errors import printable
from tpugraph_db.explore.table import Arrangement, Column, Numbers, Order, Table
from tpugraph_db.explore.widgets import colours

_GAP = 2
_BAR = 6
_HEADER = Style(bold=True)
_HERE = Style(bold=True, underline=True)
_CURSOR = Style(reverse=True)
_EMPTY = Table((), 0)


class Grid(ScrollView, can_focus=True):
    """Rows of a :class:`~tpugraph_db.explore.table.Table` below a line of names; one row and one column are current."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "move(-1000000000)", show=False),
        Binding("end", "move(1000000000)", show=False),
        Binding("left,h", "column(-1)", show=False),
        Binding("right,l", "column(1)", show=False),
        Binding("enter", "choose", "Open"),
        Binding("s", "sort", "Sort"),
        Binding("c", "colour", "Colour"),
    ]

    DEFAULT_CSS = "Grid { height: 1fr; scrollbar-size-horizontal: 0; scrollbar-size-vertical: 1; }"

    class About(Message):
        """Something of a row."""

        def __init__(self, grid: Grid, row: int, op: int | None) -> None:
            super().__init__()
            self.grid, self.row, self.op = grid, row, op

        @property
        def control(self) -> Grid:
            """The grid."""
            return self.grid

    class Chosen(About):
        """Enter, or a second click; ``row`` is the table's, ``op`` what it is about, if an op."""

    class Moved(About):
        """Another row is current."""

    class Arranged(Message):
        """Rows are sorted, filtered or coloured otherwise."""

        def __init__(self, grid: Grid) -> None:
            super().__init__()
            self.grid = grid

        @property
        def control(self) -> Grid:
            """The grid."""
            return self.grid

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.table = _EMPTY
        self.arrangement = Arrangement()
        self.coloured: str | None = None
        """The column by which rows are coloured."""
        self.at = 0
        """Which of the rows that are shown is current."""
        self.at_column = 0
        self.order: Order = np.empty(0, np.int64)
        """(k,) int64: the rows that are shown, from the top."""
        self._was_moved = False
        """By whoever looks at it: then another table stays on the op."""
        self._starts: list[int] = []
        self._widths: list[int] = []

    @property
    def row(self) -> int | None:
        """The current row's place in the table; None where none is shown."""
        return int(self.order[self.at]) if self.at < len(self.order) else None

    @property
    def op(self) -> int | None:
        """The op that the current row is about."""
        return None if self.row is None else self._op_of(self.row)

    def show(self, table: Table, arrangement: Arrangement | None = None) -> None:
        """Show another table, and stay on the op where it has it; sorting and filter stay unless given."""
        op = self.op if self._was_moved else None
        self.table = table
        self.at_column = min(self.at_column, max(0, len(table.columns) - 1))
        self._measure()
        self.rearrange(self.arrangement if arrangement is None else arrangement)
        if op is None or not self.go_to_op(op):
            self._go(0)

    def rearrange(self, arrangement: Arrangement) -> None:
        """Sort and filter; stays on the current row where it is still shown."""
        row = self.row
        self.arrangement = arrangement
        self.order = self.table.arranged(arrangement)
        self.virtual_size = Size(self._starts[-1] if self._starts else 0, len(self.order) + 1)
        if row is None or not self.go_to_row(row):
            self._go(0)
        self.refresh()
        self.post_message(self.Arranged(self))

    def go_to_op(self, op: int) -> bool:
        """Make the first row about an op current; whether there is one."""
        if self.table.ops is None:
            return False
        place = np.flatnonzero(self.table.ops[self.order] == op)
        if len(place):
            self._go(int(place[0]))
        return bool(len(place))

    def go_to_row(self, row: int) -> bool:
        """Make a row of the table current; whether it is shown."""
        place = np.flatnonzero(self.order == row)
        if len(place):
            self._go(int(place[0]))
        return bool(len(place))

    def render_line(self, y: int) -> Strip:
        """The names, and below them the rows."""
        if y == 0:
            line = self._header()
        else:
            at = y - 1 + self.scroll_offset.y
            line = self._row(at) if at < len(self.order) else Strip.blank(0, self.rich_style)
        x = self.scroll_offset.x
        return line.crop_extend(x, x + self.size.width, self.rich_style)

    def action_move(self, by: int) -> None:
        """Down so many rows."""
        self._was_moved = True
        self._go(self.at + by)

    def action_page(self, by: int) -> None:
        """Down so many screens."""
        self._was_moved = True
        self._go(self.at + by * max(1, self.size.height - 2))

    def action_column(self, by: int) -> None:
        """So many columns to the right."""
        if self.table.columns:
            self.at_column = min(max(self.at_column + by, 0), len(self.table.columns) - 1)
            self._show_column()
            self.refresh()

    def action_choose(self) -> None:
        """Say that the current row was chosen."""
        if self.row is not None:
            self.post_message(self.Chosen(self, self.row, self.op))

    def action_sort(self) -> None:
        """By the current column; once more the other way round, and again as they stood."""
        if not self.table.columns:
            return
        name, asked = self.table.names[self.at_column], self.arrangement
        if asked.sort != name:
            self.rearrange(Arrangement(name, False, asked.filter))
        else:
            self.rearrange(Arrangement(None if asked.reverse else name, not asked.reverse, asked.filter))

    def action_colour(self) -> None:
        """By the current column, or not any more."""
        if self.table.columns:
            name = self.table.names[self.at_column]
            self.coloured = None if self.coloured == name else name
            self.refresh()
            self.post_message(self.Arranged(self))

    def on_click(self, event: events.Click) -> None:
        """A name sorts; a row becomes current, and the current one is chosen."""
        if event.y == 0:
            self._click_name(event.x + self.scroll_offset.x)
            return
        at = event.y - 1 + self.scroll_offset.y
        if at >= len(self.order):
            return
        if at == self.at and event.chain > 1:
            self.action_choose()
        self._was_moved = True
        self._go(at)

    def on_resize(self) -> None:
        self._go(self.at, quiet=True)

    def _click_name(self, x: int) -> None:
        at = bisect_right(self._starts, x) - 1
        if 0 <= at < len(self.table.columns):
            self.at_column = at
            self.action_sort()

    def _go(self, at: int, *, quiet: bool = False) -> None:
        before, self.at = self.at, min(max(at, 0), max(0, len(self.order) - 1))
        lines = max(1, self.size.height - 1)
        top = min(max(self.scroll_offset.y, self.at - lines + 1), self.at)
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
            self.refresh()
        else:
            self.refresh(*(Region(0, row - top + 1, self.size.width, 1) for row in {before, self.at}))
        if not quiet and self.row is not None:
            self.post_message(self.Moved(self, self.row, self.op))

    def _show_column(self) -> None:
        start, end = self._starts[self.at_column], self._starts[self.at_column + 1]
        x, width = self.scroll_offset.x, self.size.width
        if start < x or end > x + width:
            self.scroll_to(x=start if start < x else min(start, end - width), animate=False)

    def _op_of(self, row: int) -> int | None:
        op = -1 if self.table.ops is None else int(self.table.ops[row])
        return op if op >= 0 else None

    def _measure(self) -> None:
        self._widths = [max(column.width, len(column.name) + 1) + _extra(column) for column in self.table.columns]
        self._starts = np.cumsum([0, *(width + _GAP for width in self._widths)]).tolist()

    def _header(self) -> Strip:
        arrow = "▲" if self.arrangement.reverse else "▼"
        segments = []
        for at, column in enumerate(self.table.columns):
            sorted_by = column.name == self.arrangement.sort
            text = printable(column.name) + (arrow if sorted_by else "*" if column.name == self.coloured else "")
            width = self._widths[at] - _extra(column)
            fitted = text.rjust(width) if column.is_number else set_cell_size(text, width)
            style = _HERE if at == self.at_column and self.has_focus else _HEADER
            segments += [Segment(fitted, style), Segment(" " * (_GAP + _extra(column)))]
        return Strip(segments).apply_style(self.rich_style)

    def _row(self, at: int) -> Strip:
        row, current = int(self.order[at]), at == self.at
        style = self.rich_style
        if self.coloured in self.table.names:
            style += colours.of_row(self.table.column(self.coloured), row)
        segments = [segment for at, column in enumerate(self.table.columns) for segment in self._cell(at, column, row)]
        line = Strip(segments).apply_style(style)
        if current:
            line = line.extend_cell_length(self.scroll_offset.x + self.size.width, style)
            line = line.apply_style(_CURSOR if self.has_focus else Style(bold=True))
        return line

    def _cell(self, at: int, column: Column, row: int) -> list[Segment]:
        text, width = column.text(row), self._widths[at] - _extra(column)
        fitted = text.rjust(width) if column.is_number else _fitted(text, width)
        if not _extra(column):
            return [Segment(fitted + " " * _GAP)]
        part = float(column.rank[row]) / column.most if column.most > 0 else 0.0
        bar = colours.bar(part, _BAR)
        return [Segment(fitted + " "), Segment(bar, colours.ramp(part)), Segment(" " * _GAP)]


def _extra(column: Column) -> int:
    """Cells that its bar takes."""
    return 1 + _BAR if isinstance(column, Numbers) and column.bar else 0


def _fitted(text: str, width: int) -> str:
    if len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)
