"""A result's rows as a table for the screen: columns in the order wanted, those that say nothing left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from tpugraph_db.explore.table import Column, Numbers, Table, percent, table_of
from tpugraph_db.stores.result import Result


def result_table(
    result: Result, columns: Sequence[str] = (), *, op: str | None = None, signed: Collection[str] = ()
) -> Table:
    """The rows of a result.

    Args:
        result: Rows.
        columns: Those that stand first; the others follow. One in which nothing is known is left out.
        op: The column that has an op's index.
        signed: Columns in percent, shown with their sign; ``share`` is a fraction.
    """
    table = table_of(result.columns, result.rows, op if op in result.columns else None)
    known = {name for at, name in enumerate(result.columns) if any(row[at] is not None for row in result.rows)}
    order = [name for name in dict.fromkeys((*columns, *result.columns)) if name in known]
    shows: dict[str | None, Callable[[float], str]] = {"share": percent, op: _plain}
    shows |= dict.fromkeys(signed, plus_minus)
    return replace(table, columns=tuple(_shown(table.column(name), shows.get(name)) for name in order))


def _shown(column: Column, show: Callable[[float], str] | None) -> Column:
    return Numbers(column.name, column.values, show) if isinstance(column, Numbers) else column


def _plain(value: float) -> str:
    return f"{value:.0f}"


def plus_minus(value: float) -> str:
    """A change in percent.

    >>> plus_minus(12.345), plus_minus(-0.5)
    ('+12.3 %', '-0.50 %')
    """
    return f"{value:+.1f} %" if abs(value) >= 9.95 else f"{value:+.2f} %"
