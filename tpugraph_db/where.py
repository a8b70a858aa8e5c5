"""What ``--where`` says as one statement: a condition on a graph ``g``, or a file of Cypher."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from tpugraph_db.cypher import body
from tpugraph_db.cypher.library import SUFFIX, load_file
from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.errors import UsageError, did_you_mean
from tpugraph_db.paths import is_file


@dataclass(frozen=True)
class Statement:
    """What ``--where`` says, as one statement."""

    where: str
    """As it was said."""
    text: str
    parameters: frozenset[str]
    """Names that it takes."""
    query: NamedQuery | None = None
    """What the file's header says, where it has one."""
    in_file: bool = False

    def bind(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters that it takes.

        Raises:
            UsageError: one is missing, or of another type than the header says.
        """
        own = {name: value for name, value in params.items() if name in self.parameters}
        if self.query is not None:
            return self.query.bind(own)
        if missing := sorted(self.parameters - own.keys()):
            raise UsageError(f"{self.where}: needs the parameter {missing[0]}: -p {missing[0]}=VALUE")
        return own


def statement(where: str | Path) -> Statement:
    """What ``where`` says: a path of a file that is there or ends in ``.cypher``, else a condition on a graph ``g``.

    Raises:
        UsageError: the file cannot be read. DataError: its header is not what a header says
            (:mod:`tpugraph_db.cypher.header`).
    """
    said = str(where)
    if not (said.endswith(SUFFIX) or is_file(said)):
        text = f"MATCH (g:Graph) WHERE {said}\nRETURN g.id ORDER BY g.id"
        return Statement(said, text, frozenset(body.parameters(said)))
    try:
        text = Path(said).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{said}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{said}: expected Cypher in UTF-8, found {error}") from error
    query = load_file(said) if _has_header(text) else None
    return Statement(said, query.text if query else text, frozenset(body.parameters(text)), query, in_file=True)


def expect_parameters(wheres: Iterable[str | Path | None], params: Mapping[str, Any]) -> None:
    """Refuse a parameter that none of the statements takes.

    Raises:
        UsageError: names it, and near ones.
    """
    known = sorted({name for where in wheres if where for name in statement(where).parameters})
    for name in params:
        if name not in known:
            listed = f"it takes {', '.join(known)}" if known else "it takes none"
            raise UsageError(f"--where: no parameter {name!r}; {listed}{did_you_mean(name, known)}")


def _has_header(text: str) -> bool:
    """A comment that says parameters or columns is one; any other is a comment."""
    comments = takewhile(lambda line: line.startswith("//"), text.splitlines())
    return any(line.removeprefix("//").strip().startswith(("parameter ", "column ")) for line in comments)
