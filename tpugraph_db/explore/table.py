"""A table as columns: sorted and filtered as arrays, its texts made only for the rows that are on the screen."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import NotFoundError, did_you_mean, printable
from tpugraph_db.stores.result import Result

Order = NDArray[np.int64]

_WIDEST = 24
_USUAL = 0.95
"""Of the texts, so many fit: a few long ones would push everything else off the screen."""
_SIGNIFICANT = 4


@dataclass(frozen=True, eq=False)
class Column(ABC):
    """One column of ``n`` rows."""

    name: str

    @abstractmethod
    def text(self, row: int) -> str:
        """A cell, safe on a terminal; empty where it is not known."""

    @property
    @abstractmethod
    def rank(self) -> NDArray[np.float64]:
        """(n,) float64: what rows are sorted and coloured by; nan where not known."""

    @property
    @abstractmethod
    def width(self) -> int:
        """Cells that its texts take, its name apart."""

    @property
    def is_number(self) -> bool:
        """Stands to the right, and the most comes first."""
        return False

    @cached_property
    def most(self) -> float:
        """The largest that it is sorted by; 0 where none is known."""
        return float(np.nanmax(self.rank)) if np.isfinite(self.rank).any() else 0.0


@dataclass(frozen=True, eq=False)
class Numbers(Column):
    """Figures."""

    values: NDArray[Any]
    """(n,) numbers; nan where not known."""
    show: Callable[[float], str] | None = None
    """How one is written; None: :func:`short`, whole numbers whole."""
    bar: bool = False
    """A bar beside it, as long as its part of the largest."""

    @property
    def is_number(self) -> bool:
        return True

    @cached_property
    def rank(self) -> NDArray[np.float64]:
        return np.asarray(self.values, np.float64)

    def text(self, row: int) -> str:
        value = float(self.rank[row])
        if np.isnan(value):
            return ""
        return self.show(value) if self.show else short(value)

    @cached_property
    def width(self) -> int:
        known = np.flatnonzero(~np.isnan(self.rank))
        if not len(known):
            return 1
        some = known[np.linspace(0, len(known) - 1, min(len(known), 64)).astype(np.int64)]
        ends = [known[self.rank[known].argmin()], known[self.rank[known].argmax()]]
        return max(len(self.text(int(row))) for row in (*some.tolist(), *ends))


@dataclass(frozen=True, eq=False)
class Words(Column):
    """Texts, of which many may be equal."""

    table: Sequence[str]
    """Distinct texts."""
    codes: NDArray[np.int64]
    """(n,) int64: place in the table, -1 where not known."""
    widest: int = _WIDEST
    """Cells that it takes at most."""

    @classmethod
    def of(cls, name: str, texts: Iterable[str | None]) -> Words:
        """From a text a row."""
        texts = list(texts)
        places = {text: at for at, text in enumerate(dict.fromkeys(text for text in texts if text is not None))}
        codes = np.fromiter((-1 if text is None else places[text] for text in texts), np.int64, len(texts))
        return cls(name, list(places), codes)

    @classmethod
    def coded(cls, name: str, table: Sequence[str | None], codes: NDArray[Any]) -> Words:
        """From a table in which texts may be equal, or None, and each row's place in it."""
        of_table = cls.of(name, table)
        return cls(name, of_table.table, of_table.codes[codes])

    def text(self, row: int) -> str:
        code = int(self.codes[row])
        return "" if code < 0 else printable(self.table[code])

    def value(self, row: int) -> str | None:
        """The text as it is."""
        code = int(self.codes[row])
        return None if code < 0 else self.table[code]

    @cached_property
    def rank(self) -> NDArray[np.float64]:
        place = np.empty(len(self.table) + 1)
        place[sorted(range(len(self.table)), key=self.table.__getitem__)] = np.arange(len(self.table))
        place[-1] = np.nan
        return place[self.codes]

    @cached_property
    def width(self) -> int:
        if not len(self.codes):
            return 1
        lengths = np.array([*(len(text) for text in self.table), 0])[self.codes]
        return min(self.widest, max(1, int(np.quantile(lengths, _USUAL, method="higher"))))

    def holding(self, part: str) -> NDArray[np.bool_]:
        """(n,) bool: the text has that part, small or large letters."""
        return self._where(lambda text: part in text.lower())

    def equal(self, whole: str) -> NDArray[np.bool_]:
        """(n,) bool: the text is that one."""
        return self._where(lambda text: text == whole)

    def _where(self, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
        found = np.fromiter((holds(text) for text in self.table), np.bool_, len(self.table))
        answer: NDArray[np.bool_] = np.append(found, False)[self.codes]
        return answer


@dataclass(frozen=True, eq=False)
class Table:
    """``n`` rows, in the order in which they stand unless they are sorted."""

    columns: tuple[Column, ...]
    rows: int
    ops: NDArray[np.int64] | None = None
    """(n,) int64: the op that each row is about, -1 where it is about none; None where no row is about one."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of its columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """By its name."""
        return self.columns[self.names.index(name)]

    def arranged(self, asked: Arrangement) -> Order:
        """(k,) int64: the rows that pass the filter, in the order asked for; what is not known comes last."""
        rows = np.flatnonzero(self._passing(asked.filter))
        if asked.sort not in self.names:
            return rows[::-1] if asked.reverse and asked.sort is None else rows
        column = self.column(asked.sort)
        rank = column.rank[rows]
        falls = column.is_number != asked.reverse
        return rows[np.argsort(-rank if falls else rank, kind="stable")]  # nan is last, either way

    def _passing(self, text: str) -> NDArray[np.bool_]:
        passing = np.ones(self.rows, np.bool_)
        for word in text.split():
            passing &= self._holds(word)
        return passing

    def _holds(self, word: str) -> NDArray[np.bool_]:
        """(n,) bool: ``NAME=TEXT`` the cell is that, ``NAME>NUMBER`` or ``<``, else some cell of words has it."""
        if (match := _CONDITION.fullmatch(word)) and match[1] in self.names:
            column = self.column(match[1])
            if isinstance(column, Words):
                if match[2] == "=":
                    return column.equal(match[3])
            elif (number := _number(match[3])) is not None:
                with np.errstate(invalid="ignore"):
                    compared: NDArray[np.bool_] = _COMPARED[match[2]](column.rank, number)
                return compared
        found = np.zeros(self.rows, np.bool_)
        for column in self.columns:
            if isinstance(column, Words):
                found |= column.holding(word.lower())
        return found


@dataclass(frozen=True)
class Arrangement:
    """Which rows, in which order."""

    sort: str | None = None
    """A column's name; None: as they stand. Numbers fall, words rise."""
    reverse: bool = False
    filter: str = ""
    """Words that all must hold: see :meth:`Table.arranged`."""


def short(value: float) -> str:
    """A number for people, in few cells.

    >>> [short(value) for value in (0, 12, 1234, 8388608, 0.0703304, 1e-9, 2.5)]
    ['0', '12', '1,234', '8.389 M', '0.07033', '1e-09', '2.5']
    """
    size = abs(value)
    if size < 1e5:
        return f"{value:,.0f}" if value == round(value) else f"{value:.{_SIGNIFICANT}g}"
    for power, letter in ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if size >= power:
            return f"{value / power:.{_SIGNIFICANT}g} {letter}"
    return f"{value:.{_SIGNIFICANT}g}"


def percent(value: float) -> str:
    """A share.

    >>> percent(0.0703304)
    '7.03 %'
    """
    return f"{100 * value:.2f} %" if value < 0.0995 else f"{100 * value:.1f} %"


def table_of(columns: Sequence[str], rows: Sequence[Sequence[Any]], op: str | None = None) -> Table:
    """A table of a result's rows: a column of numbers where all are, else of texts.

    Args:
        op: The column that has an op's index, if there is one.
    """
    made = [_column(name, [row[at] for row in rows]) for at, name in enumerate(columns)]
    ops = None
    if op is not None:
        found = [row[columns.index(op)] for row in rows]
        ops = np.array([-1 if each is None else each for each in found], np.int64)
    return Table(tuple(made), len(rows), ops)


def arranged_rows(result: Result, asked: Arrangement) -> Result:
    """The rows of a result that pass the filter, in the order asked for.

    Raises:
        NotFoundError: no such column.
    """
    if asked.sort is not None and asked.sort not in result.columns:
        names = list(result.columns)
        raise NotFoundError(f"no column {asked.sort!r}; there is {', '.join(names)}{did_you_mean(asked.sort, names)}")
    rows = [result.rows[row] for row in table_of(result.columns, result.rows).arranged(asked).tolist()]
    return Result(result.columns, rows, len(rows))


def _column(name: str, values: list[Any]) -> Column:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return Numbers(name, np.array([np.nan if value is None else value for value in values], np.float64))
    return Words.of(name, [None if value is None else _text(value) for value in values])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return str(value)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


_CONDITION = re.compile(r"([^=<>]+)([=<>])(.+)")
_COMPARED: dict[str, Callable[[Any, float], Any]] = {"=": np.equal, "<": np.less, ">": np.greater}
