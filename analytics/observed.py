"""What was measured of a graph's layout configurations, ready for statistics: choices of ops, and log runtimes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Configurations, LayoutConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord

MOST = 2048
"""Configurations that are looked at: of more a sample with a fixed seed, for time and memory grow with them."""


@dataclass(frozen=True, eq=False)
class Observed(Arrays):
    """Repeated measurements merged: ``d`` distinct measured configurations, in the order of the file."""

    configurations: LayoutConfigurations
    index: NDArray[np.int64]
    """(d,) int64: number of the first measured configuration of each."""
    log_runtime: NDArray[np.float64]
    """(d,) float64: mean of the natural logarithm of its runtimes in ns, which no slow outlier carries away."""
    varying: NDArray[np.int64]
    """(v,) int64: slots whose choice differs among them, in order."""

    def __len__(self) -> int:
        return len(self.index)

    @property
    def codes(self) -> NDArray[np.int64]:
        """(d, s) int64: each op's choice, by its place among :meth:`LayoutConfigurations.choices`."""
        return self.configurations.codes[self.index].astype(np.int64)

    @property
    def default(self) -> int | None:
        """Which of the ``d`` is the compiler's own, the fastest of several; None where it is not known."""
        same = self.configurations.same_as
        found = np.flatnonzero(np.isin(same[self.index], same[defaults(self.configurations)[:1]]))
        return int(found[0]) if len(found) else None


def defaults(configs: Configurations) -> NDArray[np.int64]:
    """Measured configurations that are the compiler's own, from fastest to slowest; none where it is not said."""
    return configs.order[configs.is_default[configs.order]] if configs.is_default is not None else configs.order[:0]


def layouts_of(record: GraphRecord) -> LayoutConfigurations:
    """The configurations of a graph whose ops' layouts are chosen.

    Raises:
        DataError: it has none: no configurations, tiles of a kernel, or no configurable ops.
    """
    configs = record.configurations
    if not len(configs):
        cure = "tpudb collect measures a JAX program under many"
        raise DataError(record.id, "configurations", expected="at least 2", found="none", cure=cure)
    if not isinstance(configs, LayoutConfigurations):
        cure = "a tile is of the kernel, not of an op: tpudb configs lists them"
        raise DataError(record.id, "configurations", expected="layouts of ops", found="tile sizes", cure=cure)
    if not len(configs.op_ids):
        raise DataError(record.id, "configurable ops", expected="at least 1", found="none")
    return configs


def check_measured(record: GraphRecord) -> None:
    """Raise DataError where no configuration has a runtime."""
    if not record.configurations.measured.any():
        found = f"none of {len(record.configurations):,}"
        raise DataError(record.id, "runtimes", expected="measured configurations", found=found, cure="they are hidden")


def observe(record: GraphRecord, keep: Sequence[int] = (), most: int = MOST) -> Observed:
    """Merge repeated measurements, and find the ops whose choice varies.

    Args:
        record: A graph with layout configurations.
        keep: Measured configurations that are looked at in any case, as is the compiler's own.
        most: How many are looked at.

    Raises:
        DataError: no layouts, none measured, one distinct configuration, or all equally fast.
    """
    configs = layouts_of(record)
    check_measured(record)
    known = np.flatnonzero(configs.measured)
    _, first, group = np.unique(configs.same_as[known], return_index=True, return_inverse=True)
    if len(first) == 1:
        raise DataError(record.id, "measured configurations", expected="at least 2 distinct", found="1")
    order = np.argsort(first)
    means = (np.bincount(group, np.log(configs.value[known])) / np.bincount(group))[order]
    if np.ptp(means) < 1e-12:
        raise DataError(record.id, "runtimes", expected="at least 2 that differ", found="all equal")
    index = known[first[order]]
    always = configs.same_as[[*keep, *defaults(configs)[:1].tolist()]]
    kept = _sample(len(index), np.flatnonzero(np.isin(configs.same_as[index], always)), most)
    codes = configs.codes[index[kept]]
    return Observed(configs, index[kept], means[kept], np.flatnonzero((codes != codes[0]).any(axis=0)))


def _sample(size: int, always: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """(min(size, most),) int64: which of ``size`` are looked at, in order, ``always`` among them."""
    order = np.random.default_rng(0).permutation(size)
    return np.sort(np.concatenate([always, order[~np.isin(order, always)]])[:most])
