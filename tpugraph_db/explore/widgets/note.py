"""What a view says above its table."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from tpugraph_db.errors import printable


class Note(Static):
    """A line or a few; gone where there is nothing to say."""

    DEFAULT_CSS = """
    Note { height: auto; max-height: 4; display: none; color: $text-muted; }
    Note.-said { display: block; }
    """

    def say(self, text: str) -> None:
        """Say something else, in a line or several."""
        self.set_class(bool(text), "-said")
        self.update(Text("\n".join(map(printable, text.split("\n")))))
