"""Cypher that ArcadeDB takes and then does not do: refused, as a wrong answer without a word is worse than none."""

from __future__ import annotations

from typing import Any

from tpugraph_db.errors import QueryError
from tpugraph_db.stores.tokens import tokens

_DROPPED = (("return", "*", ","), ("return", "distinct", "*", ","))


def check(text: str, statement: Any) -> None:
    """Refuse what would come out wrong.

    Raises:
        QueryError: says what to write instead.
    """
    _check_removals(statement)
    _check_star(text)


def _check_removals(statement: Any) -> None:
    for clause in statement.getRemoveClauses() or ():
        for item in clause.getItems():
            if str(item.getProperty()).startswith("`"):
                name = f"{item.getVariable()}.{item.getProperty()}"
                raise QueryError(f"Cypher: ArcadeDB passes over REMOVE {name}, in backquotes; say SET {name} = null")


def _check_star(text: str) -> None:
    if "*" not in text:
        return
    words = [token.text for token in tokens(text)]
    for dropped in _DROPPED:
        if any(tuple(words[at : at + len(dropped)]) == dropped for at in range(len(words))):
            raise QueryError("Cypher: ArcadeDB drops what follows RETURN *, ...; say WITH *, ... RETURN *")
