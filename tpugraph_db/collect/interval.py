"""How sure a ratio of two measured runtimes is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

QUARTILE = 25
"""The percentile of a configuration's rounds that is its runtime: steadier than the median and than the minimum."""

_RESAMPLES = 2_000
_INTERVAL = (2.5, 97.5)


def runtime(rounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """(executables,) int64 ns: the lower quartile of (rounds, executables), a time that was measured."""
    return np.percentile(rounds, QUARTILE, axis=0, method="lower").astype(np.int64)


def ratio(rounds: NDArray[np.int64], seed: int = 0) -> tuple[float, float, float]:
    """Runtime of the second column over the first's, and its 95 % interval, by resampling the rounds.

    >>> ratio(np.array([[100, 90]] * 20))
    (0.9, 0.9, 0.9)
    """
    random = np.random.default_rng(seed)
    drawn = rounds[random.integers(len(rounds), size=(_RESAMPLES, len(rounds)))]
    first, second = np.percentile(drawn, QUARTILE, axis=1, method="lower").T
    low, high = np.percentile(second / first, _INTERVAL)
    one, other = runtime(rounds).tolist()
    return other / one, float(low), float(high)
