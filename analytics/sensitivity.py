"""Configuration sensitivity: how much measured runtime moves with the layout of each configurable op.

All of it is statistics of one graph's measured configurations: provenance ``measured``. Formulas and what they can and
cannot say: ``docs/sensitivity.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics import variance
from tpugraph_db.analytics.additive import Additive, fit, without_each
from tpugraph_db.analytics.confounded import Factor, factors
from tpugraph_db.analytics.effects import effects, percent
from tpugraph_db.analytics.observed import Observed, observe
from tpugraph_db.analytics.op_texts import OpTexts
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import layout_text
from tpugraph_db.stores.result import Result

COLUMNS = (
    *("op", "name", "opcode", "shape", "choices", "share", "low", "high", "p", "q", "alone", "eta2", "group"),
    *("best", "best_configs", "best_effect", "best_low", "best_high", "provenance"),
)
"""Of :meth:`Sensitivity.top`. From ``share`` to ``eta2`` fractions; the best's effect and interval in percent."""


@dataclass(frozen=True, eq=False)
class Factors(Arrays):
    """What moves runtime, and what the others leave of it for each."""

    record: GraphRecord
    observed: Observed
    factors: Sequence[Factor]
    """f of them: ops, or groups of ops whose layouts were chosen together."""
    model: Additive
    """Of all factors together (:mod:`tpugraph_db.analytics.additive`)."""
    left: NDArray[np.float64]
    """(f, d) float64: log runtime less what the other factors add, by a fit without the configuration itself."""

    strata: NDArray[np.int64]
    """(d,) int64: configurations that set about as many ops (:func:`variance.strata_of`)."""

    @property
    def share(self) -> NDArray[np.float64]:
        """(f,) float64: of the variance of log runtime, what is each factor's own; nan where no choice is made twice.

        ``adjusted(left) SS_total(left) / SS_total(log runtime)``, cut off at 0 and 1 (:func:`variance.adjusted`).
        """
        own = variance.adjusted(self.factors, self.left, self.strata)
        return np.asarray(np.clip(own * self.left.var(axis=1) / self.observed.log_runtime.var(), 0, 1), np.float64)


@dataclass(frozen=True, eq=False)
class Sensitivity(Factors):
    """How much runtime moves with each factor, and how surely."""

    low: NDArray[np.float64]
    """(f,) float64: where the 95 % interval of the share begins; nan where it is not known."""
    high: NDArray[np.float64]
    """(f,) float64: where it ends."""
    p: NDArray[np.float64]
    """(f,) float64: of a permutation test of the share, corrected by Holm over all factors."""
    q: NDArray[np.float64]
    """(f,) float64: the same test, corrected by Benjamini and Hochberg."""
    eta2: NDArray[np.float64]
    """(f,) float64: eta squared of log runtime itself, as if there were no other op."""
    alone: NDArray[np.float64]
    """(f,) float64: the same adjusted for the number of choices (epsilon squared), and not below 0."""

    @property
    def constant(self) -> int:
        """Configurable ops whose layout never differs: nothing can be said of them."""
        return len(self.record.configurable_ops) - len(self.observed.varying)

    def top(self, count: int = 20) -> Result:
        """The ``count`` ops that move runtime most, by the share of their factor; ops of a group have its figures.

        ``best`` is the choice that is most surely fast (:attr:`Effects.best`), its effect against the compiler's own
        choice where that is known, else against the mean of all configurations.
        """
        order = np.argsort(-np.nan_to_num(self.share, nan=-1.0), kind="stable")
        places = [(int(at), slot) for at in order for slot in self.factors[at].slots]
        texts, share = OpTexts(self.record), self.share
        figures = np.stack([share, self.low, self.high, self.p, self.q, self.alone, self.eta2])
        rows = [self._row(texts, at, slot, figures[:, at]) for at, slot in places[:count]]
        return Result(COLUMNS, rows, len(places))

    def _row(self, texts: OpTexts, at: int, slot: int, figures: NDArray[np.float64]) -> tuple[Any, ...]:
        op, factor = int(self.record.configurable_ops[slot]), self.factors[at]
        found = effects(factor, self.left[at], self.strata, self.observed.default)
        best, centre = found.best, float(found.log_effect[found.best])
        width = float(found.half_width[best])
        return (
            *(*texts.labels(op), len(factor)),
            *(None if np.isnan(value) else float(value) for value in figures),
            group_of(self.factors, at),
            *(chosen(self.observed, slot, int(factor.first[best])), int(found.counts[best])),
            *(percent(centre), percent(centre - width), percent(centre + width), "measured"),
        )


def split(record: GraphRecord) -> Factors:
    """The factors of a graph, and what each of them is left with by the others.

    Raises:
        DataError: no layouts, none measured, one distinct configuration, or all equally fast.
    """
    observed = observe(record)
    found, y = factors(observed), observed.log_runtime
    levels, sizes = [factor.levels for factor in found], [len(factor) for factor in found]
    model = fit(levels, sizes, y)
    left = without_each(levels, sizes, y, model.penalty)
    return Factors(record, observed, found, model, left, variance.strata_of(found))


def sensitivity(record: GraphRecord, *, permutations: int = variance.PERMUTATIONS, seed: int = 0) -> Sensitivity:
    """How much measured runtime moves with each op's layout, whatever the other ops' layouts are.

    Args:
        record: A graph with measured layout configurations.
        permutations: Of the test; the least p that can come out of ``f`` factors is ``f / (1 + permutations)``.
        seed: Of the permutations and of the interval's samples.

    Raises:
        DataError: as :func:`split`.
    """
    of = split(record)
    found, y = of.factors, np.broadcast_to(of.observed.log_runtime, of.left.shape)
    p = variance.p_values(found, of.left, of.strata, permutations, seed)
    low, high = variance.intervals(found, of.left, of.strata, of.observed.log_runtime, seed=seed)
    tests = variance.holm(p), variance.benjamini_hochberg(p)
    alone = np.maximum(variance.adjusted(found, y, np.zeros_like(of.strata)), 0)
    figures = (low, high, *tests, variance.eta_squared(found, y), alone)
    return Sensitivity(record, of.observed, found, of.model, of.left, of.strata, *figures)


def op_shares(record: GraphRecord) -> NDArray[np.float64]:
    """(n,) float64: each op's share (:attr:`Factors.share`), of a group its group's; nan for every other op.

    Raises:
        DataError: as :func:`split`.
    """
    of = split(record)
    values = np.full(len(record), np.nan)
    for factor, share in zip(of.factors, of.share, strict=True):
        values[record.configurable_ops[list(factor.slots)]] = share
    return values


def group_of(found: Sequence[Factor], at: int) -> int | None:
    """Number of a factor among those of several ops; None for one op."""
    return sum(len(factor.slots) > 1 for factor in found[:at]) if len(found[at].slots) > 1 else None


def chosen(observed: Observed, slot: int, which: int) -> str:
    """The layout that one of the ``d`` configurations gives to an op: output, input, kernel; ``-`` is left free."""
    code = int(observed.configurations.codes[observed.index[which], slot])
    return layout_text(observed.configurations.choices(slot)[code].tolist())
