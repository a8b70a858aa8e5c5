"""Columns of values that repeat."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.packed import Coded

Value = TypeVar("Value", bound=Hashable)


def distinct(values: Sequence[Value]) -> tuple[list[Value], NDArray[np.int64]]:
    """The distinct values in the order in which they first occur, and (n,) which of them each value is.

    >>> known, codes = distinct(["x", "y", "x"])
    >>> known, codes.tolist()
    (['x', 'y'], [0, 1, 0])
    """
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return list(places), np.fromiter(map(places.__getitem__, values), np.int64, len(values))


def spread(texts: Iterable[str], codes: NDArray[np.int64]) -> Coded:
    """The column of texts whose text ``i`` is ``texts[codes[i]]``; the texts themselves may repeat.

    >>> spread(["a", "b", "a"], np.array([0, 1, 2])).codes.tolist()
    [0, 1, 0]
    """
    inner = Coded.of(texts)
    return Coded(inner.table, inner.codes[codes])
