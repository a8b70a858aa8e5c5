"""The program at a glance, above its table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tpugraph_db.explore.overview import Overview, overview
from tpugraph_db.explore.widgets import colours

_HERE = Style(bold=True)


class Glance(Widget):
    """One cell a slice of the program, as high and as warm as its part of the cost; below it where one is."""

    DEFAULT_CSS = "Glance { height: 2; }"

    class Went(Message):
        """A slice was clicked; its dearest op."""

        def __init__(self, op: int) -> None:
            super().__init__()
            self.op = op

    def __init__(self) -> None:
        super().__init__()
        self._values: NDArray[np.float64] = np.zeros(0)
        self._slices: Overview | None = None
        self.op: int | None = None
        """Where one is."""

    def show(self, values: NDArray[np.float64]) -> None:
        """Show a figure of every op, (n,) float64."""
        self._values = values
        self._cut()

    def stand(self, op: int | None) -> None:
        """Show where one is."""
        self.op = op
        self.refresh(Region(0, 1, self.size.width, 1))

    def step(self, by: int) -> None:
        """Go to the dearest op of the next slice, or of the one before."""
        if self._slices is not None:
            here = 0 if self.op is None else self._slices.slice_of(self.op) + by
            self._go(min(max(here, 0), len(self._slices.parts) - 1))

    def render_line(self, y: int) -> Strip:
        """Heights, then the mark."""
        if self._slices is None:
            return Strip.blank(self.size.width, self.rich_style)
        line = self._heights(self._slices) if y == 0 else self._mark(self._slices)
        return line.apply_style(self.rich_style)

    def on_resize(self) -> None:
        self._cut()

    def on_click(self, event: events.Click) -> None:
        if self._slices is not None:
            self._go(self._slice_at(event.x, self._slices))

    def _cut(self) -> None:
        some = len(self._values) and self.size.width
        self._slices = overview(self._values, self.size.width) if some else None
        self.refresh()

    def _go(self, slice_: int) -> None:
        if self._slices is not None:
            self.post_message(self.Went(int(self._slices.dearest[slice_])))

    def _slice_at(self, x: int, slices: Overview) -> int:
        """Few ops have several cells each."""
        return min(x * len(slices.parts) // max(1, self.size.width), len(slices.parts) - 1)

    def _heights(self, slices: Overview) -> Strip:
        parts = [float(slices.parts[self._slice_at(x, slices)]) for x in range(self.size.width)]
        cells = Strip([Segment(_height(part), colours.ramp(part)) for part in parts])
        return cells.simplify()

    def _mark(self, slices: Overview) -> Strip:
        if self.op is None:
            return Strip.blank(self.size.width)
        first = -(-slices.slice_of(self.op) * self.size.width // len(slices.parts))  # of a slice that has several cells
        return Strip([Segment(" " * first), Segment("▲", _HERE)])


def _height(part: float) -> str:
    return colours.HEIGHTS[1 + colours.level(part)] if part > 0 else " "
