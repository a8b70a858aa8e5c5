"""A layout npz with a 200 MB configuration tensor into a record, against ``np.load`` of every array in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.common import Result, compare, seconds
from benchmarks.synthetic import make
from tpugraph_db.formats import npz, read


def measure() -> Result:
    """4,000 ops, of which about 1,080 are configurable, and 2,600 configurations."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.npz"
        npz.write(make("big", ops=4_000, configs=2_600, seed=1), path)
        return compare(
            "read_layout",
            "np.load of the same arrays",
            lambda: seconds(lambda: read(path)),
            lambda: seconds(lambda: _load(path)),
        )


def _load(path: Path) -> list[np.ndarray]:
    with np.load(path) as arrays:
        return [arrays[key] for key in arrays]
