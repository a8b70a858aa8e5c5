"""The ops on one side of an op."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tpugraph_db.errors import printable
from tpugraph_db.explore.op_page import Neighbour
from tpugraph_db.explore.table import percent
from tpugraph_db.explore.widgets import colours

_HEADER = Style(bold=True)
_CURRENT = Style(reverse=True)


class Side(Widget):
    """Producers or consumers, as many lines as there is room for around the current one."""

    class Clicked(Message):
        """One of them was."""

        def __init__(self, side: Side, at: int, again: bool) -> None:
            super().__init__()
            self.side, self.at, self.again = side, at, again

    def __init__(self, what: str, *, id: str) -> None:
        super().__init__(id=id)
        self._what = what
        self.ops: Sequence[Neighbour] = ()
        self.at: int | None = None
        """Which of them is current, None where the other side or the op itself is."""

    def show(self, ops: Sequence[Neighbour]) -> None:
        """Show other ones."""
        self.ops = ops
        if self.at is not None:
            self.at = 0 if ops else None
        self.refresh()

    def stand(self, at: int | None) -> None:
        """Make one current."""
        self.at = None if at is None or not self.ops else min(max(at, 0), len(self.ops) - 1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """How many there are, then each."""
        return self._line(y, max(0, self.size.width)).apply_style(self.rich_style)

    def _line(self, y: int, width: int) -> Strip:
        if y == 0:
            return Strip([Segment(set_cell_size(f"{self._what} {len(self.ops):,}", width), _HEADER)])
        at = self._top() + y - 1
        if at >= len(self.ops):
            return Strip.blank(width)
        op = self.ops[at]
        share = "" if op.share is None else f" {percent(op.share)}"
        text = printable(f"{op.op} {'calls ' if op.is_call else ''}{op.opcode} {op.shape}")
        line = set_cell_size(text, max(0, width - len(share))) + share
        style = Style.null() if op.share is None else colours.ramp(op.share)
        return Strip([Segment(set_cell_size(line, width), style + _CURRENT if at == self.at else style)])

    def on_click(self, event: events.Click) -> None:
        at = self._top() + event.y - 1
        if event.y and at < len(self.ops):
            self.post_message(self.Clicked(self, at, at == self.at))

    def _top(self) -> int:
        """The first that is shown."""
        lines = max(1, self.size.height - 1)
        return max(0, min((self.at or 0) - lines // 2, len(self.ops) - lines))
