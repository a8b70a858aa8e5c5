"""One-way analysis of variance of many factors: shares, permutation tests, intervals, corrections for many tests.

Each of ``f`` factors has numbers of its own, a row of ``y`` (f, d): log runtimes of ``d`` configurations, or what other
factors leave of them. ``SS_between = sum_c n_c (mean_c - mean)^2`` over its choices, ``SS_total = sum (y - mean)^2``.

Chance is what permuting numbers within ``strata`` (d,) int64 does, strata being configurations that set about as many
ops. Searches set few ops or many at a time: an op that does nothing is then set where runtimes are long and spread
wide, and permuting across strata would call it guilty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations as every_order

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.confounded import Factor, one_hot

Values = NDArray[np.float64]
Strata = NDArray[np.int64]

PERMUTATIONS = 9_999
HALVES = 1_000
_AT_A_TIME = 500
_EXACT = 7
"""Configurations up to which every order is tried: 7! = 5,040."""
_STRATA, _LEAST = 8, 20
"""Strata at most, and configurations for which there is one."""


def strata_of(factors: Sequence[Factor]) -> Strata:
    """(d,) int64: configurations by how many factors are not at their most common choice, in up to 8 equal parts."""
    away = np.sum([factor.levels != np.bincount(factor.levels).argmax() for factor in factors], axis=0)
    parts = max(1, min(_STRATA, len(away) // _LEAST))
    edges = np.quantile(away, np.arange(1, parts) / parts, method="lower")
    return np.unique(np.searchsorted(np.unique(edges), away, side="left"), return_inverse=True)[1].astype(np.int64)


def eta_squared(factors: Sequence[Factor], y: Values) -> Values:
    """(f,) float64: ``SS_between / SS_total``, the share of variance in the sample that a factor's choices explain."""
    own = _centred(y)
    between = np.array([_between(factor, row[:, None])[0] for factor, row in zip(factors, own, strict=True)])
    return np.asarray(between / (own**2).sum(axis=1), np.float64)


def adjusted(factors: Sequence[Factor], y: Values, strata: Strata) -> Values:
    """(f,) float64: ``(SS_between - E) / (SS_total - E)``, ``E`` the mean of ``SS_between`` over all permutations.

    0 on average where the choices do nothing, however many there are; nan where none is made twice. With one stratum
    ``E = SS_total (k-1)/(d-1)``, and this is epsilon squared, the adjusted R squared of the one-way model.

    Source: Kelley, "An unbiased correlation ratio measure", PNAS 21, 1935; the least biased of three in Okada, "Is
    omega squared less biased?", Behaviormetrika 40, 2013. Strata: the moments of a permuted sum, hypergeometric.
    """
    all_of_them = np.ones((y.shape[1], 1), np.float32)
    parts = [_parts(factor, row, strata, all_of_them) for factor, row in zip(factors, _centred(y), strict=True)]
    own, room, _ = np.concatenate(parts, axis=1)
    return np.asarray(own / room, np.float64)


def p_values(
    factors: Sequence[Factor], y: Values, strata: Strata, permutations: int = PERMUTATIONS, seed: int = 0
) -> Values:
    """(f,) float64: how likely a share this large is where the factor's choices do nothing; not yet corrected.

    Numbers are permuted within strata: ``p = (1 + #{permuted >= observed}) / (1 + permutations)``. Of up to 7
    configurations every order is tried, the observed one among them, and p is exact.

    Source: Phipson, Smyth, "Permutation p-values should never be zero", Stat. Appl. Genet. Mol. Biol. 9, 2010.
    """
    own, d = _centred(y), y.shape[1]
    exact = d <= _EXACT
    least = (eta_squared(factors, y) - 1e-5) * (own**2).sum(axis=1)  # ties, in single precision
    hits, tried = np.zeros(len(factors)), 0
    for order in _every(d) if exact else _random(strata, permutations, seed):
        for at, factor in enumerate(factors):
            hits[at] += (_between(factor, own[at].astype(np.float32)[order]) >= least[at]).sum()
        tried += order.shape[1]
    return hits / tried if exact else (1 + hits) / (1 + tried)


