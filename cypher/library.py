"""The library: every ``.cypher`` file of this folder, one query a file."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from tpugraph_db.cypher import body
from tpugraph_db.cypher.header import Header, read_header
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.errors import DataError, NotFoundError, ReadOnlyError, did_you_mean
from tpugraph_db.stores.guard import check_read

SUFFIX = ".cypher"


def find_query(name: str) -> NamedQuery:
    """The query of a name.

    Raises:
        NotFoundError: there is none; names near ones.
    """
    files = _files()
    if name not in files:
        raise NotFoundError(f"no query {name!r}{did_you_mean(name, list(files))} (tpudb queries lists them)")
    return _load(name)


def all_queries() -> list[NamedQuery]:
    """Every query, by name."""
    return [_load(name) for name in sorted(_files())]


def load_file(path: str | Path) -> NamedQuery:
    """A query from any file, held to the same rules (:mod:`tpugraph_db.cypher.header`).

    Raises:
        DataError: it breaks one; names file and line.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(str(path), "file", expected="Cypher, UTF-8", found=str(error)) from error
    return parse(str(path), path.name.removesuffix(SUFFIX), text)


def parse(file: str, name: str, text: str) -> NamedQuery:
    """A query from the text of a file; ``file`` is what errors call it.

    Raises:
        DataError: header and text do not fit, or it is no read.
    """
    header = read_header(file, text)
    cypher = "".join(text.splitlines(keepends=True)[header.lines :])
    _check_parameters(file, header, cypher)
    _check_columns(file, header, cypher)
    try:
        check_read(cypher)
    except ReadOnlyError as error:
        raise DataError(file, "Cypher", expected="a read", found=str(error)) from error
    return NamedQuery(name, header.what, header.parameters, header.columns, cypher.strip())


def _check_parameters(file: str, header: Header, cypher: str) -> None:
    used = body.parameters(cypher)
    declared = [parameter.name for parameter in header.parameters]
    for name, line in used.items():
        if name not in declared:
            place = f"{file}:{header.lines + line}"
            raise DataError(place, f"${name}", expected="a parameter line for it", found="none")
    for name in declared:
        if name not in used:
            key = f"parameter {name}"
            raise DataError(header.places[key], key, expected=f"${name} in the query", found="none")


def _check_columns(file: str, header: Header, cypher: str) -> None:
    line, returned = body.columns(cypher)
    declared = [column.name for column in header.columns]
    if not declared or returned != declared:
        expected = f"the columns of the header: {', '.join(declared) or 'it has none'}"
        found = f"{', '.join(returned) or 'none'}" + (" ('?' has no AS name)" if "?" in returned else "")
        raise DataError(f"{file}:{header.lines + line}", "RETURN", expected=expected, found=found)


@cache
def _files() -> dict[str, str]:
    """Text of each file of the library by its name."""
    folder = resources.files("tpugraph_db.cypher")
    found = [file for file in folder.iterdir() if file.name.endswith(SUFFIX)]
    return {file.name.removesuffix(SUFFIX): file.read_text(encoding="utf-8") for file in found}


@cache
def _load(name: str) -> NamedQuery:
    return parse(name + SUFFIX, name, _files()[name])
