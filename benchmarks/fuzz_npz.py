"""20,000 broken npz files, each read in a process with little memory and little time.

``python -m benchmarks.fuzz_npz [--files N] [--seed FIRST]``; no row of ``make bench``, since nothing is compared. A
file is refused by the project's own error, or read as numpy reads it (:mod:`tests.formats.verdict`). Anything else is
a fault and is listed with its seed, by which ``tests.formats.mutations.mutated(seed)`` makes the file again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.common import RESULTS
from tests.formats.mutations import mutated
from tests.formats.verdict import verdict
from tpugraph_db.formats import read, source
from tpugraph_db.record import GraphRecord

SECONDS = 10
MEMORY_BYTES = 1 << 30


@dataclass(frozen=True)
class Judged:
    """What became of one file."""

    seed: int
    kind: str
    verdict: str
    """``read``, ``refused``, or the fault."""
    seconds: float
    """Of the reading alone."""
    peak_bytes: int
    """Most memory that the process had held until then."""


class _TooSlowError(BaseException):
    """The time is over."""


def _limit() -> None:
    """In each process: memory that is asked for past the limit is not given, and a warning of numpy's is a fault."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGALRM, _stop)
    warnings.simplefilter("error", RuntimeWarning)


def _stop(number: int, frame: FrameType | None) -> None:
    raise _TooSlowError


def judge(seed: int) -> Judged:
    """Make, write and read one file; every other one the way that large files are read."""
    kind, content = mutated(seed)
    source.IN_MEMORY = 0 if seed % 2 else 64 << 20
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.npz"
        path.write_bytes(content)
        clock = _Clock()
        try:
            found = verdict(content, lambda: clock.timed(path))
        except (Exception, _TooSlowError) as error:
            found = f"{type(error).__name__}: {error}"
    return Judged(seed, kind, found, clock.seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


class _Clock:
    seconds = 0.0

    def timed(self, path: Path) -> GraphRecord:
        started = time.perf_counter()
        signal.alarm(SECONDS)
        try:
            return read(path)
        finally:
            signal.alarm(0)
            self.seconds = time.perf_counter() - started


def campaign(first: int, files: int, processes: int) -> dict[str, Any]:
    """Counts by kind and outcome, the slowest file, the most memory, and every fault."""
    with ProcessPoolExecutor(processes, initializer=_limit) as pool:
        judged = list(pool.map(judge, range(first, first + files), chunksize=100))
    slowest = max(judged, key=lambda one: one.seconds)
    counts = Counter((one.kind, one.verdict if _is_right(one) else "fault") for one in judged)
    return {
        "files": files,
        "first_seed": first,
        "outcomes": {" ".join(key): count for key, count in sorted(counts.items())},
        "faults": [asdict(one) for one in judged if not _is_right(one)],
        "slowest": asdict(slowest),
        "peak_mb": round(max(one.peak_bytes for one in judged) / 1e6),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, shared",
        "date": date.today().isoformat(),
    }


def _is_right(one: Judged) -> bool:
    return one.verdict in ("read", "refused")


def main() -> int:
    """Print the counts and keep them; 1 where there is a fault."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_npz", description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    result = campaign(asked.seed, asked.files, asked.processes)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "fuzz_npz.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    return 1 if result["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
