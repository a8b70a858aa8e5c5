"""What files say, made fit for a message."""

from __future__ import annotations

from tpugraph_db.errors import printable

_SHOWN = 200


def short(text: object) -> str:
    """The begin of a text, :func:`printable`."""
    line = str(text)
    return printable(line[:_SHOWN]) + ("..." if len(line) > _SHOWN else "")
