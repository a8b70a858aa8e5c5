"""Text for people. Names come from files, servers and command lines: nothing in them moves or recolours a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import click

_UNKNOWN_SHOWN = 10
_GRAPHS_SHOWN = 5


def visible(text: str) -> str:
    """The text with every character that does not print as its escape: controls, bidi overrides, odd spaces."""
    return text if text.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in text)


def say(text: str) -> None:
    """A line on stderr."""
    click.echo(visible(text), err=True)


def say_unknown(found: Iterable[Mapping[str, int]]) -> None:
    """A line on what readers did not know, if there is anything; each thing once, however many files have it."""
    total: Counter[str] = Counter()
    for unknown in found:
        total.update(unknown)
    if total:
        shown = ", ".join(f"{name} ({times:,})" for name, times in total.most_common(_UNKNOWN_SHOWN))
        more = f" and {len(total) - _UNKNOWN_SHOWN} more" if len(total) > _UNKNOWN_SHOWN else ""
        say(f"unknown to this program, kept as text: {shown}{more}")


def say_left_out(left_out: Mapping[str, str], *, every: bool = False) -> None:
    """A line for each of the first graphs that a verb does without, or every one, and why; then how many more."""
    shown = len(left_out) if every else _GRAPHS_SHOWN
    for graph, reason in list(left_out.items())[:shown]:
        say(f"left out: {graph}: {reason}")
    if len(left_out) > shown:
        say(f"left out: {len(left_out) - shown:,} more")


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
