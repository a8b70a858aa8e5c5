"""What a prompt remembers, and how it asks the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tpugraph_db.cypher import body
from tpugraph_db.database import Database
from tpugraph_db.errors import QueryError, ReadOnlyError, UsageError
from tpugraph_db.match import question, run
from tpugraph_db.stores import Result
from tpugraph_db.stores.tokens import tokens

MODES = ("table", "json", "jsonl", "csv")

_WRITING = frozenset(
    ("create", "merge", "set", "delete", "detach", "remove", "foreach", "call", "load", "drop", "insert", "alter")
)


@dataclass
class Settings:
    """What the dot commands set."""

    mode: str = "table"
    timing: bool = True
    limit: int | None = 100
    """Rows to show; None: all."""
    timeout: float | None = None
    """Seconds; None: no limit."""


@dataclass(frozen=True)
class Kept:
    """The last rows, and how they came."""

    result: Result
    again: Callable[[], Result]
    """All of the rows."""
    text: str = ""
    """The Cypher, where it was typed as such."""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What an action comes to."""

    result: Result | None = None
    text: str = ""
    """Lines that are no rows."""
    notes: tuple[str, ...] = ()
    """Lines beside the data."""
    export: Path | None = None
    """Where the rows go instead of the screen."""
    kept: Kept | None = None
    wrote: bool = False
    """The store may have other words in it now."""
    ends: bool = False


class Session:
    """One store at a prompt."""

    def __init__(self, db: Database, *, write: bool = False, settings: Settings | None = None) -> None:
        self.db, self.write = db, write
        self.settings = settings or Settings()
        self.params: dict[str, Any] = {}
        self.kept: Kept | None = None
        db.store.be_prompt()

    def ask(self, text: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Run Cypher; its ``$names`` are ``params``, else the session's.

        Raises:
            QueryError: it does not run; names parameters that have no value.
        """
        values = self.params if params is None else params
        used = {name: values[name] for name in body.parameters(text) if name in values}
        writes = self.write and may_write(text)
        try:
            result = self._query(text, used, writes, self.settings.limit)
        except QueryError as error:
            raise self._with_cure(error, text, used) from error
        whole = result if writes or not result.truncated else None
        again = (lambda: whole) if whole is not None else (lambda: self._query(text, used, False, None))
        return Answer(self._cut(result), kept=Kept(result, again, text, used), wrote=writes)

    def rows(self, result: Result) -> Answer:
        """Rows that came otherwise, of which the first are shown."""
        return Answer(self._cut(result), kept=Kept(result, lambda: result))

    def match(self, pattern: str, **asked: Any) -> Answer:
        """Find a pattern. See :meth:`tpugraph_db.database.Database.match`."""
        if not pattern:
            raise UsageError("give a pattern, or the name of one: match dot -> add")
        limit, timeout = self.settings.limit, self.settings.timeout
        if asked.get("rank") and limit is None:
            raise UsageError("a ranking needs a limit: .limit 100")
        whole = question(self.db.store, pattern, **{name: value for name, value in asked.items() if name != "rank"})
        wanted = question(self.db.store, pattern, **asked)
        impossible = wanted.statement(limit).impossible
        result = run(self.db.store, wanted, limit=limit, timeout=timeout)
        kept = Kept(result, lambda: run(self.db.store, whole, timeout=timeout))
        return Answer(result, notes=(f"nothing can match: {impossible}",) if impossible else (), kept=kept)

    def _query(self, text: str, params: Mapping[str, Any], write: bool, limit: int | None) -> Result:
        if write:  # its rows are kept: it cannot be run again for them
            return self.db.query(text, params, write=True, timeout=self.settings.timeout)
        return self.db.query(text, params, timeout=self.settings.timeout, limit=limit)

    def _cut(self, result: Result) -> Result:
        limit = self.settings.limit
        return result if limit is None or len(result.rows) <= limit else result.cut(limit)

    def _with_cure(self, error: QueryError, text: str, used: Mapping[str, Any]) -> QueryError:
        missing = [name for name in body.parameters(text) if name not in used]
        if not missing or isinstance(error, ReadOnlyError):
            return error
        cure = f"{error}; ${missing[0]} has no value: .param {missing[0]} VALUE"
        return type(error)(cure, line=error.line, column=error.column)


def may_write(text: str) -> bool:
    """Whether a statement has a word that may change a store."""
    return any(token.kind == "word" and token.text in _WRITING for token in tokens(text))


def value_of(text: str) -> Any:
    """JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
