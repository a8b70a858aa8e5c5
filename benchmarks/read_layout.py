"""A layout npz with a large configuration tensor into a record, against ``np.load`` of every array in it.

Each run has a process of its own, so that its memory is its own too; the tensor alone is 2,022 MB in the larger file.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.common import Result, alone, compare, seconds, tell
from benchmarks.synthetic import make
from tpugraph_db.formats import npz, read


def measure() -> Iterator[Result]:
    """4,000 ops, of which about 1,080 are configurable, and 2,600 or 26,000 configurations."""
    for configs in (2_600, 26_000):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "big.npz"
            alone("benchmarks.read_layout", "write", path, configs)
            yield compare(
                f"read_layout {configs} configurations",
                "np.load of the same arrays",
                lambda path=path: alone("benchmarks.read_layout", "read", path),
                lambda path=path: alone("benchmarks.read_layout", "load", path),
                pairs=5,
            )


def _write(path: Path, configs: int) -> None:
    npz.write(make("big", ops=4_000, configs=configs, seed=1), path)


def _load(path: Path) -> list[np.ndarray]:
    with np.load(path) as arrays:
        return [arrays[key] for key in arrays]


if __name__ == "__main__":
    side, name, *numbers = sys.argv[1:]
    work = {"write": _write, "read": read, "load": _load}[side]
    tell(seconds(lambda: work(Path(name), *map(int, numbers))))
