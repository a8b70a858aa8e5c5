"""Rows as a table no wider than the terminal: long texts are cut, columns that do not fit are named below it."""

from __future__ import annotations

import json
from typing import Any

from rich.cells import cell_len, set_cell_size

from tpugraph_db.errors import printable
from tpugraph_db.stores import Result
from tpugraph_db.stores.values import to_plain

NARROWEST = 12
"""Cells to which a column of texts may be cut; numbers are whole."""
_GAP = "  "


def table(result: Result, width: int) -> tuple[list[str], list[str]]:
    """Lines of a table, its header first, and the columns that did not fit into ``width`` cells.

    >>> lines, left_out = table(Result(("op", "bytes", "shape"), [("dot", 2048, "f32[16,32]")], 1), 12)
    >>> print("|".join(lines), left_out)
    op   bytes|dot   2048 ['shape']
    """
    rows = [[_cell(value) for value in row] for row in result.rows]
    columns = [printable(column) for column in result.columns]
    wanted = [max([cell_len(name), *(cell_len(row[at]) for row in rows)]) for at, name in enumerate(columns)]
    numeric = [bool(rows) and column for column in result.numeric]
    least = [size if number else min(size, NARROWEST) for size, number in zip(wanted, numeric, strict=True)]
    widths = _fitted(wanted, least, width)
    lines = [_line(cells, widths, numeric) for cells in [columns, *rows]]
    return lines, columns[len(widths) :]


def _fitted(wanted: list[int], least: list[int], width: int) -> list[int]:
    """Widths of the first columns, as many as fit when the widest are cut; at least one."""
    shown = len(wanted)
    while shown > 1 and _total(least[:shown]) > width:
        shown -= 1
    if shown == 1:
        return [min(wanted[0], width)]
    bound = max(wanted, default=0)
    while bound and _total(_bounded(wanted[:shown], least, bound)) > width:
        bound -= 1
    return _bounded(wanted[:shown], least, bound)


def _bounded(wanted: list[int], least: list[int], bound: int) -> list[int]:
    return [max(min(size, bound), small) for size, small in zip(wanted, least, strict=False)]


def _total(widths: list[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _line(cells: list[str], widths: list[int], numeric: list[bool]) -> str:
    fitted = (_fit(cell, size, right) for cell, size, right in zip(cells, widths, numeric, strict=False))
    return _GAP.join(fitted).rstrip()


def _fit(cell: str, size: int, right: bool) -> str:
    length = cell_len(cell)
    if length > size:
        return _cut(cell, size)
    return " " * (size - length) + cell if right else cell + " " * (size - length)


def _cut(cell: str, size: int) -> str:
    """The beginning; of an id its end too, which says more."""
    tail = size // 2 if " " not in cell and cell.isascii() and size >= NARROWEST else 0
    return set_cell_size(cell, size - 1 - tail) + "…" + (cell[-tail:] if tail else "")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    plain = to_plain(value)
    return printable(plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False))
