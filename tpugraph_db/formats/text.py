"""What files say, made fit for a message."""

from __future__ import annotations

_SHOWN = 200


def printable(text: str) -> str:
    r"""On one line, and safe on a terminal: what cannot be shown as it is becomes a backslash sequence.

    >>> print(printable("a\nb"))
    a\nb
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def short(text: object) -> str:
    """The begin of a text, :func:`printable`."""
    line = str(text)
    return printable(line[:_SHOWN]) + ("..." if len(line) > _SHOWN else "")
