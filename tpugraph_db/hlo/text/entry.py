"""Which computation of an HLO text is the entry."""

from __future__ import annotations

import re

from tpugraph_db.hlo import shape
from tpugraph_db.hlo.text.attributes import canonical
from tpugraph_db.hlo.text.body import Bodies
from tpugraph_db.hlo.text.cursor import Cursor
from tpugraph_db.hlo.text.rows import Span

_LAYOUT = re.compile(r"entry_computation_layout=\{(.*?)\}(?=, \w+=|$)")


def entry_of(cursor: Cursor, bodies: Bodies, marked: list[Span], attributes: str) -> str:
    """Name of the entry: the one marked ENTRY, or the only one, if it is what the module's attributes say."""
    if not bodies.spans:
        raise cursor.error("a computation")
    if len(marked) > 1:
        raise cursor.error_on(marked[1].line, "one ENTRY in a module")
    if not marked and (len(bodies.spans) > 1 or not _fits(bodies, attributes)):
        raise cursor.error("a computation with ENTRY before its name")
    return marked[0].name if marked else bodies.spans[0].name


def _fits(bodies: Bodies, attributes: str) -> bool:
    """Whether parameters and result are those of the module's ``entry_computation_layout``, if it has one."""
    layout = _LAYOUT.search(attributes)
    if not layout:
        return True
    rows = bodies.rows.rows
    numbered = [(canonical(row[4] or row[5]).strip(), row[2]) for row in rows if row[3] == "parameter"]
    parameters = [_plain(text) for _, text in sorted(numbered, key=lambda one: (len(one[0]), one[0]))]
    said, _, result = layout[1].rpartition("->")
    try:
        expected = _plain(said), _plain(result)
    except shape.ShapeError:
        return False
    return expected == (f"({', '.join(parameters)})", _plain(rows[bodies.spans[0].root][2]))


def _plain(text: str) -> str:
    return shape.parse(text).plain
