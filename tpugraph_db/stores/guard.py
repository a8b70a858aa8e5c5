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
_NO_CLAUSE_AFTER = frozenset(":$.,([=<>|/^-!&")
"""Signs after which a word is a name, as no clause can end with them; ``x.`` but not the number ``1.``."""


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
        if word.text == "use" and _begins_query(found, at):
            raise ReadOnlyError("a read stays inside the database: USE is refused; choose one with NEO4J_DATABASE")
        if word.text == "call" and not _is_name(found, at):
            _check_procedure(found[at + 1 :])
    if word.is_name and following == "(":
        _check_function(found, at)


def _is_name(found: Sequence[Token], at: int) -> bool:
    """The word stands where only a name can: ``x.call``, ``(call``, ``= call`` but not ``) call``."""
    if at == 0 or found[at - 1].text not in _NO_CLAUSE_AFTER:
        return False
    return found[at - 1].text != "." or (at > 1 and found[at - 2].kind != "number")


def _begins_query(found: Sequence[Token], at: int) -> bool:
    """The word is the first of a subquery or of a part of a UNION, where USE stands."""
    before = [token.text for token in found[max(0, at - 2) : at]]
    return before[-1:] in (["{"], ["union"]) or before in (["union", "all"], ["union", "distinct"])


def _check_procedure(found: Sequence[Token]) -> None:
    name = _dotted(found)
    # engines keep procedures in namespaces; a word without one is a variable named call and the clause after it
    if "." in name and name not in HARMLESS_PROCEDURES:
        known = ", ".join(sorted(HARMLESS_PROCEDURES))
        raise ReadOnlyError(f"a read cannot call the procedure {name}; it may call {known}")


def _check_function(found: Sequence[Token], at: int) -> None:
    start = at
    while start > 1 and found[start - 1].text == "." and found[start - 2].is_name:
        start -= 2
    if start and found[start - 1].text == "call":
        return  # a procedure
    namespace, _, name = _dotted(found[start : at + 1]).rpartition(".")
    if (namespace and namespace not in HARMLESS_NAMESPACES) or name in REFUSED_FUNCTIONS:
        raise ReadOnlyError(f"a read cannot call the function {namespace}{'.' * bool(namespace)}{name}")


def _dotted(found: Sequence[Token]) -> str:
    """The name at the start, ``a . `b` . c`` as ``a.b.c``."""
    parts: list[str] = []
    for at in range(0, len(found), 2):
        if not found[at].is_name:
            break
        parts.append(found[at].text.strip("`").replace("``", "`"))
        if at + 1 >= len(found) or found[at + 1].text != ".":
            break
    return ".".join(parts)
