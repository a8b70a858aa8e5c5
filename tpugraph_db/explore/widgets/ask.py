"""A line that is asked for, below a table."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input


class Ask(Input):
    """Shown while one types in it. Enter answers, Esc leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave")]
    DEFAULT_CSS = "Ask, Ask:focus { height: 1; border: none; padding: 0; display: none; }"

    class Answered(Message):
        """By Enter."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(compact=True)
        self._back: Widget | None = None

    def ask(self, what: str) -> None:
        """Ask for something."""
        self._back = self.screen.focused
        self.value, self.placeholder, self.display = "", what, True
        self.focus()

    def action_leave(self) -> None:
        """Back to where one was."""
        self.display = False
        self.screen.set_focus(self._back)

    async def action_submit(self) -> None:
        text = self.value.strip()
        self.action_leave()
        if text:
            self.post_message(self.Answered(text))
