"""Text for people. Names come from files, servers and command lines: nothing in them moves or recolours a terminal."""

from __future__ import annotations

import click


def visible(text: str) -> str:
    """The text with every character that does not print as its escape: controls, bidi overrides, odd spaces."""
    return text if text.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in text)


def say(text: str) -> None:
    """A line on stderr."""
    click.echo(visible(text), err=True)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
