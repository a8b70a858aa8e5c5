"""Where a view can send one: what it knows of the application."""

from __future__ import annotations

from typing import Protocol


class Going(Protocol):
    """The application."""

    def go_op(self, op: int) -> None:
        """Stand on an op, in the Op view."""

    def go_view(self, name: str) -> None:
        """Bring a view to the front."""

    def go_back(self) -> None:
        """Stand on the op before."""

    def go_graph(self, name: str, op: int | None = None) -> None:
        """Open a graph (an id or a file) and look at its hot spots, or at an op."""

    def set_figure(self, by: str) -> None:
        """Look at another figure."""
