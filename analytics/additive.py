"""An additive model of log runtime: each factor adds what its choice costs, fitted by ridge regression.

``y_i = mean + sum_f effect_f[choice of f in i] + rest``, all effects held small by one penalty ``l``. With the columns
``X`` (a choice each, 0 and 1, less their means) and ``A = X X' + l I``: ``alpha = A^-1 (y - mean)``, ``effects = X'
alpha``. The penalty is the one with the least squared error of configurations left out one at a time, ``e_i = l alpha_i
/ (l (A^-1)_ii - 1/d)``.

Source: Saunders, Gammerman, Vovk, "Ridge regression learning algorithm in dual variables", ICML 1998; Allen, "The
relationship between variable selection and data augmentation and a method for prediction", Technometrics 16, 1974.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.confounded import one_hot
from tpugraph_db.frozen import Arrays

Values = NDArray[np.float64]
Levels = Sequence[NDArray[np.int64]]
"""Of each factor (d,) int64: the choice of every configuration."""

_PENALTIES = np.logspace(-4, 4, 33)
"""Times the mean eigenvalue of X X'."""


@dataclass(frozen=True, eq=False)
class Additive(Arrays):
    """A fitted model of ``f`` factors."""

    effects: Sequence[Values]
    """Of each factor (k,) float64: what a choice adds to log runtime; 0 where none of its configurations was fitted."""
    counts: Sequence[NDArray[np.int64]]
    """Of each factor (k,) int64: configurations that were fitted and make the choice."""
    penalty: float
    spread: float
    """Root mean squared error in log runtime of a configuration that was left out."""
    explained: float
    """Share of variance that the model predicts of configurations left out, 1 - error / variance; may be negative."""


def fit(levels: Levels, sizes: Sequence[int], y: Values) -> Additive:
    """Fit log runtimes ``y`` (d,); ``sizes`` (f,) are the numbers of choices, of which some may not occur."""
    d, own = len(y), y - y.mean()
    values, vectors = np.linalg.eigh(_gram(levels, sizes))
    values = np.maximum(values, 0)
    penalties = _PENALTIES * max(float(values.mean()), 1e-12)
    errors = [_left_out(vectors, values, own, penalty) for penalty in penalties]
    squares = [float(error @ error) for error in errors]
    best = int(np.argmin(squares))
    alpha = vectors @ ((vectors.T @ own) / (values + penalties[best]))
    whole = float((own**2).sum()) * (d / (d - 1)) ** 2  # the mean's own error, left out one at a time
    return Additive(
        [np.asarray(np.bincount(of, alpha, size), np.float64) for of, size in zip(levels, sizes, strict=True)],
        [np.bincount(of, minlength=size) for of, size in zip(levels, sizes, strict=True)],
        float(penalties[best]),
        float(np.sqrt(squares[best] / d)),
        1 - squares[best] / whole if whole else 0.0,
    )


def without_each(levels: Levels, sizes: Sequence[int], y: Values, penalty: float) -> Values:
    """(f, d) float64: what the model without each factor leaves of ``y``, each configuration left out of its own fit.

    Taking factor ``s`` out changes ``A`` by its columns ``S`` alone (Woodbury): ``A_s^-1 = M + M S (I - S' M S)^-1 S'
    M`` with ``M = A^-1``. Were ``y`` nothing but the factor's own part, ``S S' alpha``, ``g`` of it would be left, more
    or less than 1 as the others' choices go with its own; what is left is divided by ``g``, so that effects keep their
    size, all but what differs between its choices.
    """
    d, own = len(y), y - y.mean()
    inverse = np.linalg.inv(_gram(levels, sizes) + penalty * np.eye(d))
    left = np.empty((len(levels), d))
    for at, (of, size) in enumerate(zip(levels, sizes, strict=True)):
        columns = one_hot([of], np.array([size])).T.astype(np.float64)
        columns -= columns.mean(axis=0)
        wide = inverse @ columns
        middle = np.linalg.solve(np.eye(size) - columns.T @ wide, wide.T)
        alpha = inverse @ own + wide @ (middle @ own)
        diagonal = np.diag(inverse) + np.einsum("ik,ki->i", wide, middle)
        room = diagonal - 1 / (d * penalty)
        effects = columns.T @ (inverse @ own)
        part = columns @ effects
        kept = float(part @ ((wide + wide @ (middle @ columns)) @ effects / room))
        left[at] = alpha / room * (float(part @ part) / kept if kept else 1.0)
    return left


def _gram(levels: Levels, sizes: Sequence[int]) -> Values:
    """(d, d) float64: X X', in how many factors two configurations choose the same, less means of rows and columns."""
    rows = one_hot(levels, np.array(sizes, np.int64))
    same = (rows.T @ rows).astype(np.float64)
    centred: Values = same - same.mean(axis=0) - same.mean(axis=1)[:, None] + same.mean()
    return centred


def _left_out(vectors: Values, values: Values, own: Values, penalty: float) -> Values:
    """(d,) float64: error of each configuration when it is left out."""
    kept = penalty / (values + penalty)
    rest = vectors @ (kept * (vectors.T @ own))
    found: Values = rest / ((vectors**2) @ kept - 1 / len(rest))
    return found
