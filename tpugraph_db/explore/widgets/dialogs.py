"""What stands before everything else until it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

_CSS = """
{name} {{ align: center middle; }}
{name} > * {{ width: 100%; max-width: 78; height: auto; max-height: 100%; border: round $accent; padding: 0 1; }}
{name} Static {{ width: 1fr; height: auto; }}
"""


class Choice(ModalScreen[str | None]):
    """One of several."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "Leave")]
    CSS = (
        _CSS.format(name="Choice")
        + """
    Choice OptionList { min-width: 9; text-wrap: nowrap; text-overflow: ellipsis; }
    Choice .option-list--option-highlighted { text-style: bold reverse; }
    """
    )

    def __init__(self, choices: Sequence[tuple[str, str]], here: str) -> None:
        """``choices``: an answer, and what it is."""
        super().__init__()
        self._choices, self._here = choices, here

    def compose(self) -> ComposeResult:
        widest = max(len(name) for name, _ in self._choices)
        yield OptionList(*(Option(Text(f"{name:<{widest}}  {what}"), id=name) for name, what in self._choices))

    def on_mount(self) -> None:
        names = [name for name, _ in self._choices]
        self.query_one(OptionList).highlighted = names.index(self._here) if self._here in names else 0

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(message.option_id)


class Help(ModalScreen[None]):
    """Keys, and what they do."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss(None)", "Leave")]
    CSS = _CSS.format(name="Help")

    def __init__(self, sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> None:
        """``sections``: a heading, and keys with what they do."""
        super().__init__()
        self._sections = sections

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(self._text())

    def _text(self) -> Text:
        text = Text()
        for heading, keys in self._sections:
            text.append(f"{heading}\n", "bold")
            for key, does in keys:
                text.append(f"  {key:<14} {does}\n")
        text.rstrip()
        return text