def intervals(
    factors: Sequence[Factor], y: Values, strata: Strata, whole: Values, level: float = 0.95, seed: int = 0
) -> tuple[Values, Values]:
    """Two of (f,) float64: between what ``adjusted(y) SS_total(y) / SS_total(whole)`` lies; ``whole`` (d,).

    Configurations are resampled: random halves, drawn without replacement. A half's share varies about the whole's as
    the whole's does about the truth. A bootstrap with replacement draws a configuration twice, which then agrees with
    itself: among many choices that are made once each, it would see shares where there are none.

    Source: Shao, Wu, "A general theory for jackknife variance estimation", Annals of Statistics 17, 1989 (delete-d, d =
    n/2); Politis, Romano, "Large sample confidence regions based on subsamples", ibid. 22, 1994.
    """
    d, half = y.shape[1], (y.shape[1] + 1) // 2
    keys = np.random.default_rng(seed).random((d, HALVES)).argpartition(half - 1, axis=0)[:half]
    drawn = np.zeros((d, HALVES), np.float32)
    np.put_along_axis(drawn, keys, 1, axis=0)
    reference = _total(whole - whole.mean(), drawn)
    ends = np.full((2, len(factors)), np.nan)
    for at, (factor, row) in enumerate(zip(factors, _centred(y), strict=True)):
        own, room, total = _parts(factor, row, strata, drawn)
        with np.errstate(divide="ignore", invalid="ignore"):  # a half in which all are equally fast
            shares = own / room * total / reference
        if np.isfinite(shares).mean() >= 0.5:
            ends[:, at] = np.quantile(shares[np.isfinite(shares)], [(1 - level) / 2, (1 + level) / 2])
    low, high = np.clip(ends, 0, 1)
    return low, high


def holm(p: Values) -> Values:
    """(f,) float64: corrected so that the chance of even one false finding is at most the p that is taken as small.

    Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian J. of Statistics 6, 1979.
    """
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _back(np.minimum(steps, 1), order)


def benjamini_hochberg(p: Values) -> Values:
    """(f,) float64: corrected so that of the findings at most that share is false, on average.

    Source: Benjamini, Hochberg, "Controlling the false discovery rate", J. Royal Statistical Society B 57, 1995.
    """
    order = np.argsort(p, kind="stable")
    steps = p[order] * len(p) / np.arange(1, len(p) + 1)
    return _back(np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1), order)


def _back(sorted_values: Values, order: NDArray[np.int64]) -> Values:
    found = np.empty(len(order))
    found[order] = sorted_values
    return found


def _centred(y: Values) -> Values:
    return np.asarray(y - y.mean(axis=1, keepdims=True), np.float64)


def _between(factor: Factor, y: NDArray[np.floating]) -> Values:
    """(r,) ``SS_between`` of each column of ``y`` (d, r), whose mean is 0."""
    rows = one_hot([factor.levels], np.array([len(factor)]))
    found: Values = ((rows @ y) ** 2 / rows.sum(axis=1, keepdims=True)).sum(axis=0).astype(np.float64)
    return found


def _total(y: Values, drawn: NDArray[np.float32]) -> Values:
    """(r,) ``SS_total`` of ``y`` (d,) within each of the subsets ``drawn`` (d, r), of 0 and 1."""
    found: Values = (y**2) @ drawn - (y @ drawn) ** 2 / drawn.sum(axis=0)
    return found


def _parts(factor: Factor, y: Values, strata: Strata, drawn: NDArray[np.float32]) -> Values:
    """(3, r) ``SS_between - E``, ``SS_total - E`` (nan where there is none), and ``SS_total`` within each subset.

    A choice that is made ``n`` times among the ``m`` of a stratum gets a sum of mean ``n mean`` and variance ``n (m
    - n) / (m - 1) variance`` when they are permuted.
    """
    rows = one_hot([factor.levels], np.array([len(factor)])).astype(np.float64)
    counts = np.maximum(rows @ drawn, 1)
    expected, variance = np.zeros_like(counts), np.zeros_like(counts)
    for stratum in range(int(strata.max()) + 1):
        inside = strata == stratum
        subset, own = drawn[inside].astype(np.float64), y[inside]
        size = np.maximum(subset.sum(axis=0), 1)
        mean = own @ subset / size
        made = rows[:, inside] @ subset
        expected += made * mean
        variance += made * (size - made) / np.maximum(size - 1, 1) * (own**2 @ subset / size - mean**2)
    least = ((y @ drawn) ** 2) / drawn.sum(axis=0)  # what their own mean takes
    between = ((rows @ (drawn * y[:, None])) ** 2 / counts).sum(axis=0)
    chance = ((expected**2 + variance) / counts).sum(axis=0)
    total = _total(y, drawn)
    room = total + least - chance
    return np.stack([between - chance, np.where(room > 1e-9 * total, room, np.nan), total])


def _random(strata: Strata, permutations: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """(d, r) orders within strata, together ``permutations`` columns."""
    random, by_stratum = np.random.default_rng(seed), np.argsort(strata, kind="stable")
    for done in range(0, permutations, _AT_A_TIME):
        keys = strata[:, None] + random.random((len(strata), min(_AT_A_TIME, permutations - done)))
        orders = np.empty(keys.shape, np.int64)
        orders[by_stratum] = keys.argsort(axis=0)
        yield orders


def _every(d: int) -> Iterator[NDArray[np.int64]]:
    yield np.array(list(every_order(range(d)))).T
