"""A program at a glance: slices of its ops in their order, and how much of a figure each holds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Overview:
    """``k`` slices of about as many ops, none empty."""

    starts: NDArray[np.int64]
    """(k + 1,) int64: slice ``i`` has the ops ``starts[i]`` to ``starts[i + 1] - 1``."""
    parts: NDArray[np.float64]
    """(k,) float64, 0 to 1: what each holds, of the slice that holds most."""
    dearest: NDArray[np.int64]
    """(k,) int64: the op with most of it in each slice, the first of equals."""

    def slice_of(self, op: int) -> int:
        """Which slice an op is in."""
        return int(np.searchsorted(self.starts, op, side="right")) - 1


def overview(values: NDArray[np.float64], cells: int) -> Overview:
    """Cut ops into at most ``cells`` slices; ``values`` (n,) float64, what is not known counts as 0."""
    known = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    slices = max(1, min(cells, len(known)))
    starts = np.linspace(0, len(known), slices + 1).astype(np.int64)
    sums = np.add.reduceat(known, starts[:-1])
    most = float(sums.max())
    dearest = [start + int(known[start:end].argmax()) for start, end in pairwise(starts.tolist())]
    return Overview(starts, sums / most if most > 0 else np.zeros(slices), np.array(dearest, np.int64))
