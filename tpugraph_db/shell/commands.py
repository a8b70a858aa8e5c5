"""The commands that begin with a dot, and what an action comes to."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpugraph_db import schema
from tpugraph_db.cypher.library import all_queries
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.errors import UsageError, did_you_mean
from tpugraph_db.shell import saved
from tpugraph_db.shell.language import Action, Command, Pattern
from tpugraph_db.shell.session import MODES, Answer, Session, value_of
from tpugraph_db.stores import Result

Does = Callable[[Session, str], Answer]

_PARAM = re.compile(r"(?P<name>[^\W\d]\w*)(?:\s*=\s*|\s+)(?P<value>\S.*)", re.DOTALL)
_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True)
class Known:
    """One command."""

    usage: str
    what: str
    does: Does


def perform(session: Session, action: Action) -> Answer:
    """Run an action.

    Raises:
        TpuGraphError: it does not run.
    """
    if isinstance(action, Pattern):
        return session.match(action.text)
    if not isinstance(action, Command):
        return session.ask(action.text)
    if action.name not in COMMANDS:
        raise UsageError(f"no command .{action.name}{did_you_mean(action.name, list(COMMANDS))} (.help lists them)")
    return COMMANDS[action.name].does(session, action.rest)


def _help(session: Session, rest: str) -> Answer:
    names = [rest.lstrip(".:")] if rest else list(COMMANDS)
    if names[0] not in COMMANDS:
        raise UsageError(f"no command {rest!r}{did_you_mean(names[0], list(COMMANDS))}")
    width = max(len(COMMANDS[name].usage) for name in names) + 2
    lines = [f"{COMMANDS[name].usage:{width}}{COMMANDS[name].what}" for name in names]
    return Answer(text="\n".join(lines if rest else [*_LANGUAGE, "", *lines]))


_LANGUAGE = (
    "Cypher ends with ; over as many lines as it likes. EXPLAIN MATCH ...; says",
    "how it would be run. match dot -> add finds a pattern (docs/patterns.md).",
    "Tab completes, Ctrl-C stops a query or clears the text, Ctrl-R searches the",
    "history, Alt-Enter runs what has no ; yet, Ctrl-D leaves.",
)


def _quit(session: Session, rest: str) -> Answer:
    return Answer(ends=True)


def _graphs(session: Session, rest: str) -> Answer:
    text = (
        "MATCH (g:Graph) WHERE g.id CONTAINS $part RETURN g.id AS id, g.ops AS ops, g.edges AS edges, "
        "g.configs AS configs, g.best_ns AS best_ns ORDER BY g.id"
    )
    return session.ask(text, {"part": rest})


def _schema(session: Session, rest: str) -> Answer:
    if not rest:
        rows: list[tuple[Any, ...]] = [(f"(:{one.name})", one.description) for one in schema.LABELS]
        rows += [(f"(:{r.source})-[:{r.type}]->(:{r.target})", r.description) for r in schema.RELATIONSHIPS]
        return session.rows(Result(("what", "description"), rows, len(rows)))
    labels = {label.name.casefold(): label for label in schema.LABELS}
    label = labels.get(rest.strip(":()").casefold())
    if label is None:
        names = [one.name for one in schema.LABELS]
        raise UsageError(f"no label {rest!r}{did_you_mean(rest, names)}; there are {', '.join(names)}")
    rows = [(p.name, p.type, p.unit or None, p.description) for p in label.properties]
    return session.rows(Result(("property", "type", "unit", "description"), rows, len(rows)))


def _queries(session: Session, rest: str) -> Answer:
    return session.rows(_listed({query.name: query for query in all_queries()}))


def _saved(session: Session, rest: str) -> Answer:
    return session.rows(_listed(saved.saved()))


def _listed(queries: dict[str, Any]) -> Result:
    rows: list[tuple[Any, ...]] = [
        (name, query.what, ", ".join(map(str, query.parameters)))
        if isinstance(query, NamedQuery)
        else (name, f"{query}", "")
        for name, query in queries.items()
    ]
    return Result(("name", "what", "parameters"), rows, len(rows))


def _run(session: Session, rest: str) -> Answer:
    name, *given = _words(rest) or [""]
    if not name:
        raise UsageError("expected .run NAME [parameter=value ...] (.saved and .queries list them)")
    query = saved.find(name)
    texts = {parameter.name for parameter in query.parameters if parameter.type == "string"}
    own = {p.name: session.params[p.name] for p in query.parameters if p.name in session.params}
    values = query.bind(own | dict(_pair(word, texts) for word in given))
    if values.get("graph"):
        values["graph"] = session.db.find(values["graph"])
    return session.ask(query.text, values)


def _pair(word: str, texts: set[str]) -> tuple[str, Any]:
    name, equals, value = word.partition("=")
    if not equals:
        raise UsageError(f"expected parameter=value, found {word!r}")
    return name, value if name in texts else value_of(value)


def _save(session: Session, rest: str) -> Answer:
    name, _, what = rest.partition(" ")
    if not name:
        raise UsageError("expected .save NAME [what it answers]")
    if session.kept is None or not session.kept.text:
        raise UsageError("no Cypher has been run that could be saved")
    path = saved.save(name, session.kept.text, what=what.strip(), params=session.kept.params)
    return Answer(notes=(f"saved: .run {name} ({path})",))


def _drop(session: Session, rest: str) -> Answer:
    saved.drop(rest)
    return Answer(notes=(f"dropped {rest}",))


def _match(session: Session, rest: str) -> Answer:
    words = _words(rest) if rest[:1] in ("'", '"') else [rest]
    pattern, *more = words or [""]
    asked: dict[str, Any] = {"graph": more.pop(0)} if more and "=" not in more[0] else {}
    for word in more:
        name, equals, value = word.partition("=")
        if not equals or name not in ("by", "rank", "collection", "graph"):
            raise UsageError(
                f"expected .match 'PATTERN' [GRAPH] [by=graph] [rank=bytes] [collection=C]; found {word!r}"
            )
        asked[name] = value
    return session.match(pattern, **asked)


def _explain(session: Session, rest: str) -> Answer:
    text = rest or (session.kept.text if session.kept else "")
    if not text:
        raise UsageError("expected .explain STATEMENT; without one, a statement that has been run before")
    params = session.kept.params if session.kept and not rest else session.params
    return Answer(text=session.db.explain(text, params, write=session.write))


def _param(session: Session, rest: str) -> Answer:
    match = _PARAM.fullmatch(rest)
    if match is None:
        raise UsageError(f"expected .param NAME VALUE, found {rest!r}")
    session.params[match["name"]] = value_of(match["value"])
    return Answer()


def _params(session: Session, rest: str) -> Answer:
    rows: list[tuple[Any, ...]] = [(f"${name}", value) for name, value in sorted(session.params.items())]
    return session.rows(Result(("parameter", "value"), rows, len(rows)))


def _unset(session: Session, rest: str) -> Answer:
    if rest.lstrip("$") not in session.params:
        raise UsageError(f"no parameter {rest!r}{did_you_mean(rest, list(session.params))} (.params lists them)")
    del session.params[rest.lstrip("$")]
    return Answer()


def _mode(session: Session, rest: str) -> Answer:
    session.settings.mode = _one_of("mode", rest, MODES)
    return Answer()


def _timing(session: Session, rest: str) -> Answer:
    session.settings.timing = _SWITCH[_one_of("timing", rest, _SWITCH)]
    return Answer()


def _limit(session: Session, rest: str) -> Answer:
    if not re.fullmatch(r"-1|[1-9]\d{0,8}", rest):
        raise UsageError(f".limit: expected a number of rows from 1, or -1 for all; found {rest!r}")
    session.settings.limit = None if rest == "-1" else int(rest)
    return Answer()


def _timeout(session: Session, rest: str) -> Answer:
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", rest):
        raise UsageError(f".timeout: expected seconds, or 0 for no limit; found {rest!r}")
    session.settings.timeout = float(rest) or None
    return Answer()


def _export(session: Session, rest: str) -> Answer:
    words = _words(rest)
    if len(words) != 1:
        raise UsageError("expected .export FILE: .csv, .json, .jsonl, .parquet, else a table")
    if session.kept is None:
        raise UsageError("there are no rows yet to be exported")
    return Answer(session.kept.again(), export=Path(words[0]).expanduser())


def _refresh(session: Session, rest: str) -> Answer:
    return Answer(wrote=True)


def _one_of(command: str, word: str, known: Any) -> str:
    if word not in known:
        raise UsageError(f".{command}: expected one of {', '.join(known)}; found {word!r}")
    return word


def _words(rest: str) -> list[str]:
    try:
        return shlex.split(rest)
    except ValueError as error:
        raise UsageError(f"{rest}: {str(error).lower()}") from error


COMMANDS: dict[str, Known] = {
    "help": Known(".help [COMMAND]", "this", _help),
    "graphs": Known(".graphs [PART]", "the graphs whose id contains a part", _graphs),
    "schema": Known(".schema [LABEL]", "labels and relationships; one label's properties", _schema),
    "match": Known(".match 'PATTERN' [GRAPH]", "also by=graph, rank=bytes, collection=C", _match),
    "explain": Known(".explain [STATEMENT]", "how the engine would run it, or the last one", _explain),
    "param": Known(".param NAME VALUE", "give $NAME a value: JSON, else text", _param),
    "params": Known(".params", "the parameters that have a value", _params),
    "unset": Known(".unset NAME", "take it away", _unset),
    "queries": Known(".queries", "the queries of the library", _queries),
    "run": Known(".run NAME [param=value ...]", "run a saved query, or one of the library", _run),
    "save": Known(".save NAME [SENTENCE]", "keep the last Cypher", _save),
    "saved": Known(".saved", "what is kept", _saved),
    "drop": Known(".drop NAME", "forget it", _drop),
    "export": Known(".export FILE", "all last rows: .csv .json .jsonl .parquet", _export),
    "mode": Known(".mode table|json|jsonl|csv", "how rows are shown", _mode),
    "limit": Known(".limit N", "rows to show; -1 for all", _limit),
    "timeout": Known(".timeout SECONDS", "after which a query is stopped; 0 for none", _timeout),
    "timing": Known(".timing on|off", "say how long each took", _timing),
    "refresh": Known(".refresh", "read the words for completion again", _refresh),
    "quit": Known(".quit", "leave; so do .exit and Ctrl-D", _quit),
    "exit": Known(".exit", "leave", _quit),
}
"""By name, in the order of the help."""
