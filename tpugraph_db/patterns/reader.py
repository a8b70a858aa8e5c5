"""Tokens one after the other: what both halves of the parser read from."""

from __future__ import annotations

from typing import NoReturn

from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.patterns.limits import DEEPEST
from tpugraph_db.patterns.tokens import Token, tokens

_NAMED = {"number": "a number", "text": "a text", "end": "the end"}


class Reader:
    """The tokens of a pattern, and the place in them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0

    @property
    def now(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._at]

    @property
    def next(self) -> Token:
        """The one after it."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    @property
    def before(self) -> Token:
        """The one that was read last."""
        return self._tokens[max(0, self._at - 1)]

    def is_at(self, *texts: str) -> bool:
        """Whether a mark, sign or word comes next."""
        return self.now.kind not in ("text", "end") and self.now.text in texts

    def take(self) -> Token:
        """Read one."""
        token = self.now
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def took(self, *texts: str) -> bool:
        """Read it where it comes next."""
        found = self.is_at(*texts)
        if found:
            self.take()
        return found

    def expect(self, text: str) -> Token:
        """Read this one, or fail."""
        if not self.is_at(text):
            self.fail_here(f"expected {text!r}")
        return self.take()

    def expect_kind(self, kind: str, what: str) -> Token:
        """Read one of a kind, or fail."""
        if self.now.kind != kind:
            self.fail_here(f"expected {what}")
        return self.take()

    def fail(self, at: int, message: str) -> NoReturn:
        """Raise the error of a place."""
        raise PatternError(self.text, at, message)

    def fail_here(self, message: str) -> NoReturn:
        """Raise the error of what comes next."""
        found = _NAMED.get(self.now.kind, repr(self.now.text))
        self.fail(self.now.at, f"{message}, found {found}")

    def deeper(self) -> None:
        """Go into a bracket."""
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail(self.now.at, f"brackets in more than {DEEPEST} brackets")

    def shallower(self) -> None:
        """Come out of it."""
        self._depth -= 1

    def since(self, at: int) -> str:
        """The text from a place to the end of what was read."""
        return self.text[at : self.before.end]
