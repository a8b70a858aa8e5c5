"""The prompt in a terminal, by prompt-toolkit: editing, history, colours, completion while typing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, ThreadedCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition, has_completions, is_searching
from prompt_toolkit.formatted_text import AnyFormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import ColorDepth, Output
from pygments.lexers.graph import CypherLexer

from tpugraph_db.errors import printable
from tpugraph_db.shell.completing import complete
from tpugraph_db.shell.language import is_whole
from tpugraph_db.shell.session import Session
from tpugraph_db.shell.vocabulary import Vocabulary

MENU = 8
"""Lines of the menu of completions where there is room."""

MOST = 200
"""Completions offered at a time."""


class Prompt:
    """Reads what is to be run. ``input`` and ``output`` are the terminal's unless a test says otherwise."""

    def __init__(
        self,
        session: Session,
        vocabulary: Vocabulary,
        history: Path | None,
        *,
        input: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self._message: AnyFormattedText = (
            [("bold ansired", "tpudb write> ")] if session.write else [("bold", "tpudb read-only> ")]
        )
        kept: History = _Kept(str(history)) if history else InMemoryHistory()
        self._prompts = _Lines(
            history=kept,
            completer=ThreadedCompleter(_Words(session, vocabulary)),
            complete_while_typing=True,
            auto_suggest=AutoSuggestFromHistory(),
            lexer=PygmentsLexer(CypherLexer),
            multiline=True,
            prompt_continuation=lambda width, line, wrapped: "... ".rjust(width),
            key_bindings=_bindings(),
            color_depth=ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None,
            input=input,
            output=output,
        )

    def read(self) -> str:
        """The next text; whole, unless Alt-Enter has ended it.

        Raises:
            KeyboardInterrupt: Ctrl-C. EOFError: Ctrl-D, or the terminal is gone.
        """
        return self._prompts.prompt(self._message)


class _Lines(PromptSession[str]):
    """Keeps less room for completions in a terminal of few lines, where else nothing would be seen."""

    @property
    def reserve_space_for_menu(self) -> int:
        """Lines below the text."""
        return min(MENU, self.app.output.get_size().rows // 3)

    @reserve_space_for_menu.setter
    def reserve_space_for_menu(self, lines: int) -> None:
        pass


class _Kept(FileHistory):
    """A line that cannot be kept, on a full disk or with bytes that are no text, is no reason to end the session."""

    def store_string(self, string: str) -> None:
        with suppress(OSError, UnicodeError):
            super().store_string(string)


class _Words(Completer):
    def __init__(self, session: Session, vocabulary: Vocabulary) -> None:
        self._session, self._vocabulary = session, vocabulary

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        for word in complete(document.text_before_cursor, self._vocabulary, self._session)[:MOST]:
            yield Completion(word.text, -word.replaces, display_meta=printable(word.about))


@Condition
def _is_chosen() -> bool:
    """One of the completions is in the text already, and Enter only takes it."""
    state = get_app().current_buffer.complete_state
    return state is not None and state.current_completion is not None


@Condition
def _is_ready() -> bool:
    """Enter runs the text, wherever in it the cursor is."""
    return is_whole(get_app().current_buffer.text)


def _bindings() -> Any:
    keys = KeyBindings()

    @keys.add("enter", filter=_is_ready & ~is_searching & ~(has_completions & _is_chosen))
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("enter", filter=has_completions & _is_chosen & ~is_searching)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.complete_state = None

    return keys
