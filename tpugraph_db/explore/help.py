"""What the help says: keys, and what they do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tpugraph_db.explore.views.base import View

Section = tuple[str, Sequence[tuple[str, str]]]

EVERYWHERE: Section = (
    "Everywhere",
    (
        ("1 to 7", "views; a click on a name too"),
        ("Enter", "to the op of the row; a second click too"),
        ("Backspace", "to the op before"),
        ("y", "copy the command line that gives the same"),
        ("Esc", "stop what is being loaded; leave a line of input"),
        ("r", "try again; read anew"),
        ("?", "this help"),
        ("q, Ctrl-C", "leave"),
    ),
)

TABLES: Section = (
    "Tables",
    (
        ("↑ ↓ k j", "rows; PageUp, PageDown, Home, End too"),
        ("← → h l", "columns"),
        ("s", "sort by the column, the other way round, not at all; a click on its name too"),
        ("c", "colour rows by the column, or not"),
        ("/", "filter: words in any cell, opcode=dot, share>0.01, slack<1e6; Esc clears"),
    ),
)


def help_sections(view: View) -> list[Section]:
    """What a view says of its own keys (``KEYS``), then tables', then everybody's."""
    return [(view.NAME.capitalize(), view.KEYS), TABLES, EVERYWHERE]
