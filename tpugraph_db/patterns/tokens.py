"""Text of a pattern as tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tpugraph_db.patterns.errors import PatternError

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<text>"[^"]*")
  | (?P<path>\.\.\d*>|<\d*\.\.)                              # ..> ..8> <.. <8..
  | (?P<arrow>->|<-|--)
  | (?P<times>\?|\*\d+(?:\.\.(?!\d*>)\d*)?)              # ? *2 *1..3 *1..
  | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<word>(?:[A-Za-z_]|\*(?!\d))(?:[A-Za-z0-9_]|-(?=[A-Za-z0-9_*])|\*(?!\d))*)    # dot, all-reduce, all-*, *
  | (?P<sign><=|>=|!=|[=<>~])
  | (?P<mark>[][(){}|!@:,.])
    """,
    re.VERBOSE | re.ASCII,
)

LONGEST = 10_000
"""Characters of a pattern."""


@dataclass(frozen=True)
class Token:
    """One word, number, text or sign."""

    kind: str
    """``word``, ``number``, ``text``, ``arrow``, ``path``, ``times``, ``sign``, ``mark``; ``end`` after the last."""
    text: str
    at: int
    """Where it begins, from 0."""

    @property
    def end(self) -> int:
        """Where the next one may begin."""
        return self.at + len(self.text)


def tokens(text: str) -> list[Token]:
    """Every token; the last is ``end``.

    Raises:
        PatternError: a character begins no token, or the text is too long.
    """
    if len(text) > LONGEST:
        raise PatternError(text[:40], 0, f"{len(text):,} characters; a pattern has at most {LONGEST:,}")
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise PatternError(text, at, _unknown(text[at]))
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match[0], at))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _unknown(character: str) -> str:
    if character == '"':
        return "this text has no end; write the second quote"
    if character == "'":
        return 'a text stands in double quotes: "..."'
    return f"{character!r} has no meaning here"
