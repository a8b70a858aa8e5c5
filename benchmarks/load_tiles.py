"""Tile files into the embedded store, reading included, against ArcadeDB's Python batch API on the same rows in memory.

Files of 40 ops and 1,800 configurations each, of which 100 become nodes; BENCH_FILES of them, 7,000 for what is
reported. The peer has nothing to read, to verify, to keep beside the engine or to mark.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import tpugraph_db
from benchmarks.common import Result, Watch, alone, compare, seconds, tell
from benchmarks.peer import Batch
from benchmarks.synthetic import tile
from tpugraph_db.formats import files, npz, read
from tpugraph_db.rows import GraphRows, graph_rows

OPS, CONFIGS = 40, 1_800


def measure() -> Result:
    """Every run in an empty store and a process of its own."""
    count = int(os.environ.get("BENCH_FILES", 700))
    with tempfile.TemporaryDirectory() as folder:
        alone("benchmarks.load_tiles", "write", folder, count)
        return compare(
            f"load_tiles {count} files",
            "ArcadeDB's Python batch API, arrays in memory",
            lambda: alone("benchmarks.load_tiles", "ours", folder),
            lambda: alone("benchmarks.load_tiles", "peer", folder),
            pairs=3,
            warm=False,
        )


def write(folder: Path, count: int) -> float:
    """The files."""
    below = folder / "npz" / "tile" / "synthetic" / "train"
    below.mkdir(parents=True)
    for number in range(count):
        npz.write(tile(f"kernel_{number}", OPS, CONFIGS, seed=number), below / f"kernel_{number}.npz")
    return 0


def ours(folder: Path) -> float:
    """As tpudb load does it."""
    with tempfile.TemporaryDirectory() as place, tpugraph_db.open(place) as db:
        db.load([])
        return seconds(lambda: db.load([folder]))


def peer(folder: Path) -> float:
    """Rows made beforehand, a few hundred graphs at a time."""
    watch = Watch()
    with Batch() as batch:
        for graph in _rows(folder):
            with watch:
                batch.add(graph)
        with watch:
            batch.finish()
    return watch.seconds


def _rows(folder: Path) -> Iterator[GraphRows]:
    return (graph_rows(read(path), "") for path in files([folder]))


if __name__ == "__main__":
    side, name, *numbers = sys.argv[1:]
    tell({"write": write, "ours": ours, "peer": peer}[side](Path(name), *map(int, numbers)))
