"""What each choice of a factor does to runtime on average, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.confounded import Factor, one_hot
from tpugraph_db.frozen import Arrays


@dataclass(frozen=True, eq=False)
class Effects(Arrays):
    """Of ``k`` choices, against the compiler's own where it is known, else against the mean of all configurations.

    Everything is a difference of natural logarithms; :func:`percent` turns it into percent of runtime.
    """

    counts: NDArray[np.int64]
    """(k,) int64: configurations that make the choice."""
    log_effect: NDArray[np.float64]
    """(k,) float64: mean log runtime less that of the base; 0 for the base itself."""
    half_width: NDArray[np.float64]
    """(k,) float64: of the interval that holds all of them at once with 95 %; nan where the spread is not known."""

    base: int | None
    """The choice that all are held against; None: the mean of all configurations."""

    @property
    def best(self) -> int:
        """The surest gain: the choice whose interval ends lowest, if below 0.

        Where none does, the base: no choice is known to be faster than the compiler's own. Against the mean, the choice
        of the least effect.
        """
        ends = np.nan_to_num(self.log_effect + self.half_width, nan=np.inf)
        if ends.min() < 0:
            return int(ends.argmin())
        return int(self.log_effect.argmin()) if self.base is None else self.base


def effects(factor: Factor, y: NDArray[np.float64], strata: NDArray[np.int64], default: int | None) -> Effects:
    """Mean effects of a factor's choices on ``y`` (d,), log runtimes or what other factors leave of them.

    ``half_width = t sqrt(sum_i w_i^2 s_i^2)`` with ``w`` the weights of the difference of means, ``s_i`` the residual
    spread within choices in the stratum of configuration i (``strata`` (d,), as in ``variance``), and ``t`` the
    quantile at ``1 - 0.025/k`` (Bonferroni over the choices) on ``d - k`` degrees of freedom.

    Args:
        default: Which of the configurations is the base; None: the mean of all.
    """
    d, k = len(y), len(factor)
    means_of = one_hot([factor.levels], np.array([k])).astype(np.float64)
    counts = means_of.sum(axis=1)
    means_of /= counts[:, None]
    base = None if default is None else int(factor.levels[default])
    weights = means_of - (np.full(d, 1 / d) if base is None else means_of[base])
    freedom = d - k
    width = np.where(weights.any(axis=1), np.nan, 0.0)
    if freedom:
        rest = (y - (means_of @ y)[factor.levels]) ** 2
        room = np.bincount(strata, 1 - 1 / counts[factor.levels])
        spread = np.where(room > 0, np.bincount(strata, rest) / np.where(room > 0, room, 1), rest.sum() / freedom)
        width = t_quantile(1 - 0.025 / k, freedom) * np.sqrt(weights**2 @ spread[strata])
    return Effects(counts.astype(np.int64), weights @ y, width, base)


def percent(log_effect: float | None) -> float | None:
    """``100 (exp(x) - 1)``: 20.0 is a fifth slower; None where it is not known.

    >>> round(percent(0.1823216), 3)
    20.0
    """
    return None if log_effect is None or np.isnan(log_effect) else 100 * float(np.expm1(log_effect))


def t_quantile(probability: float, freedom: int) -> float:
    """Of Student's t; exact for 1 and 2 degrees of freedom, an expansion about the normal quantile for more.

    Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 26.7.5.
    """
    if freedom == 1:
        return float(np.tan(np.pi * (probability - 0.5)))
    if freedom == 2:
        return float((2 * probability - 1) * np.sqrt(2 / (4 * probability * (1 - probability))))
    x = NormalDist().inv_cdf(probability)
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return float(x + sum(term / freedom ** (at + 1) for at, term in enumerate(terms)))
