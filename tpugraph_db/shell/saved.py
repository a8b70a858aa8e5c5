"""Queries that a user keeps: ``.cypher`` files in the user's data folder, with the header of the library's own.

What is saved here is a file like any other: ``tpudb query -f``, ``--where`` and
:func:`tpugraph_db.cypher.library.load_file` read it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tpugraph_db.cypher import body
from tpugraph_db.cypher.library import SUFFIX, all_queries, find_query, load_file, parse
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.errors import DataError, ExistsError, NotFoundError, UsageError, did_you_mean, printable
from tpugraph_db.whole_file import DRAFT, write_whole

_NAME = re.compile(r"[A-Za-z]\w{0,63}", re.ASCII)
_COLUMN = re.compile(r"[a-z]\w*")
_TYPES = {bool: "bool", int: "int", float: "float", str: "string"}


def folder() -> Path:
    """Where they are: ``queries`` under the platform's data folder; made by the first :func:`save`."""
    import platformdirs

    return platformdirs.user_data_path("tpugraph-db") / "queries"


def save(
    name: str, text: str, *, what: str = "", params: Mapping[str, Any] | None = None, replace: bool = False
) -> Path:
    """Keep a reading statement under a name; the file.

    Args:
        name: Letters, digits and ``_``; no name of the library's.
        text: One statement, whose columns all have a name.
        what: One sentence on what it answers.
        params: A value for each ``$name`` in it, which gives its type and becomes its default.
        replace: Let it take the place of one of the same name.

    Raises:
        UsageError: the name, a parameter or a column will not do. ExistsError: there is one of that name.
        DataError: it is no read. OSError: it cannot be written.
    """
    path = _path(name)
    if name in {query.name for query in all_queries()}:
        raise UsageError(f"{name} is a query of the library; choose another name")
    if path.exists() and not replace:
        raise ExistsError(f"a query {name} is saved already; drop it first")
    statement = text.strip().removesuffix(";").rstrip()
    content = _header(name, statement, what, params or {}) + statement + "\n"
    parse(path.name, name, content)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, content.encode())
    return path


def saved() -> dict[str, NamedQuery | DataError]:
    """Every saved query by its name, sorted; of a file that is none, what is wrong with it."""
    return {path.stem: _loaded(path) for path in sorted(folder().glob(f"*{SUFFIX}")) if not _is_draft(path)}


def find(name: str) -> NamedQuery:
    """The query of a name: a saved one, else one of the library.

    Raises:
        NotFoundError: there is none; names near ones. DataError: its file is damaged.
    """
    path = folder() / f"{name}{SUFFIX}"
    if _NAME.fullmatch(name) and path.is_file():
        return load_file(path)
    known = [*saved(), *(query.name for query in all_queries())]
    if name not in known:
        raise NotFoundError(f"no query {name!r}{did_you_mean(name, known)} (.saved and .queries list them)")
    return find_query(name)


def drop(name: str) -> None:
    """Forget a saved query.

    Raises:
        NotFoundError: there is none of that name; names near ones.
    """
    try:
        (folder() / f"{name if _NAME.fullmatch(name) else ''}{SUFFIX}").unlink()
    except FileNotFoundError:
        raise NotFoundError(f"no saved query {name!r}{did_you_mean(name, list(saved()))} (.saved lists them)") from None


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise UsageError(f"the name of a query: expected letters, digits and _, a letter first; found {name!r}")
    return folder() / f"{name}{SUFFIX}"


def _is_draft(path: Path) -> bool:
    return path.name.startswith(DRAFT)


def _loaded(path: Path) -> NamedQuery | DataError:
    try:
        return load_file(path)
    except DataError as error:
        return error


def _header(name: str, statement: str, what: str, params: Mapping[str, Any]) -> str:
    said = " ".join(printable(what).split()) or "Saved from the shell."
    lines = [said if said.endswith((".", "?")) else f"{said}.", ""]
    lines += [_parameter_line(parameter, params) for parameter in body.parameters(statement)]
    lines += [f"column {column}  as it is returned" for column in _columns(name, statement)]
    return "".join(f"// {line}".rstrip() + "\n" for line in lines)


def _columns(name: str, statement: str) -> list[str]:
    _, columns = body.columns(statement)
    unnamed = [column for column in columns if not _COLUMN.fullmatch(column)]
    if unnamed or not columns:
        raise UsageError(f"{name}: to be saved, every column needs a plain name: RETURN count(*) AS ops")
    return columns


def _parameter_line(name: str, params: Mapping[str, Any]) -> str:
    if name not in params:
        raise UsageError(f"${name} has no value, which says its type; give it one: .param {name} VALUE")
    if not re.fullmatch(r"[a-z]\w*", name):
        raise UsageError(f"${name}: to be saved, the name of a parameter begins with a small letter")
    value = params[name]
    return f"parameter {name}: {_type(name, value)} = {json.dumps(value)}  as it was when this was saved"


def _type(name: str, value: Any) -> str:
    if type(value) in _TYPES:
        return _TYPES[type(value)]
    kinds = {type(item) for item in value} if isinstance(value, list) else set()
    if kinds in ({int}, {str}):
        return f"list<{_TYPES[kinds.pop()]}>"
    raise UsageError(f"${name}: a query takes int, float, string, bool and lists of int or string; found {value!r}")
