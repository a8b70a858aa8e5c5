"""Compiler configurations of one graph and their measured runtimes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.frozen import Arrays, frozen
from tpugraph_db.kendall import tau_b

Codes = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Configurations(Arrays):
    """What layout and tile configurations share: runtimes, and the order that they give.

    The value that ranks is ``runtime_ns`` for layouts and ``runtime_ns / normalizer_ns`` for tiles
    (TpuGraphs, Phothilimthana et al. 2023, section 4).
    """

    runtime_ns: NDArray[np.int64]
    """(c,) int64, nanoseconds, as in the file; 0 where not measured. Never float32, which merges distinct runtimes."""
    repeat_runtime_ns: NDArray[np.int64] | None = field(default=None, kw_only=True)
    """(c,) int64, nanoseconds: the same measured again in an independent run, 0 where not; None where none was made."""
    is_default: NDArray[np.bool_] | None = field(default=None, kw_only=True)
    """(c,) bool: the compiler's own choice; None where the source does not say, as TpuGraphs' npz."""

    def __len__(self) -> int:
        return len(self.runtime_ns)

    @cached_property
    def measured(self) -> NDArray[np.bool_]:
        """(c,) bool: a runtime is known. Hidden test files hold 0 for every configuration."""
        return frozen(self.runtime_ns > 0)

    @cached_property
    def value(self) -> NDArray[np.float64]:
        """(c,) float64: what ranks (lower is faster); nan where not measured."""
        return frozen(np.where(self.measured, self.runtime_ns, np.nan))

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """(measured,) int64: measured configurations from fastest to slowest, ties by number."""
        known = np.flatnonzero(self.measured)
        return frozen(known[np.argsort(self.value[known], kind="stable")])

    @property
    def best_median_worst(self) -> tuple[int, int, int] | None:
        """Runtimes in ns of what ranks first, in the (lower) middle, and last; None where nothing is measured."""
        if not len(self.order):
            return None
        best, median, worst = self.runtime_ns[self.order[[0, (len(self.order) - 1) // 2, -1]]].tolist()
        return best, median, worst

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """(c,) int64: dense rank, 0 = fastest, ties share one; -1 where not measured."""
        ranks = np.full(len(self), -1, np.int64)
        ranks[self.measured] = np.unique(self.value[self.measured], return_inverse=True)[1]
        return frozen(ranks)

    @cached_property
    def slowdown(self) -> NDArray[np.float64]:
        """(c,) float64, ratio >= 1: value over the best value; nan where not measured."""
        return frozen(self.value / self.value[self.order[0]]) if len(self.order) else self.value

    @cached_property
    def repeat_tau(self) -> float | None:
        """Kendall's tau-b between the runtimes and those of the second run; None where there is none, or no order."""
        if self.repeat_runtime_ns is None:
            return None
        both = self.measured & (self.repeat_runtime_ns > 0)
        tau = tau_b(self.runtime_ns[both], self.repeat_runtime_ns[both])
        return None if math.isnan(tau) else tau

    @cached_property
    def choice_rows(self) -> NDArray[np.void]:
        """(c,) raw bytes: equal for two configurations exactly when their rows are."""
        raise NotImplementedError

    @cached_property
    def same_as(self) -> NDArray[np.int64]:
        """(c,) int64: number of the first configuration with the same rows (its own where it is the first)."""
        _, first, group = np.unique(self.choice_rows, return_index=True, return_inverse=True)
        return frozen(first[group.reshape(-1)])

    @property
    def distinct(self) -> int:
        """How many configurations differ from every earlier one."""
        return int((self.same_as == np.arange(len(self))).sum())


@dataclass(frozen=True, eq=False)
class LayoutConfigurations(Configurations):
    """Layouts of the configurable ops as a codebook: few distinct rows an op, a small code a configuration.

    ``codebook[offsets[s] + codes[i, s]]`` is the row that configuration ``i`` gives to configurable op ``s``.
    """

    op_ids: NDArray[np.int64]
    """(s,) int64: index of each configurable op among the graph's ops; its place here is the op's slot."""
    codebook: NDArray[np.float32]
    """(sum of choices, 18) float32: distinct rows, those of slot 0 first; columns ``columns.LAYOUT_COLUMNS``."""
    offsets: NDArray[np.int64]
    """(s + 1,) int64: where each slot's rows begin in ``codebook``."""
    codes: Codes
    """(c, s) uint8, wider where an op has more than 256 choices: place of the row among its slot's rows."""

    def choices(self, slot: int) -> NDArray[np.float32]:
        """(k, 18) float32: the distinct rows of one slot, in the order that the file first shows them."""
        return self.codebook[self.offsets[slot] : self.offsets[slot + 1]]

    def config_features(self, index: int) -> NDArray[np.float32]:
        """(s, 18) float32: the rows of configuration ``index``, bit for bit as in ``node_config_feat[index]``."""
        rows: NDArray[np.float32] = self.codebook[self.offsets[:-1] + self.codes[index]]
        return rows

    @cached_property
    def choice_rows(self) -> NDArray[np.void]:
        return _as_bytes(self.codes)


@dataclass(frozen=True, eq=False)
class TileConfigurations(Configurations):
    """Tile sizes of a kernel."""

    features: NDArray[np.float32]
    """(c, 24) float32: columns ``columns.TILE_COLUMNS``."""
    normalizer_ns: NDArray[np.int64]
    """(c,) int64, nanoseconds: what a runtime is divided by; all 1 in files whose runtimes are hidden."""

    @cached_property
    def value(self) -> NDArray[np.float64]:
        known = np.where(self.measured, self.runtime_ns, np.nan)
        return frozen(known / self.normalizer_ns)

    @cached_property
    def choice_rows(self) -> NDArray[np.void]:
        return _as_bytes(self.features)


def _as_bytes(rows: NDArray[np.generic]) -> NDArray[np.void]:
    """(c,) one opaque value a row. A row of no columns is one and the same value."""
    width = rows.dtype.itemsize * rows.shape[1]
    if not width:
        return np.zeros(len(rows), "V1")
    return np.ascontiguousarray(rows).view(f"V{width}").reshape(len(rows))
