"""Colours for figures and for kinds. What they say is said without them too: bars, heights, words."""

from __future__ import annotations

import numpy as np
from rich.style import Style

from tpugraph_db.explore.table import Column

RAMP = ("#6b7fa8", "#5b9bc0", "#55b3a4", "#8fbf5f", "#d6c24a", "#e39a3f", "#e06a45", "#e0405e")
"""From little to much."""

KINDS = ("#7aa2f7", "#e0af68", "#9ece6a", "#f7768e", "#bb9af7", "#7dcfff", "#ff9e64", "#73daca", "#c0a36e", "#d27ab8")

HEIGHTS = " ▁▂▃▄▅▆▇█"
BAR = " ▏▎▍▌▋▊▉█"


def level(part: float) -> int:
    """0 to 7 for a part of the most, 0 to 1, nan as 0; the little is spread, as most of a program is little."""
    return min(7, int(8 * float(np.sqrt(part)))) if part > 0 else 0


def ramp(part: float) -> Style:
    """The colour of a part of the most."""
    return _RAMP[level(part)]


def of_row(column: Column, row: int) -> Style:
    """The colour of a row by one of its columns."""
    value, most = float(column.rank[row]), column.most
    if np.isnan(value):
        return Style.null()
    if not column.is_number:
        return _KINDS[int(value) % len(_KINDS)]
    return ramp(value / most) if most > 0 else _RAMP[0]


def bar(part: float, cells: int) -> str:
    """A bar of so many cells, filled by a part of the most, 0 to 1.

    >>> bar(0.5, 4), bar(0.01, 4)
    ('██  ', '▏   ')
    """
    if not part > 0:
        return " " * cells
    eighths = max(1, round(min(part, 1.0) * cells * 8))
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (BAR[rest] if rest else "")).ljust(cells)


_RAMP = tuple(Style(color=colour) for colour in RAMP)
_KINDS = tuple(Style(color=colour) for colour in KINDS)
