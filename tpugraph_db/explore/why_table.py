"""Why one configuration is slower than another, and which op matters, as tables."""

from __future__ import annotations

import math

from tpugraph_db.analytics.effects import percent
from tpugraph_db.analytics.sensitivity import Sensitivity
from tpugraph_db.analytics.why import Why
from tpugraph_db.explore.result_table import plus_minus, result_table
from tpugraph_db.explore.table import Table

_ALL = 1_000_000
"""More ops than any graph has."""

_WHY = ("part", "op", "opcode", "percent", "layout", "vs_layout", "shape", "low", "high", "configs", "vs_configs")
_SENSITIVITY = ("op", "opcode", "share", "p", "best_effect", "best", "low", "high", "shape", "choices", "group")
_SIGNED = ("percent", "low", "high", "best_effect", "best_low", "best_high")
_FRACTIONS = ("percent", "best_effect", "best_low", "best_high")


def why_table(found: Why) -> Table:
    """The ops that differ by what each adds, then sums."""
    return result_table(found.top(_ALL), _WHY, op="op", signed=_SIGNED)


def why_note(found: Why) -> str:
    """How much slower, how much of it is explained, and how far that can be trusted."""
    measured = percent(found.measured) or 0.0
    side = "slower" if measured >= 0 else "faster"
    said = [f"configuration {found.config} is {abs(measured):.3g} % {side} than {found.vs}"]
    explained, left = percent(found.explained) or 0.0, percent(found.unexplained) or 0.0
    ops = f"{len(found.factors):,} differences"
    said.append(f"{ops} explain {plus_minus(explained)}, {plus_minus(left)} is unexplained")
    if unknown := sum(math.isnan(ratio) for ratio in found.log_ratios):
        said.append(f"{unknown:,} of them stand in no other configuration")
    predicted = f"{100 * max(found.model.explained, 0):.0f} %"
    said.append(f"learned of {found.fitted:,} others, predicts {predicted} of the variance of those left out")
    return "; ".join(said)


def sensitivity_table(found: Sensitivity) -> Table:
    """Every op whose layout varies, by how much of the variance of log runtime is its own."""
    return result_table(found.top(_ALL), _SENSITIVITY, op="op", signed=_FRACTIONS)


def sensitivity_note(found: Sensitivity) -> str:
    """Of how many configurations, and how much all ops say together."""
    predicted = f"{100 * max(found.model.explained, 0):.0f} %"
    said = [f"{len(found.observed):,} distinct configurations: share is of the variance of log runtime"]
    said.append(f"all ops together predict {predicted} of it of configurations left out")
    if found.constant:
        said.append(f"{found.constant:,} configurable ops have one layout throughout")
    return "; ".join(said)
