"""What a read may not say, whichever engine runs it.

The engines refuse writes in a read themselves, but both let a read leave the database: ``LOAD CSV`` opens local files
and addresses, procedures and functions of plug-ins do what they like. This finds such words in the text before an
engine sees it; a property, label, variable or string with such a name is no offence.
"""

from __future__ import annotations

from collections.abc import Sequence

from tpugraph_db.errors import QueryError, ReadOnlyError
from tpugraph_db.stores.tokens import Token, readings, tokens

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

HARMLESS_NAMESPACES = frozenset(
    {"date", "datetime", "duration", "localdatetime", "localtime", "point", "time", "vector", "vector.similarity"}
)
"""What may stand before the last dot of a function: Neo4j's own. Others run code (``apoc.cypher``, ``sql``) or wait."""

REFUSED_FUNCTIONS = frozenset({"eval"})
"""ArcadeDB's: evaluates a text."""

_STARTS = frozenset({"match", "optional", "with", "unwind", "return", "call"})
_AFTER_A_VARIABLE = (
    *("and", "as", "asc", "ascending", "call", "contains", "desc", "descending", "else", "end", "ends", "filter"),
    *(
        "finish",
        "for",
        "in",
        "is",
        "let",
        "limit",
        "match",
        "next",
        "not",
        "offset",
        "optional",
        "or",
        "order",
        "return",
    ),
    *("skip", "starts", "then", "union", "unwind", "when", "where", "with", "xor"),
)
"""Words that may follow a variable called ``call`` or ``use``; no procedure or database is called so."""


def check_statement(text: str) -> None:
    """Refuse a text without a statement in it."""
    if not tokens(text):
        raise QueryError("Cypher: the statement is empty")


def check_read(text: str) -> None:
    """Refuse a text that would write or leave the database.

    Raises:
        ReadOnlyError: names the words and the cure.
    """
    for reading in readings(text):
        found = tokens(reading)
        _check_start(found)
        for at in range(len(found)):
            _check_at(found, at)


def _check_start(found: Sequence[Token]) -> None:
    first = found[0].text if found else ""
    if first in _STARTS:
        return
    expected, cure = ", ".join(sorted(_STARTS)).upper(), "to change the store, say write (--write)"
    raise ReadOnlyError(f"a read cannot begin with {first.upper()}; expected one of {expected}; {cure}")


def _check_at(found: Sequence[Token], at: int) -> None:
    word, following = found[at], found[at + 1].text if at + 1 < len(found) else ""
    if word.kind == "word":
        if word.text == "load" and following == "csv":
            raise ReadOnlyError("a read stays inside the database: LOAD CSV is refused; tpudb load reads files")
        if word.text == "use" and (_begins_query(found, at) or _named(found, at + 1)):
            raise ReadOnlyError("a read stays inside the database: USE is refused; choose one with NEO4J_DATABASE")
        if word.text == "call":
            _check_procedure(_named(found, at + 1))
    if word.is_name and following == "(":
        _check_function(found, at)


def _begins_query(found: Sequence[Token], at: int) -> bool:
    """The word is the first of a subquery or of a part of a UNION, where USE stands."""
    before = [token.text for token in found[max(0, at - 2) : at]]
    return before[-1:] in (["{"], ["union"]) or before in (["union", "all"], ["union", "distinct"])


def _named(found: Sequence[Token], at: int) -> str:
    """The procedure or database that a clause names here; empty where the word before was a variable or a label."""
    name = _dotted(found, at)
    return "" if name in _AFTER_A_VARIABLE and found[at].kind == "word" else name


def _check_procedure(name: str) -> None:
    if name and name not in HARMLESS_PROCEDURES:
        known = ", ".join(sorted(HARMLESS_PROCEDURES))
        raise ReadOnlyError(f"a read cannot call the procedure {name}; it may call {known}")


def _check_function(found: Sequence[Token], at: int) -> None:
    start = at
    while start > 1 and found[start - 1].text == "." and found[start - 2].is_name:
        start -= 2
    if start and found[start - 1].text == "call":
        return  # a procedure
    namespace, _, name = _dotted(found, start).rpartition(".")
    if (namespace and namespace not in HARMLESS_NAMESPACES) or name in REFUSED_FUNCTIONS:
        raise ReadOnlyError(f"a read cannot call the function {namespace}{'.' * bool(namespace)}{name}")


def _dotted(found: Sequence[Token], at: int) -> str:
    """The name that begins here, ``a . `b` . c`` as ``a.b.c``."""
    parts: list[str] = []
    while at < len(found) and found[at].is_name:
        parts.append(found[at].text.strip("`").replace("``", "`"))
        at += 2
        if at > len(found) or found[at - 1].text != ".":
            break
    return ".".join(parts)
