"""Why one configuration is slower than another: the ops whose layout differs, by what each adds, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.additive import Additive, fit
from tpugraph_db.analytics.confounded import Factor, factors
from tpugraph_db.analytics.effects import percent
from tpugraph_db.analytics.named_config import find_config
from tpugraph_db.analytics.observed import layouts_of, observe
from tpugraph_db.analytics.op_texts import OpTexts
from tpugraph_db.analytics.sensitivity import group_of
from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import layout_text
from tpugraph_db.stores.result import Result

COLUMNS = (
    *("part", "op", "name", "opcode", "shape", "layout", "vs_layout", "percent", "log_ratio", "low", "high"),
    *("configs", "vs_configs", "group", "provenance"),
)
"""Of :meth:`Why.top`. ``log_ratio`` adds up; ``percent`` is the same for people; ``low`` and ``high`` in percent."""

_FEWEST = 3
"""Other configurations that a fit needs."""


@dataclass(frozen=True, eq=False)
class Why(Arrays):
    """Configuration I against J. Ratios are natural logarithms of runtimes, I over J: above 0, I is slower."""

    record: GraphRecord
    config: int
    vs: int
    factors: Sequence[Factor]
    """Those with an op whose layout differs, by the size of what they add, unknown ones last."""
    groups: Sequence[int | None]
    """Of each its number among the groups of confounded ops, None for a single op."""
    log_ratios: NDArray[np.float64]
    """(f,) float64: what each adds; nan where no other configuration makes I's choice, or J's."""
    counts: NDArray[np.int64]
    """(f, 2) int64: other configurations that make the choice of I, and of J."""
    model: Additive
    """Of all factors, fitted without I, J and their repeats."""
    fitted: int
    """Configurations that it was fitted on."""
    measured: float
    """Log of the measured ratio."""
    again: float | None
    """The same of the second run of measurements; None where there was none."""

    @property
    def explained(self) -> float:
        """What the ops add up to."""
        return float(np.nansum(self.log_ratios))

    @property
    def unexplained(self) -> float:
        """Measured less explained."""
        return self.measured - self.explained

    @property
    def margin(self) -> float:
        """Half of the 95 % interval of a difference of two configurations: ``1.96 sqrt(2)`` of the model's error."""
        return 1.959964 * float(np.sqrt(2)) * self.model.spread

    def top(self, count: int = 20) -> Result:
        """The ``count`` ops that add most, then their sum and what is left of the measured ratio.

        ``part`` is ``op``; ``others``, the sum of ops that were cut off; ``explained``, the sum of all;
        ``unexplained``; ``measured``, the sum of these two; ``again``, the second run's. Of a group the first op has
        what all of them add. Ops and what they explain are of a fitted model: ``learned``.
        """
        places = [(at, slot) for at, factor in enumerate(self.factors) for slot in self._differing(factor)]
        texts = OpTexts(self.record)
        rows = [self._op(texts, at, slot) for at, slot in places[:count]]
        if hidden := places[count:]:
            firsts = [at for at, slot in hidden if slot == self._differing(self.factors[at])[0]]
            rows.append(_sum("others", float(np.nansum(self.log_ratios[firsts])), name=f"{len(hidden):,} ops"))
        rows.append(_sum("explained", self.explained, self.margin))
        rows.append(_sum("unexplained", self.unexplained, self.margin))
        rows.append(_sum("measured", self.measured, provenance="measured"))
        if self.again is not None:
            rows.append(_sum("again", self.again, provenance="measured"))
        return Result(COLUMNS, rows, len(rows))

    def _op(self, texts: OpTexts, at: int, slot: int) -> tuple[Any, ...]:
        op = int(self.record.configurable_ops[slot])
        first = slot == self._differing(self.factors[at])[0] and not np.isnan(self.log_ratios[at])
        ratio = float(self.log_ratios[at]) if first else None
        layouts = [self._layout(slot, config) for config in (self.config, self.vs)]
        return (
            *("op", *texts.labels(op), *layouts, percent(ratio), ratio),
            *(None, None, *self.counts[at].tolist(), self.groups[at], "learned"),
        )

    def _differing(self, factor: Factor) -> list[int]:
        codes = layouts_of(self.record).codes
        return [slot for slot in factor.slots if codes[self.config, slot] != codes[self.vs, slot]]

    def _layout(self, slot: int, config: int) -> str:
        configs = layouts_of(self.record)
        return layout_text(configs.choices(slot)[configs.codes[config, slot]].tolist())


def why(record: GraphRecord, config: str | int, vs: str | int) -> Why:
    """Why configuration ``config`` is slower or faster than ``vs``: numbers, or best, worst, median, default.

    An additive model (:mod:`tpugraph_db.analytics.additive`) of the graph's other measured configurations says what
    each op's choice adds, whatever those of the others are; neither of the two, nor a repeat of one, is among them.

    Raises:
        NotFoundError: no such configuration. DataError: no layouts, no runtimes, or fewer than 3 others to learn from.
    """
    configs = layouts_of(record)
    one, other = find_config(record, config), find_config(record, vs)
    observed = observe(record, [one, other])
    found = factors(observed)
    ours = np.isin(configs.same_as[observed.index], configs.same_as[[one, other]])
    if (~ours).sum() < _FEWEST:
        expected = f"at least {_FEWEST} distinct measured ones beside the two"
        raise DataError(record.id, "configurations", expected=expected, found=str(int((~ours).sum())))
    model = fit([factor.levels[~ours] for factor in found], [len(of) for of in found], observed.log_runtime[~ours])
    places = [int(np.flatnonzero(configs.same_as[observed.index] == configs.same_as[at])[0]) for at in (one, other)]
    ends = [factor.levels[places].tolist() for factor in found]
    differing = [at for at, (a, b) in enumerate(ends) if a != b]
    counts = np.array([model.counts[at][ends[at]] for at in differing], np.int64).reshape(-1, 2)
    ratios = np.array([model.effects[at][ends[at]] @ [1, -1] for at in differing], np.float64)
    ratios[(counts == 0).any(axis=1)] = np.nan
    order = np.argsort(-np.nan_to_num(np.abs(ratios), nan=-1.0), kind="stable")
    kept = [differing[at] for at in order]
    return Why(
        *(record, one, other, [found[at] for at in kept], [group_of(found, at) for at in kept]),
        *(ratios[order], counts[order], model, int((~ours).sum())),
        float(np.log(configs.runtime_ns[one] / configs.runtime_ns[other])),
        _again(configs, one, other),
    )


def _again(configs: LayoutConfigurations, one: int, other: int) -> float | None:
    if configs.repeat_runtime_ns is None or not configs.repeat_runtime_ns[[one, other]].all():
        return None
    return float(np.log(configs.repeat_runtime_ns[one] / configs.repeat_runtime_ns[other]))


def _sum(
    part: str, ratio: float, margin: float | None = None, *, name: str | None = None, provenance: str = "learned"
) -> tuple[Any, ...]:
    ends = (None, None) if margin is None else (percent(ratio - margin), percent(ratio + margin))
    return (part, None, name, None, None, None, None, percent(ratio), ratio, *ends, None, None, None, provenance)
