"""Two measurements of the same configurations: what is judged against, and how far the two agree."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Configurations, TileConfigurations
from tpugraph_db.errors import UsageError
from tpugraph_db.kendall import tau_b

Truth = Literal["run", "repeat"]
"""What is judged against: the runtimes of the file, or those of its independent second run."""


def true_values(configurations: Configurations, truth: Truth) -> NDArray[np.float64]:
    """(c,) float64: ``Configurations.value`` of a run, nanoseconds or for tiles a ratio; nan where not measured."""
    if truth == "run":
        return configurations.value
    if configurations.repeat_runtime_ns is None:
        raise UsageError("judging against the second run: these configurations were measured once only")
    runtime_ns = configurations.repeat_runtime_ns
    known = np.where(runtime_ns > 0, runtime_ns, np.nan)
    return known / configurations.normalizer_ns if isinstance(configurations, TileConfigurations) else known


def repeat_tau(configurations: Configurations, among: NDArray[np.int64]) -> float | None:
    """Kendall's tau-b of two measurements of the same configurations; None where no two make an order.

    Those of the two runs where there is a second one, else the first and the second of each configuration that stands
    in the file several times. It bounds what a model can reach on one of them.

    Args:
        among: (k,) int64, configuration numbers; one that stands there twice is still one measurement.
    """
    values = configurations.value
    places = np.unique(among)
    if configurations.repeat_runtime_ns is None:
        one, other = _first_two(configurations.same_as, places[~np.isnan(values[places])])
        tau = tau_b(values[one], values[other])
    else:
        again = true_values(configurations, "repeat")
        both = places[~np.isnan(values[places] + again[places])]
        tau = tau_b(values[both], again[both])
    return None if math.isnan(tau) else tau


def _first_two(same_as: NDArray[np.int64], places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(r,) int64 each: the first and the second of the ``places`` of every configuration that has several."""
    places = places[np.argsort(same_as[places], kind="stable")]
    _, first, counts = np.unique(same_as[places], return_index=True, return_counts=True)
    first = first[counts > 1]
    return places[first], places[first + 1]
