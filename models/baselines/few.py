"""Ranking a graph of which a few configurations are measured: ridge regression, alone and on top of another model.

Minimise ``|y - Z b - X w|² + penalty |w|²``: ``y`` the log runtimes of the ``k`` distinct configurations shown (repeats
merged), ``X`` what is seen of them (:mod:`tpugraph_db.models.baselines.few_design`), ``Z`` a column of ones and, in
:class:`FewShot`, the other model's scores, which no penalty holds back. The penalty is the one of :data:`PENALTIES`
with the least squared error when each configuration is left out in turn. That needs no refitting: with ``H`` the matrix
that turns ``y`` into the fit, the error of ``i`` left out is ``(y - H y)[i] / (1 - H[i, i])``.
Source: Hoerl and Kennard 1970; Allen 1974 (PRESS).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import UsageError
from tpugraph_db.frozen import Arrays
from tpugraph_db.models.baselines.few_design import Design, Matrix, Vector, design
from tpugraph_db.models.features.targets import merged
from tpugraph_db.models.judging.judge import Scorer
from tpugraph_db.record import GraphRecord

PENALTIES = np.logspace(-6, 4, 41)
"""Times the mean eigenvalue of ``X X'``, less what ``Z`` can say."""

FEWEST = 4
"""Distinct configurations that must be shown: with one left out, ``Z`` has two columns and there must be a rest."""


@dataclass
class Scored:
    """A model's scores of one graph, made once."""

    name: str
    values: Vector
    """(c,) float64; nan of configurations that nobody asks for."""

    def scores(self, record: GraphRecord) -> Vector:
        """Those, whatever the record."""
        return self.values


@dataclass(frozen=True, eq=False)
class Fitted(Arrays):
    """A scorer of the one graph that it was fitted to."""

    name: str
    graph: str
    """The graph's id."""
    values: Vector
    """(c,) float64: expected natural logarithm of each configuration's value."""
    loo: float
    """Root mean squared error of that, each shown configuration left out in turn."""

    def scores(self, record: GraphRecord) -> Vector:
        """(c,) float64: expected log runtime, lower is faster.

        Raises:
            UsageError: the record is of another graph.
        """
        if record.id != self.graph or len(record.configurations) != len(self.values):
            raise UsageError(f"{self.name} was fitted to {self.graph}, and knows nothing of {record.id}")
        return self.values


@dataclass(frozen=True)
class Ridge:
    """Ridge regression on what configurations say: one-hot choices, or logarithms of tile columns."""

    known: bool = False
    """Add what is known before compiling, as :class:`FewShot` does."""
    name = "ridge"

    def fit(self, record: GraphRecord, shown: NDArray[np.int64]) -> Fitted:
        """Learn from the measured configurations ``shown`` (numbers, repeats allowed).

        Raises:
            UsageError: fewer than :data:`FEWEST` of them are distinct and measured.
        """
        index, y = _measured(record, shown)
        ones = np.ones((len(record.configurations), 1))
        values, errors = _fit(design(record, known=self.known), index, y, ones)
        return Fitted(self.name, record.id, values, _size(errors))


@dataclass(frozen=True)
class FewShot:
    """Another model's scores, scaled and shifted, with a ridge regression of what they leave over.

    Averaged with the regression alone (``Ridge(known=True)``), each weighted by ``1 / error⁴``, the error being that
    with each shown configuration left out in turn: scores that say nothing of this graph do little harm.
    """

    scorer: Scorer
    name = "fewshot"

    def fit(self, record: GraphRecord, shown: NDArray[np.int64]) -> Fitted:
        """As :meth:`Ridge.fit`."""
        index, y = _measured(record, shown)
        scores = self.scorer.scores(record)
        spread = float(np.std(scores[index]))
        if not spread:
            return replace(Ridge(known=True).fit(record, shown), name=self.name)
        x, z = design(record, known=True), np.ones((len(scores), 2))
        z[:, 1] = (scores - scores[index].mean()) / spread
        values, errors = (
            np.stack(pair) for pair in zip(_fit(x, index, y, z), _fit(x, index, y, z[:, :1]), strict=True)
        )
        weights = np.array([max(_size(each), 1e-12) for each in errors]) ** -4
        weights /= weights.sum()
        return Fitted(self.name, record.id, weights @ values, _size(weights @ errors))


def _measured(record: GraphRecord, shown: NDArray[np.int64]) -> tuple[NDArray[np.int64], Vector]:
    """((k,) int64, (k,) float64): distinct measured configurations of those shown, and their mean log values."""
    configurations = record.configurations
    seen = np.isin(np.arange(len(configurations)), shown)
    targets = merged(replace(configurations, runtime_ns=np.where(seen, configurations.runtime_ns, 0)))
    if len(targets) < FEWEST:
        expected = f"at least {FEWEST} distinct measured configurations shown"
        raise UsageError(f"{record.id}: expected {expected}, found {len(targets)}")
    return targets.index, targets.log_runtime


def _size(errors: Vector) -> float:
    """Root mean square."""
    return float(np.sqrt((errors**2).mean()))


def _fit(x: Design, index: NDArray[np.int64], y: Vector, z: Matrix) -> tuple[Vector, Vector]:
    """((c,), (k,)): expected log value of every configuration, and the error of each shown one when it is left out.

    All in the space that ``Z`` cannot say: ``rest`` (k, k - q) is a basis of it. There ``y - H y = penalty * dual``.
    """
    shown, free = x.rows(index), z[index]
    kernel = shown @ shown.T
    rest = np.linalg.qr(free, mode="complete")[0][:, free.shape[1] :]
    eigenvalues, turned = np.linalg.eigh(rest.T @ kernel @ rest)
    penalties = PENALTIES * max(float(eigenvalues.mean()), 1e-12)
    shrunk = 1 / (np.maximum(eigenvalues, 0) + penalties[:, None])
    vectors = rest @ turned
    dual = (shrunk * (vectors.T @ y)) @ vectors.T
    errors = dual / (shrunk @ (vectors**2).T)
    best = int((errors**2).sum(axis=1).argmin())
    b = np.linalg.lstsq(free, y - kernel @ dual[best])[0]
    return z @ b + x.times(shown.T @ dual[best]), errors[best]
