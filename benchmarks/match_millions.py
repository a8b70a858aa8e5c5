"""A pattern with millions of matches: how much memory ``tpudb match`` takes at most while it goes through them.

``python -m benchmarks.match_millions``: every pair of the 2,000 ops of a made-up graph, written as csv, counted by
repeated block, and ranked by flops, each by a process of its own on an embedded store. Exit 4 where one takes 1 GB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.common import Spent, keep, machine
from benchmarks.processes import ROOT
from benchmarks.synthetic import make
from tpugraph_db.formats import npz

PATTERN = "*, *"
OPS = 2_000
MATCHES = OPS * (OPS - 1)
MOST_MB = 1_000

ASKED = {
    "streamed as csv": ("--limit", "-1", "--format", "csv"),
    "by block": ("--by", "block", "--format", "csv"),
    "ranked by flops": ("--rank", "flops", "--limit", "20", "--format", "csv"),
}


def main() -> None:
    """Print and keep a line for each way to ask."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        npz.write(make("pairs", OPS, 1, seed=0), folder / "pairs.npz")
        _run(folder, "load", "pairs.npz", "--collection", "layout:synthetic:random", "--split", "none")
        for what, words in ASKED.items():
            took = _run(folder, "match", PATTERN, "pairs", *words)
            found[what] = {"seconds": round(took.seconds), "mb": round(took.mb)}
            print(f"{what:<20} {took.seconds:.0f} s, {took.mb:.0f} MB, {_rows(folder):,} rows", flush=True)
            if what == "streamed as csv":
                assert _rows(folder) == MATCHES
    keep("match_millions", {"matches": MATCHES, **found, "machine": machine(), "date": date.today().isoformat()})
    sys.exit(4 if any(took["mb"] >= MOST_MB for took in found.values()) else 0)


def _run(folder: Path, *words: str) -> Spent:
    """Seconds and peak resident set of a process, Java's included; its rows go into a file."""
    started = time.perf_counter()
    with (folder / "rows").open("wb") as file:
        command = [sys.executable, "-m", "tpugraph_db", *words, "--db", "store"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, words
    return Spent(time.perf_counter() - started, usage.ru_maxrss / 1024)


def _rows(folder: Path) -> int:
    with (folder / "rows").open("rb") as file:
        return sum(1 for _ in file) - 1


if __name__ == "__main__":
    main()
