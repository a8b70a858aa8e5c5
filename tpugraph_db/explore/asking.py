"""What is typed at the prompt: Cypher or a pattern, with its parameters; and the command line that asks the same."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tpugraph_db.cypher import body
from tpugraph_db.cypher.library import all_queries
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.cypher.patterns.library import all_patterns
from tpugraph_db.database import Database
from tpugraph_db.errors import DataError, NotFoundError, UsageError
from tpugraph_db.match import find
from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.shell.saved import saved
from tpugraph_db.stores.result import Result

LIMIT = 500
"""Rows that are shown."""
TIMEOUT = 30.0
"""Seconds after which the engine stops a query."""

_GIVEN = re.compile(r"//\s*-p\s+(?P<name>\w+)\s*=\s*(?P<value>.*)")
_COMMENTS = re.compile(r"(?:\s|//[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_QUOTING = re.compile(r"['\"`]|//|/\*")
_CYPHER = re.compile(
    "match|optional|with|unwind|return|call|explain|profile|show|use|cypher|create|merge|set|delete|detach|remove|"
    "foreach|load|drop",
    re.IGNORECASE,
)
"""Words that Cypher begins with; of those that write the store says that it is not asked to."""


@dataclass(frozen=True)
class Asked:
    """A question, ready to be run."""

    kind: Literal["cypher", "pattern"]
    text: str
    graph: str | None
    """What ``$graph`` is, and where a pattern is looked for; None: every graph."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    """Of the library's query that the text is."""

    def run(self, database: Database) -> Result:
        """The first rows of its answer; raises as :meth:`Database.query` and :meth:`Database.match`."""
        if self.kind == "pattern":
            return database.match(self.text, graph=self.graph, limit=LIMIT, timeout=TIMEOUT)
        return database.query(self.text, self.parameters, limit=LIMIT, timeout=TIMEOUT)

    @property
    def words(self) -> list[object]:
        """The command line that asks the same."""
        if self.kind == "pattern":
            return ["match", _one_line(self.text), *([self.graph] if self.graph is not None else [])]
        given = [
            word for name, value in self.parameters.items() for word in ("-p", f"{name}={self._said(name, value)}")
        ]
        return ["query", *([_one_line(self.text)] if self.name is None else ["-n", self.name]), *given]

    def _said(self, name: str, value: Any) -> str:
        """A value as ``-p`` takes it: JSON, else the text itself."""
        texts = {p.name for q in all_queries() if q.name == self.name for p in q.parameters if p.type == "string"}
        if isinstance(value, str) and (name in texts or not _is_json(value)):
            return value
        return json.dumps(value)


@dataclass(frozen=True)
class Entry:
    """Something to pick from the library."""

    name: str
    what: str
    text: str
    """As it stands at the prompt."""


def read(text: str, graph: str | None) -> Asked:
    """What a text asks: a pattern if it is one, else Cypher if it begins so.

    ``// -p NAME=VALUE`` on a line of its own gives a parameter, as ``tpudb match --show-cypher`` writes it; ``$graph``
    is ``graph`` unless such a line says otherwise.

    Raises:
        PatternError, NotFoundError: it is neither. UsageError: nothing is asked, or a parameter has no value.
    """
    lines, given = _split(text)
    said = "\n".join(lines).rstrip().removesuffix(";").rstrip()
    begins = said[_COMMENTS.match(said).end() :]  # type: ignore[union-attr]
    if not begins:
        raise UsageError("nothing is asked: type Cypher, or a pattern such as dot -> add")
    if (pattern := _pattern(said.strip())) is not None:
        return Asked("pattern", pattern, given.get("graph", graph))
    if not _CYPHER.fullmatch(re.split(r"\W", begins, maxsplit=1)[0]):
        find(said.strip())  # raises, and says where it goes wrong
    return _cypher(said, given, graph)


def is_whole(text: str) -> bool:
    """Whether Enter runs it: Cypher that ends with ``;``, or a pattern."""
    said = text.strip()
    return said.endswith(";") or (bool(said) and _pattern("\n".join(_split(said)[0]).strip()) is not None)


def library(op: int | None = None) -> list[Entry]:
    """What the user has saved, the library's queries and patterns.

    Of a query the parameters stand first, ``op`` where one asks for an op.
    """
    queries = [Entry(query.name, query.what, _at_prompt(query, op)) for query in all_queries()]
    kept = [_saved(name, query, op) for name, query in saved().items()]
    return [*kept, *queries, *(Entry(one.name, f"pattern: {one.what}", one.name) for one in all_patterns())]


def _saved(name: str, query: NamedQuery | DataError, op: int | None) -> Entry:
    if isinstance(query, DataError):
        return Entry(name, f"saved, and damaged: {query}", f"// {query}")
    return Entry(name, f"saved: {query.what}", _at_prompt(query, op))


def _cypher(said: str, given: dict[str, Any], graph: str | None) -> Asked:
    names = body.parameters(said)
    values = {"graph": graph, **given}
    if missing := [name for name in names if name not in values or values[name] == ""]:
        raise UsageError(f"${missing[0]} has no value: give it one in a line of its own, // -p {missing[0]}=VALUE")
    query = next((query for query in all_queries() if query.text == said.strip()), None)
    return Asked("cypher", said, graph, {name: values[name] for name in names}, query.name if query else None)


def _pattern(said: str) -> str | None:
    """The pattern that a text is, ``match`` before it or not."""
    for text in (said, re.sub(r"match\s+", "", said, count=1, flags=re.IGNORECASE)):
        try:
            find(text)
        except (PatternError, NotFoundError):
            continue
        return text
    return None


def _split(text: str) -> tuple[list[str], dict[str, Any]]:
    """Its lines, those that give parameters empty, so that places stay; and what they give."""
    lines, given = [], {}
    for line in text.split("\n"):
        match = _GIVEN.fullmatch(line.strip())
        if match:
            given[match["name"]] = _value(match["value"].strip())
        lines.append("" if match else line)
    return lines, given


def _value(text: str) -> Any:
    """JSON, or else the text itself; in single quotes as for a shell."""
    if text[:1] == "'" and text[-1:] == "'":
        text = "".join(shlex.split(text))
    return json.loads(text) if _is_json(text) else text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _at_prompt(query: NamedQuery, op: int | None) -> str:
    lines = []
    for parameter in query.parameters:
        if parameter.name == "graph":
            continue
        value = json.dumps(op if parameter.name == "op" and op is not None else parameter.default)
        known = not parameter.required or (parameter.name == "op" and op is not None)
        lines.append(f"// -p {parameter.name}={value if known else ''}")
    return "\n".join([*lines, query.text])


def _one_line(text: str) -> str:
    """Without line breaks, where no string or comment has any part in them."""
    return text.strip() if _QUOTING.search(text) else " ".join(text.split())
