"""What a read may not say, whichever engine runs it.

The engines refuse writes in a read themselves, but both let a read leave the database: ``LOAD CSV`` opens local files
and addresses, procedures do what they like. This finds such words in the text before an engine sees it. Names, strings
and comments are told apart as Cypher does, so a property called ``load`` is no offence.
"""

from __future__ import annotations

import re

from tpugraph_db.errors import ReadOnlyError

HARMLESS_PROCEDURES = frozenset(
    {
        "db.labels",
        "db.propertykeys",
        "db.relationshiptypes",
        "db.schema.visualization",
        "db.schema.nodetypeproperties",
        "db.schema.reltypeproperties",
        "dbms.components",
    }
)
"""Procedures a read may call; lower case."""

_STARTS = frozenset({"match", "optional", "with", "unwind", "return", "call", "show", "explain", "profile", "cypher"})
_WRITES = frozenset(
    "create merge delete detach set remove foreach insert drop alter grant deny revoke rename start stop terminate".split()
)

_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | //[^\n]* | /\*.*?\*/ )
  | (?P<string> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
  | (?P<quoted> `(?:[^`]|``)*` )
  | (?P<word> [^\W\d]\w* )
  | (?P<number> \d+ )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u+([0-9a-fA-F]{4})")


def check_read(text: str) -> None:
    """Refuse a text that would write or leave the database.

    Raises:
        ReadOnlyError: names the words and the cure.
    """
    # Neo4j turns \uXXXX into its character before it reads the text, ArcadeDB only inside strings: both must be harmless
    for reading in {text, _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)}:
        _check(_tokens(reading))


def _tokens(text: str) -> list[tuple[str, str]]:
    return [(m.lastgroup or "", m[0]) for m in _TOKEN.finditer(text) if m.lastgroup != "skip"]


def _check(tokens: list[tuple[str, str]]) -> None:
    words = [value.lower() if kind == "word" else value for kind, value in tokens]
    _check_start(words)
    for at, (kind, _) in enumerate(tokens):
        if kind != "word" or _is_name(tokens[:at]):
            continue
        if words[at] == "use" and at + 1 < len(words) and tokens[at + 1][0] in ("word", "quoted"):
            raise ReadOnlyError("a read stays inside the database: USE is refused; choose one with NEO4J_DATABASE")
        if words[at] == "call" and tokens[at + 1 : at + 2] and tokens[at + 1][0] in ("word", "quoted"):
            _check_procedure(tokens[at + 1 :])


def _check_start(words: list[str]) -> None:
    if ("load", "csv") in zip(words, words[1:], strict=False):
        raise ReadOnlyError("a read stays inside the database: LOAD CSV is refused; read the file with tpudb load")
    if words and words[0] in _WRITES:
        raise ReadOnlyError(f"a read cannot begin with {words[0].upper()}; to change the store, say write (--write)")
    if words and words[0] not in _STARTS:
        raise ReadOnlyError(
            f"a read cannot begin with {words[0]!r}; expected one of {', '.join(sorted(_STARTS)).upper()}"
        )


def _is_name(before: list[tuple[str, str]]) -> bool:
    """After ``:``, ``$`` or ``x.`` stands a label, a parameter or a property, whatever its letters."""
    if not before or before[-1][1] not in (":", "$", "."):
        return False
    return before[-1][1] != "." or (len(before) > 1 and before[-2][0] != "number")


def _check_procedure(tokens: list[tuple[str, str]]) -> None:
    name = ""
    for kind, value in tokens:
        if kind not in ("word", "quoted") and value != ".":
            break
        name += value.strip("`")
    if name.lower() not in HARMLESS_PROCEDURES and not _is_word_use(tokens):
        known = ", ".join(sorted(HARMLESS_PROCEDURES))
        raise ReadOnlyError(f"a read cannot call the procedure {name}; it may call {known}")


def _is_word_use(tokens: list[tuple[str, str]]) -> bool:
    """``call`` as a variable's name: ``WITH 1 AS call RETURN call`` is followed by a clause, not by a procedure."""
    return tokens[0][0] == "word" and tokens[0][1].lower() in _STARTS | {
        "where",
        "order",
        "skip",
        "limit",
        "as",
        "union",
    }
