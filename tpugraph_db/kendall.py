"""Kendall's tau-b: how far two orders of the same things agree, ties taken into account."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def tau_b(one: NDArray[np.generic], other: NDArray[np.generic]) -> float:
    """From -1 (one the reverse of the other) to 1; nan where one of them is all ties. O(n log² n).

    Source: M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945).

    >>> round(tau_b(np.array([1, 2, 3, 4]), np.array([1, 2, 4, 3])), 3)
    0.667
    """
    x, y = dense_rank(one), dense_rank(other)
    pairs = len(x) * (len(x) - 1) // 2
    tied_x, tied_y, tied_both = _ties(x), _ties(y), _ties(x * (int(y.max(initial=0)) + 1) + y)
    agreement = pairs - tied_x - tied_y + tied_both - 2 * _inversions(y[np.lexsort((y, x))])
    scale = math.sqrt((pairs - tied_x) * (pairs - tied_y))
    return agreement / scale if scale else math.nan


def dense_rank(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """(n,) int64: 0 for the smallest, equal values share a rank, no rank is left out."""
    ranks: NDArray[np.int64] = np.unique(values, return_inverse=True)[1].astype(np.int64)
    return ranks


def _ties(ranks: NDArray[np.int64]) -> int:
    """Pairs that are equal."""
    counts = np.unique(ranks, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())


def _inversions(ranks: NDArray[np.int64]) -> int:
    """Pairs of which the first is the greater.

    Two numbers are told apart by their highest differing bit: bit by bit, and among those that agree in all bits
    above, each 0 is counted with the 1s before it.
    """
    count = 0
    for bit in reversed(range(int(ranks.max(initial=0)).bit_length())):
        ranks = ranks[np.argsort(ranks >> (bit + 1), kind="stable")]
        above, ones = ranks >> (bit + 1), ranks >> bit & 1
        before = np.cumsum(ones) - ones
        first = np.searchsorted(above, above)  # where its group begins
        count += int((before - before[first])[ones == 0].sum())
    return count
