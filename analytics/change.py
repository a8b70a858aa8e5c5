"""One thing that an op says otherwise."""

from __future__ import annotations

from typing import NamedTuple

LONGEST = 200
"""Characters of a value that are shown; a constant may have millions."""


class Change(NamedTuple):
    """One thing that an op says otherwise."""

    what: str
    """``dtype``, ``shape``, ``layout``, ``attributes``, ``operands``, ``control``, ``calls`` or ``root``."""
    a: str
    b: str


def cut(text: str) -> str:
    """At most :data:`LONGEST` characters of a value."""
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
