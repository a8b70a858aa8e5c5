"""What is typed, split into what is to be run: dot commands, patterns, statements.

A command begins with ``.`` (or ``:``) and ends with its line; so does a pattern, ``match dot -> add``. Cypher ends with
``;``, over as many lines as it likes. ``match`` begins Cypher where ``(``, a name and ``=``, or a word of Cypher's path
selectors and match modes follows, as no pattern goes on so but one that begins with a branch: ``.match (a, b) -> c``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tpugraph_db.errors import UsageError

_PIECE = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | (?P<quoted> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | `(?:[^`]|``)*` )
  | (?P<open> /\*.* | ['"`].* )
  | (?P<end> ; )
  | (?P<space> \s+ )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMAND = re.compile(r"[.:]\s*(?P<name>[a-z]*)\s*(?P<rest>[^\n]*)")
_BARE = re.compile(r"(?P<name>exit|quit|help)\s*;?[^\S\n]*(?:\n|$)")
PATTERN_START = re.compile(
    r"""match (?! \s* (?: [(`/] | \w+\s*[=(] | (?:shortest|any|all|repeatable|different)\s+[\w(] ) )
    (?P<rest> [^\S\n]+ \S [^\n]* )""",
    re.VERBOSE | re.IGNORECASE,
)
_EXPLAIN = re.compile(r"explain\s+(?P<rest>.*)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Command:
    """``.name rest``."""

    name: str
    rest: str = ""


@dataclass(frozen=True)
class Pattern:
    """``match text``."""

    text: str


@dataclass(frozen=True)
class Statement:
    """Cypher, without its ``;``."""

    text: str


Action = Command | Pattern | Statement


def split(text: str) -> tuple[list[Action], str]:
    """What is whole in a text, in order, and the rest, which goes on on the next line (empty: it is all whole)."""
    found: list[Action] = []
    while rest := text.lstrip():
        action, text = _first(rest)
        if action is None:
            return found, rest if _says_something(rest) else ""
        found.append(action)
    return found, ""


def ended(text: str) -> list[Action]:
    """What is in a text that ends here, though its last statement may have no ``;``.

    Raises:
        UsageError: a string, a name or a comment in it has no end.
    """
    found, rest = split(text)
    if rest:
        more, rest = split(f"{rest}\n;")
        found += more
    if rest:
        raise UsageError("a string, a name in backquotes or a comment has no end")
    return found


def is_whole(text: str) -> bool:
    """Whether Enter runs it: nothing in it waits for the next line."""
    return not split(text)[1]


def _first(text: str) -> tuple[Action | None, str]:
    """The action that a text begins with, None where it is not whole, and what follows it."""
    if command := _BARE.match(text) or _COMMAND.match(text):
        rest = command.groupdict().get("rest") or ""
        return Command(command["name"], rest.strip()), text[command.end() :]
    if pattern := PATTERN_START.match(text):
        return Pattern(_unquoted(pattern["rest"].strip().removesuffix(";").rstrip())), text[pattern.end() :]
    at, said = 0, False
    for piece in _PIECE.finditer(text):
        if piece.lastgroup == "end":
            if not said:  # a ; alone ends nothing
                return _first(text[piece.end() :].lstrip()) if text[piece.end() :].strip() else (None, "")
            return _statement(text[at : piece.start()]), text[piece.end() :]
        said = said or piece.lastgroup in ("quoted", "open", "other")
    return None, text


def _statement(text: str) -> Action:
    explained = _EXPLAIN.match(text)
    return Command("explain", explained["rest"]) if explained else Statement(text)


def _says_something(text: str) -> bool:
    return any(piece.lastgroup in ("quoted", "open", "other") for piece in _PIECE.finditer(text))


def _unquoted(text: str) -> str:
    """A pattern as a command line has it, ``'dot -> add'``."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
