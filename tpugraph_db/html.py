"""HTML that a notebook shows: tables, cards and lines, without script, in the page's own colours, dark or light.

Every text is escaped. What does not print is shown as its escape, what is long is cut, and what is left out is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tpugraph_db.errors import printable

MOST_ROWS = 60
"""Rows that a notebook is shown of a table."""
MOST_LETTERS = 160
"""Of a cell; what is longer ends in an ellipsis."""

# a notebook would else set what stands between two dollars as a formula
_LITERAL = 'class="tex2jax_ignore mathjax_ignore"'


def cut(text: str, most: int = MOST_LETTERS) -> str:
    r"""On one line, at most ``most`` letters, what does not print as its escape.

    >>> print(cut("a\nbcdef", 5))
    a\nb…
    """
    shown = printable(text[: most + 1])
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[bool], note: str = "") -> str:
    """Rows of texts under a head, those of ``numeric`` columns to the right, and what is to be said below."""
    sides = ["right" if right else "left" for right in numeric]
    head = "".join(_cell("th", name, side) for name, side in zip(columns, sides, strict=True))
    body = "".join(
        f"<tr>{''.join(_cell('td', text, side) for text, side in zip(row, sides, strict=True))}</tr>" for row in rows
    )
    return f"<div {_LITERAL}><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{_note(note)}</div>"


def card(title: str, facts: Iterable[tuple[str, str]], note: str = "") -> str:
    """A title, a line a fact, and what is to be said below."""
    body = "".join(f"<tr>{_cell('th', name, 'left')}{_cell('td', text, 'left')}</tr>" for name, text in facts)
    frame = 'style="border:1px solid currentColor;border-radius:4px;padding:0.5em;display:inline-block"'
    head = f"<strong>{escape(cut(title))}</strong>"
    return f"<div {_LITERAL} {frame}>{head}<table><tbody>{body}</tbody></table>{_note(note)}</div>"


def line(text: str) -> str:
    """A text that stands alone, cut less early."""
    return f"<div {_LITERAL}><code>{escape(cut(text, 20 * MOST_LETTERS))}</code></div>"


def _cell(tag: str, text: str, side: str) -> str:
    return f'<{tag} style="text-align:{side}">{escape(cut(text))}</{tag}>'


def _note(note: str) -> str:
    return f'<div style="opacity:0.75">{escape(cut(note))}</div>' if note else ""
