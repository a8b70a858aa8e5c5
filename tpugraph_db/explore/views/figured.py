"""What views have in common that show a figure of the ops."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tpugraph_db.analytics.figures import KINDS
from tpugraph_db.explore.views.base import View
from tpugraph_db.explore.widgets.dialogs import Choice

FIGURE_KEY = ("f", "another figure: flops, bytes, cost, measured, what a model has written, ...")


class FigureView(View):
    """``f`` chooses another one, for every view."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f", "figure", "Figure")]

    def action_figure(self) -> None:
        """Choose another figure."""
        graph = self.session.graph
        if graph is None:
            return
        written = graph.shares_written() if graph.has("shares_written") else []
        choices = [(name, KINDS[name].what) for name in graph.figure_names]
        choices += [(name, "what a model has written") for name in written]
        self.app.push_screen(Choice(choices, self.session.by), self._set_figure)

    def _set_figure(self, by: str | None) -> None:
        if by is not None:
            self.going.set_figure(by)
