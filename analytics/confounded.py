"""Ops whose layouts were chosen together: what is theirs alone cannot be told, so they count as one factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.observed import Observed
from tpugraph_db.frozen import Arrays

TOGETHER = 0.8
"""Cramer's V from which on two ops count as one factor."""
_COLUMNS = 4096
"""Levels whose tables are made at a time."""


@dataclass(frozen=True, eq=False)
class Factor(Arrays):
    """What may move runtime by itself: one op, or several that cannot be told apart."""

    slots: tuple[int, ...]
    """Places of its ops among the configurable ones."""
    levels: NDArray[np.int64]
    """(d,) int64: which choice (of several ops: which together) each configuration makes, 0 to ``len(self) - 1``."""
    first: NDArray[np.int64]
    """(k,) int64: the first of the ``d`` configurations that makes each choice."""

    def __len__(self) -> int:
        return len(self.first)


def factors(observed: Observed, together: float = TOGETHER) -> list[Factor]:
    """The ops whose choice varies, by slot; confounded ones together, at the place of the first.

    Two ops are confounded where bias-corrected V (:func:`cramers_v`) is at least ``together``, or where each one's
    choice determines the other's; so are, then, all that are joined through others.
    """
    codes = observed.codes
    single = [_factor(codes, (slot,)) for slot in observed.varying.tolist()]
    label = components(cramers_v([one.levels for one in single]) >= together) if single else np.empty(0, np.int64)
    members = [np.flatnonzero(label == at) for at in np.unique(label)]
    return [
        single[inside[0]] if len(inside) == 1 else _factor(codes, tuple(observed.varying[inside].tolist()))
        for inside in members
    ]


def cramers_v(levels: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """(f, f) float64: bias-corrected Cramer's V of every two factors, 0 independent to 1 determined by each other.

    With ``phi2 = chi2 / d`` of the table of two factors with ``r`` and ``k`` levels in ``d`` configurations:
    ``V = sqrt(max(0, phi2 - (k-1)(r-1)/(d-1)) / min(k' - 1, r' - 1))``, ``k' = k - (k-1)^2/(d-1)``, ``r'`` likewise.

    Source: Bergsma, "A bias-correction for Cramer's V and Tschuprow's T", J. Korean Statistical Society 42, 2013.
    """
    d, k = len(levels[0]), np.array([int(of.max()) + 1 for of in levels])
    phi2 = np.concatenate([_phi2(levels, k, rows) for rows in runs(k, _COLUMNS)])
    degrees = np.outer(k - 1, k - 1)
    corrected = k - 1 - (k - 1) ** 2 / (d - 1)
    least = np.minimum.outer(corrected, corrected)
    with np.errstate(divide="ignore", invalid="ignore"):
        v = np.sqrt(np.maximum(0, phi2 - degrees / (d - 1)) / least)
    determined = np.equal.outer(k, k) & (phi2 >= (k - 1) - 1e-6)
    found: NDArray[np.float64] = np.where(determined, 1.0, np.nan_to_num(v, posinf=0.0))
    return found


def components(joined: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(f,) int64: the least index that each of ``f`` is joined to, by itself or through others; ``joined`` (f, f)."""
    label = np.arange(len(joined))
    near = joined | joined.T | np.eye(len(joined), dtype=bool)
    while True:
        least = np.where(near, label, len(label)).min(axis=1, initial=len(label))
        if np.array_equal(least, label):
            return label
        label = least


def runs(sizes: NDArray[np.int64], most: int) -> Iterator[slice]:
    """Slices of consecutive factors with at most ``most`` levels together, or a single one."""
    start = 0
    while start < len(sizes):
        end = start + max(1, int((np.cumsum(sizes[start:]) <= most).sum()))
        yield slice(start, end)
        start = end


def one_hot(levels: Sequence[NDArray[np.int64]], sizes: NDArray[np.int64]) -> NDArray[np.float32]:
    """(sum of sizes, d) float32: 1 where a configuration makes a choice, those of the first factor first."""
    rows = np.zeros((int(sizes.sum()), len(levels[0])), np.float32)
    starts = np.cumsum(sizes) - sizes
    for start, of in zip(starts.tolist(), levels, strict=True):
        rows[start + of, np.arange(len(of))] = 1
    return rows


def _factor(codes: NDArray[np.int64], slots: tuple[int, ...]) -> Factor:
    _, first, levels = np.unique(codes[:, slots], axis=0, return_index=True, return_inverse=True)
    return Factor(slots, levels.reshape(-1), first)


def _phi2(levels: Sequence[NDArray[np.int64]], k: NDArray[np.int64], rows: slice) -> NDArray[np.float64]:
    """(rows, f) ``sum n_ij^2 / (n_i n_j) - 1`` of each of some factors with every one."""
    own = one_hot(levels[rows], k[rows])
    parts = []
    for columns in runs(k, _COLUMNS):
        other = one_hot(levels[columns], k[columns])
        tables = (own @ other.T).astype(np.float64) ** 2 / np.outer(own.sum(axis=1), other.sum(axis=1))
        down = np.add.reduceat(tables, np.cumsum(k[rows]) - k[rows], axis=0)
        parts.append(np.add.reduceat(down, np.cumsum(k[columns]) - k[columns], axis=1))
    found: NDArray[np.float64] = np.concatenate(parts, axis=1) - 1
    return found
