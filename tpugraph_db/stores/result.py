"""Rows of a query, and how to turn them into other things."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from tpugraph_db import html
from tpugraph_db.stores.values import to_plain, to_text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

COUNT_BOUND = 100_000
"""Rows past the limit are counted up to here, to say how many there are."""


@dataclass(frozen=True)
class Result:
    """What :meth:`Database.query` returns."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int
    """How many rows there are, the ones cut off too; a lower bound when ``total_is_exact`` is False."""
    total_is_exact: bool = True

    @classmethod
    def collect(cls, columns: Iterable[str], rows: Iterator[tuple[Any, ...]], limit: int | None) -> Result:
        """Keep ``limit`` rows (None: all) and count the rest, up to :data:`COUNT_BOUND`."""
        kept = list(islice(rows, limit))
        if limit is None or len(kept) < limit:
            return cls(tuple(columns), kept, len(kept))
        counted = sum(1 for _ in islice(rows, max(1, COUNT_BOUND - len(kept) + 1)))
        total = len(kept) + counted
        exact = total <= max(COUNT_BOUND, len(kept))
        return cls(tuple(columns), kept, total if exact else total - 1, exact)

    def cut(self, limit: int | None) -> Result:
        """The first ``limit`` rows of it (None: all)."""
        return replace(self, rows=self.rows[:limit])

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    @property
    def truncated(self) -> str:
        """``showing 500 of 12,034`` where rows were cut off, else empty."""
        if len(self.rows) == self.total and self.total_is_exact:
            return ""
        return f"showing {len(self.rows):,} of {'' if self.total_is_exact else 'more than '}{self.total:,}"

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column whether it holds numbers alone, or nothing."""
        return tuple(
            all(isinstance(row[at], int | float) or row[at] is None for row in self.rows)
            for at in range(len(self.columns))
        )

    def _repr_html_(self) -> str:
        """A table in a notebook, its first rows; what is left out is said."""
        shown = self.cut(html.MOST_ROWS)
        return html.table(self.columns, shown._texts(), shown.numeric, shown._said())

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """The same as plain text, which IPython prints, and a notebook keeps beside the table."""
        shown = self.cut(html.MOST_ROWS)
        cells = [[html.cut(text) for text in row] for row in [self.columns, *shown._texts()]]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            line = "  ".join(_aside(*at) for at in zip(row, widths, shown.numeric, strict=True))
            printer.text(line.rstrip() + "\n")
        printer.text(shown._said())

    def _texts(self) -> list[list[str]]:
        return [[to_text(value) for value in row] for row in self.rows]

    def _said(self) -> str:
        rows = "row" if self.total == 1 else "rows"
        return f"{self.truncated} rows" if self.truncated else f"{self.total:,} {rows}"

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dict a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_arrow(self) -> pa.Table:
        """An Arrow table; nodes, relationships and paths become JSON text, as do columns of mixed types."""
        import pyarrow as pa

        plain = [[to_plain(row[at]) for row in self.rows] for at in range(len(self.columns))]
        return pa.table([_arrow_column(column) for column in plain], names=list(self.columns))

    def to_pandas(self) -> pd.DataFrame:
        """A pandas DataFrame (needs pandas); cells keep the values of :mod:`tpugraph_db.stores.values`."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(self.columns))


def _aside(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def _arrow_column(values: list[Any]) -> Any:
    import pyarrow as pa

    if not any(isinstance(value, dict) for value in values):
        try:
            return pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            pass  # mixed types: text below, as documented
    return pa.array([None if value is None else json.dumps(value) for value in values], pa.string())
