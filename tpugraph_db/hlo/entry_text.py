"""Which computation of an HLO text is the entry."""

from __future__ import annotations

import re

from tpugraph_db.hlo import shape
from tpugraph_db.hlo.cursor import Cursor
from tpugraph_db.hlo.module import Computation

_LAYOUT = re.compile(r"entry_computation_layout=\{(.*?)\}(?=, \w+=|$)")
_PARAMETER = re.compile(r"parameter\((\d+)\)")


def entry_of(cursor: Cursor, computations: list[Computation], marked: list[Computation], attributes: str) -> str:
    """Name of the entry: the one marked ENTRY, or the only one, if it is what the module's attributes say."""
    if not computations:
        raise cursor.error("a computation")
    if len(marked) > 1:
        raise cursor.error_on(marked[1].line, "one ENTRY in a module")
    if not marked and (len(computations) > 1 or not _fits(computations[-1], attributes)):
        raise cursor.error("a computation with ENTRY before its name")
    return (marked or computations)[-1].name


def _fits(computation: Computation, attributes: str) -> bool:
    """Whether parameters and result are those of the module's ``entry_computation_layout``, if it has one."""
    layout = _LAYOUT.search(attributes)
    if not layout:
        return True
    shapes = {one.name: shape.parse(one.shape).plain for one in computation.instructions}
    numbers = [(_PARAMETER.match(one.attributes), one.name) for one in computation.instructions]
    parameters = [shapes[name] for _, name in sorted((int(number[1]), name) for number, name in numbers if number)]
    said, _, result = layout[1].rpartition("->")
    try:
        expected = shape.parse(said).plain, shape.parse(result).plain
    except shape.ShapeError:
        return False
    return expected == (f"({', '.join(parameters)})", shapes[computation.root])
