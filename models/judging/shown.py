"""Which configurations of a graph a model may see that learns from a few of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Configurations
from tpugraph_db.errors import UsageError


def draw_shown(configurations: Configurations, k: int, seed: int) -> NDArray[np.int64]:
    """Numbers of ``k`` distinct measured configurations at random, and of their repeats.

    Raises:
        UsageError: there are fewer.
    """
    known = np.flatnonzero(configurations.measured)
    same = configurations.same_as[known]
    distinct = np.unique(same)
    if not 0 < k <= len(distinct):
        raise UsageError(f"expected 1 to {len(distinct)} distinct measured configurations to show, found {k}")
    return known[np.isin(same, np.random.default_rng(seed).choice(distinct, k, replace=False))]


def split_shown(configurations: Configurations, k: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the measured configurations, shown and to be judged; ``k`` distinct ones are shown.

    Repeats of a configuration stand on one side, so the first may have more than ``k``.

    Raises:
        UsageError: there are not more than ``k`` distinct ones.
    """
    known = np.flatnonzero(configurations.measured)
    count = len(np.unique(configurations.same_as[known]))
    if not 0 < k < count:
        expected = f"1 to {count - 1} configurations to show, as the others are judged"
        raise UsageError(f"expected {expected}, found {k}")
    shown = draw_shown(configurations, k, seed)
    return shown, np.setdiff1d(known, shown)
