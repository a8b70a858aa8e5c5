"""The line of views at the top."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static


class Name(Static):
    """One of them; a click brings its view to the front."""

    class Clicked(Message):
        """It was."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, key: int, name: str) -> None:
        super().__init__(Text(f" {key} {name.capitalize()} "), id=f"name-{name}")
        self._view = name

    def on_click(self) -> None:
        self.post_message(self.Clicked(self._view))


class Names(Horizontal):
    """All of them."""

    DEFAULT_CSS = """
    Names { height: 1; }
    Names Name { width: auto; height: 1; }
    Names Name.-here { text-style: bold reverse; }
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    def compose(self) -> ComposeResult:
        for key, name in enumerate(self._names, 1):
            yield Name(key, name)

    def mark(self, here: str) -> None:
        """Show which one is at the front."""
        for name in self.query(Name):
            name.set_class(name.id == f"name-{here}", "-here")
