"""Rows as a table no wider than the terminal: long cells are cut, columns that do not fit are named below it."""

from __future__ import annotations

import json
from typing import Any

from rich.cells import cell_len, set_cell_size

from tpugraph_db.errors import printable
from tpugraph_db.stores import Result
from tpugraph_db.stores.values import to_plain

NARROWEST = 12
"""Cells to which a column may be cut."""
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
    widths = _fitted(wanted, width)
    numeric = [_is_numeric(result, at) for at in range(len(widths))]
    lines = [_line(cells, widths, numeric) for cells in [columns, *rows]]
    return lines, columns[len(widths) :]


def _fitted(wanted: list[int], width: int) -> list[int]:
    """Widths of the first columns, as many as fit when the widest are cut; at least one."""
    shown = len(wanted)
    while shown > 1 and _total([min(size, NARROWEST) for size in wanted[:shown]]) > width:
        shown -= 1
    widths = wanted[:shown]
    while widths and _total(widths) > width and max(widths) > min(NARROWEST, width):
        widest = max(widths)
        second = max((size for size in widths if size < widest), default=0)
        spare = -(-(_total(widths) - width) // widths.count(widest))
        size = max(widest - spare, second, min(NARROWEST, width))
        widths = [min(one, size) for one in widths]
    return widths


def _total(widths: list[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _line(cells: list[str], widths: list[int], numeric: list[bool]) -> str:
    fitted = (_fit(cell, size, right) for cell, size, right in zip(cells, widths, numeric, strict=False))
    return _GAP.join(fitted).rstrip()


def _fit(cell: str, size: int, right: bool) -> str:
    length = cell_len(cell)
    if length > size:
        return set_cell_size(cell, size - 1) + "…"
    return " " * (size - length) + cell if right else cell + " " * (size - length)


def _is_numeric(result: Result, at: int) -> bool:
    return bool(result.rows) and all(isinstance(row[at], int | float) or row[at] is None for row in result.rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    plain = to_plain(value)
    return printable(plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False))
