"""Where queries are typed."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from tpugraph_db.explore.asking import is_whole


class Prompt(TextArea):
    """Enter runs what is whole, else it begins a new line; up on the first line and down on the last are history."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+enter,ctrl+j", "run", "Run", key_display="F5"),
    ]
    DEFAULT_CSS = "Prompt, Prompt:focus { height: 6; max-height: 40%; border: none; padding: 0; }"

    class Run(Message):
        """What is typed is to be run."""

    def __init__(self) -> None:
        super().__init__(
            compact=True,
            highlight_cursor_line=False,
            placeholder="Cypher that ends with ; or a pattern such as dot -> add. Enter or F5 runs it, F2: the library",
        )
        self._history: list[str] = []
        self._at = 0
        """Place in the history; its length: what is being typed."""
        self._draft = ""

    def remember(self) -> None:
        """Put what is typed into the history."""
        if self._history[-1:] != [self.text]:
            self._history.append(self.text)
        self._at = len(self._history)

    def put(self, text: str) -> None:
        """Another text, the cursor at its end; where a parameter has no value yet, there."""
        self.text = text
        lines = text.split("\n")
        open_ = next((at for at, line in enumerate(lines) if line.startswith("// -p ") and line.endswith("=")), None)
        self.move_cursor(self.document.end if open_ is None else (open_, len(lines[open_])))

    def action_run(self) -> None:
        """Run it, whole or not."""
        self.post_message(self.Run())

    def action_cursor_up(self, select: bool = False) -> None:
        if select or self.cursor_location[0] or not self._recall(-1):
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        if select or self.cursor_location[0] < self.document.line_count - 1 or not self._recall(1):
            super().action_cursor_down(select)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and is_whole(self.text):
            event.stop()
            event.prevent_default()
            self.action_run()
            return
        await super()._on_key(event)

    def _recall(self, step: int) -> bool:
        """Show another text of the history; whether there is one."""
        at = self._at + step
        if not 0 <= at <= len(self._history):
            return False
        if self._at == len(self._history):
            self._draft = self.text
        self._at = at
        self.put(self._draft if at == len(self._history) else self._history[at])
        if step < 0:
            self.move_cursor((0, 0))
        return True
