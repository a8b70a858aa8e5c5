"""Names in HLO text as indices; what a name stands for stands earlier."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import DataError
from tpugraph_db.hlo.text.columns import Columns
from tpugraph_db.hlo.text.cursor import Cursor
from tpugraph_db.hlo.text.rows import Span
from tpugraph_db.hlo.unique import Uniquer
from tpugraph_db.packed import Coded, Lists

Ints = NDArray[np.int64]


class Links:
    """Of a module's ``n`` rows in ``c`` computations."""

    def __init__(self, columns: Columns, spans: list[Span], lines: list[int], cursor: Cursor) -> None:
        """``lines`` says on which line of the text each row begins."""
        self._columns, self._lines, self._cursor = columns, lines, cursor
        self.starts: Ints = np.array([0, *[span.stop for span in spans]], np.int64)
        self._computations: Ints = np.repeat(np.arange(len(spans)), np.diff(self.starts))
        self._numbers = {span.name: number for number, span in enumerate(spans)}
        names = columns.names
        self._shared = len(set(names)) < len(names)
        self._index = {name: row for row, name in enumerate(self._scoped(names, np.arange(len(names))))}

    def names(self) -> Sequence[str]:
        """(n,) unique in the module: where computations share some, later ones get others, as XLA makes them."""
        uniquer, names = Uniquer(), self._columns.names
        return [uniquer.name(name) for name in names] if self._shared else names

    def operands(self) -> Lists:
        """(n,) index of each operand."""
        return self._lists(self._columns.operands, self._columns.operand_rows)

    def control_predecessors(self) -> Lists:
        """(n,) index of each."""
        tails = self._columns.tails
        pairs = [
            (name, row)
            for row, code in self._rows([bool(tail.control_predecessors) for tail in tails])
            for name in tails[code].control_predecessors
        ]
        return self._lists([name for name, _ in pairs], np.array([row for _, row in pairs], np.int64))

    def calls(self) -> tuple[Ints, Coded]:
        """(k, 2) caller and number of the computation, and (k,) under which attribute."""
        tails = self._columns.tails
        found = [
            (row, *call) for row, code in self._rows([bool(tail.calls) for tail in tails]) for call in tails[code].calls
        ]
        pairs = [(row, self._numbers.get(name, len(self._numbers))) for row, _, name in found]
        calls = np.array(pairs, np.int64).reshape(-1, 2)
        late = np.flatnonzero(calls[:, 1] >= self._computations[calls[:, 0]])
        if late.size:
            row, _, name = found[late[0]]
            raise self._refusal(row, name, "the name of a computation before this one")
        return calls, Coded.of([kind for _, kind, _ in found])

    def _rows(self, wanted: list[bool]) -> list[tuple[int, int]]:
        """Rows whose attributes are among some, and which those are."""
        codes = self._columns.tail_codes
        rows = np.flatnonzero(np.array(wanted, bool)[codes])
        return list(zip(rows.tolist(), codes[rows].tolist(), strict=True))

    def _lists(self, names: Sequence[str], rows: Ints) -> Lists:
        """Indices by row; names and rows are in the order of rows."""
        count = len(self._computations)
        indices = map(self._index.get, self._scoped(names, rows))
        values = np.fromiter((count if index is None else index for index in indices), np.int64, len(names))
        late = np.flatnonzero((values >= rows) | (values < self.starts[self._computations[rows]]))
        if late.size:
            expected = "the name of an instruction before this one, of the same computation"
            raise self._refusal(int(rows[late[0]]), names[late[0]], expected)
        return Lists(values, np.searchsorted(rows, np.arange(count + 1)))

    def _scoped(self, names: Sequence[str], rows: Ints) -> Sequence[str]:
        """Names that differ where computations share some."""
        if not self._shared:
            return names
        return [f"{number}/{name}" for number, name in zip(self._computations[rows].tolist(), names, strict=True)]

    def _refusal(self, row: int, name: str, expected: str) -> DataError:
        return self._cursor.error_on(self._lines[row], expected, name)
