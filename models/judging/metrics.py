"""How well scores rank configurations of known values. Lower is faster in both.

``scores`` and ``values`` are (c,) each, by configuration: a model's score (no unit), and the value that ranks
(``Configurations.value``: nanoseconds for layouts, a ratio for tiles; every one known and above 0).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import UsageError
from tpugraph_db.kendall import tau_b

Numbers = NDArray[Any]

TILE_K = 5
"""How many tile configurations the competition lets a model name."""


def kendall(scores: Numbers, values: Numbers) -> float:
    """Kendall's tau-b, from -1 to 1; nan where all values tie, so that there is no order to find.

    Scores that all tie have no tau-b. They say nothing and get 0: left out, a model would win by silence.
    Source: Kendall, Biometrika 33 (1945), see :func:`tpugraph_db.kendall.tau_b`.
    """
    tau = tau_b(scores, values)
    return 0.0 if math.isnan(tau) and _differing(values) else tau


def opa(scores: Numbers, values: Numbers) -> float:
    """Ordered pair accuracy, from 0 to 1; nan where no pair's values differ. O(c log² c), memory O(c).

    ``(right + tied / 2) / all`` over the pairs whose values differ: ``right`` have their scores in the same order,
    ``tied`` have equal scores, and get what a coin would. Source: TpuGraphs (Phothilimthana et al. 2023).

    With ``wrong = all - right - tied`` it is ``1/2 + (right - wrong) / (2 all)``, and tau-b is
    ``(right - wrong) / sqrt(all * pairs whose scores differ)``.
    """
    pairs = _differing(values)
    if not pairs:
        return math.nan
    return (1 + kendall(scores, values) * math.sqrt(_differing(scores) / pairs)) / 2


def slowdown_at(scores: Numbers, values: Numbers, k: int) -> float:
    """The best of the ``k`` best-scored against the best of all: ``min of the k / min of all - 1``; nan for no values.

    Equal scores are taken in the order of their configuration numbers (:func:`fastest_first`). With fewer than ``k``
    configurations it is 0. Source: TpuGraphs (Phothilimthana et al. 2023).
    """
    if k < 1:
        raise UsageError(f"slowdown@k: expected k of 1 or more, found {k}")
    if not len(values):
        return math.nan
    return float(values[fastest_first(scores)[:k]].min() / values.min() - 1)


def tile_score(scores: Numbers, values: Numbers) -> float:
    """The competition's score of a tile kernel, ``1 - slowdown@5``: at most 1, and below 0 past twice the best."""
    return 1 - slowdown_at(scores, values, TILE_K)


def fastest_first(scores: Numbers) -> NDArray[np.int64]:
    """(c,) int64: configuration numbers from the lowest score to the highest, equal scores by number."""
    return np.argsort(scores, kind="stable").astype(np.int64)


def _differing(values: Numbers) -> int:
    """Pairs that are not equal."""
    counts = np.unique(values, return_counts=True)[1]
    return (len(values) ** 2 - int((counts**2).sum())) // 2
