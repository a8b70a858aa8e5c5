"""Where a pattern goes wrong: one line for the message, and the place marked below the text."""

from __future__ import annotations

from tpugraph_db.errors import QueryError, printable


class PatternError(QueryError):
    """A pattern that cannot be read or compiled; :attr:`marked` shows the place.

    >>> error = PatternError("add -> dott", 7, "no opcode 'dott'")
    >>> str(error)
    "pattern, column 8: no opcode 'dott'"
    >>> print(error.marked)
    add -> dott
           ^
    """

    def __init__(self, text: str, at: int, message: str) -> None:
        super().__init__(f"pattern, column {at + 1}: {message}", line=1, column=at + 1)
        shown = [printable(character) for character in text]
        self.marked = f"{''.join(shown)}\n{' ' * len(''.join(shown[:at]))}^"
