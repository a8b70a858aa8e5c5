"""Cypher's words: names, strings and comments told apart as the engines do.

Where engines or versions differ, what may be a word is one, and what may be a space is one: a reader of these tokens
sees too much rather than too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<comment> //[^\r\n]* | /\*.*?\*/ )
  | (?P<string> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
  | (?P<quoted> `(?:[^`]|``)*` )
  | (?P<word> [^\W\d]\w* )
  | (?P<number> \d\w* )
  | (?P<symbol> [!-/:-@\[-^{-~`] )
  | (?P<space> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_GLUED = re.compile(r"(?:load|call|use|union)$")
_OPENERS = {"'": " ", '"': " ", "/*": "/-"}
"""What opens a string or a comment, and what stands for it once one has no end: those after it have none either, and
to seek the ends of n of them one by one would take n * n steps."""
_ESCAPED_PAIRS = re.compile(r"\\\\|\\u([0-9a-fA-F]{4})")
_ESCAPES = re.compile(r"\\u+([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Token:
    """The smallest part of a statement: case folded, quotes kept."""

    kind: str
    """``word``, ``quoted``, ``string``, ``number`` or ``symbol``."""
    text: str

    @property
    def is_name(self) -> bool:
        """It may be part of the name of a procedure or function."""
        return self.kind in ("word", "quoted")


def tokens(text: str) -> list[Token]:
    """The tokens of a statement, comments and spaces left out."""
    return list(_tokens(text))


def readings(text: str) -> set[str]:
    r"""A text as each engine may read it.

    Neo4j turns ``\uXXXX`` into its character before all else, ArcadeDB only inside strings.
    """
    pairs = _ESCAPED_PAIRS.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[0], text)
    return {text, pairs, _ESCAPES.sub(lambda m: chr(int(m[1], 16)), text)}


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while match := _TOKEN.match(text, at):
        at, kind, found = match.end(), match.lastgroup, match[0].casefold()
        opener = text[match.start() : at + 1] if found == "/" else found
        if kind == "symbol" and opener in _OPENERS:
            text = text[:at] + text[at:].replace(opener, _OPENERS[opener])
        if kind == "number":  # some versions read 1LOAD as two
            glued = _GLUED.search(found)
            yield Token("word", glued[0]) if glued else Token("number", found)
        elif kind and kind not in ("comment", "space"):
            yield Token(kind, found)
