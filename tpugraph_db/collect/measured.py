"""What a collection has found, before it is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.collect.described import Described
from tpugraph_db.collect.draw import Layouts
from tpugraph_db.collect.interval import ratio, runtime


@dataclass(frozen=True)
class Best:
    """The fastest configuration and the compiler's own, measured against each other in a process of their own."""

    configuration: int
    rounds: NDArray[np.int64]
    """(rounds, 2) int64 ns: the default's, the best's."""

    @property
    def ratio(self) -> tuple[float, float, float]:
        """Runtime of the best over the default's, and the ends of its 95 % interval."""
        return ratio(self.rounds)


@dataclass(frozen=True)
class Measured:
    """``c`` configurations that gave the default's results, ``e`` distinct executables among them."""

    described: Described
    layouts: list[Layouts]
    """(c,) the default, which constrains nothing, first."""
    executable: NDArray[np.int64]
    """(c,) int64: number of each configuration's executable; two that compile to the same program share one."""
    runs: list[NDArray[np.int64]]
    """(rounds, e) int64 ns of each run."""
    processes: list[int]
    """How many processes each run took: one, unless it was interrupted."""
    refused: dict[str, int]
    """Why a configuration is not here -> how many."""
    best: Best | None
    """None where nothing was faster than the default."""
    seconds: dict[str, float]
    """Work -> seconds of wall time: ``compiling`` (and running each once), ``measuring``, ``total``."""

    def runtime(self, run: int) -> NDArray[np.int64]:
        """(c,) int64 ns: runtime of each configuration in a run, counted from 0."""
        return runtime(self.runs[run])[self.executable]
