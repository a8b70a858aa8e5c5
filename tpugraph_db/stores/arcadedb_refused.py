"""Cypher that ArcadeDB takes and then does not do: refused, as a wrong answer without a word is worse than none."""

from __future__ import annotations

from typing import Any

from tpugraph_db.errors import QueryError
from tpugraph_db.stores.tokens import tokens

_DROPPED = (("return", "*", ","), ("return", "distinct", "*", ","))


def check_statement(statement: Any) -> None:
    """Refuse a REMOVE that would remove nothing.

    Raises:
        QueryError: says what to write instead.
    """
    for clause in statement.getRemoveClauses() or ():
        for item in clause.getItems():
            if str(item.getProperty()).startswith("`"):
                name = f"{item.getVariable()}.{item.getProperty()}"
                raise QueryError(f"Cypher: ArcadeDB passes over REMOVE {name}, in backquotes; say SET {name} = null")


def check_text(text: str) -> None:
    """Refuse a RETURN that would lose columns; the parsed statement has lost them already.

    Raises:
        QueryError: says what to write instead.
    """
    if "*" not in text:
        return
    words = [token.text for token in tokens(text)]
    for dropped in _DROPPED:
        if any(tuple(words[at : at + len(dropped)]) == dropped for at in range(len(words))):
            raise QueryError("Cypher: ArcadeDB drops what follows RETURN *, ...; say WITH *, ... RETURN *")
