"""Campaigns of broken files, each judged in a process with little memory and little time.

A process that ends itself, or that nothing can stop in time, is a fault of the file that it was at: what its batch had
not judged is judged again, one file a process.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import platform
import resource
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from datetime import date
from multiprocessing import get_context
from types import FrameType
from typing import Any

from benchmarks.common import keep

SECONDS = 10
"""Of the processor, that judging a file may take."""
MEMORY_BYTES = 1 << 30
BATCH = 2_000
_LAST_S = 120
"""After which even what runs no Python is stopped, the machine being busy."""


@dataclass(frozen=True)
class Judged:
    """What became of one file."""

    seed: int
    kind: str
    verdict: str
    """``read``, ``refused``, or the fault."""
    seconds: float
    """Of the processor."""
    peak_bytes: int
    """Most memory that the process had held until then."""

    @property
    def is_right(self) -> bool:
        """Whether it is no fault."""
        return self.verdict in ("read", "refused")


Judge = Callable[[int], Judged]
"""Makes the file of a seed and judges it: a function of a module, which other processes find by its name."""


class _TooSlowError(BaseException):
    """The time is over."""


def judged(seed: int, kind: str, verdict: Callable[[], str]) -> Judged:
    """Judge one file, in a process that :func:`batches` started."""
    started = time.process_time()
    faulthandler.dump_traceback_later(_LAST_S, exit=True, file=sys.__stderr__ or 2)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        found = verdict()
    except (Exception, _TooSlowError) as error:
        found = f"{type(error).__name__}: {error}"[:2_000]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Judged(seed, kind, found, time.process_time() - started, peak)


def batches(judge: Judge, seeds: range, processes: int = 2) -> Iterator[list[Judged]]:
    """The files of some seeds, a batch at a time, each batch in new processes."""
    for start in range(0, len(seeds), BATCH):
        yield _batch(judge, seeds[start : start + BATCH], processes)


@dataclass
class Tally:
    """What a campaign found until now."""

    first_seed: int
    files: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[Judged] = field(default_factory=list)
    slowest: Judged | None = None
    peak_bytes: int = 0

    def add(self, found: list[Judged]) -> None:
        """Count a batch."""
        self.files += len(found)
        self.outcomes.update((one.kind, one.verdict if one.is_right else "fault") for one in found)
        self.faults += [one for one in found if not one.is_right]
        self.slowest = max([*found, *filter(None, [self.slowest])], key=lambda one: one.seconds)
        self.peak_bytes = max(self.peak_bytes, *(one.peak_bytes for one in found))

    def result(self) -> dict[str, Any]:
        """Counts by kind and outcome, the slowest file, the most memory, and every fault."""
        return {
            "files": self.files,
            "first_seed": self.first_seed,
            "outcomes": {" ".join(key): count for key, count in sorted(self.outcomes.items())},
            "faults": [asdict(one) for one in self.faults],
            "slowest": self.slowest and asdict(self.slowest),
            "peak_mb": round(self.peak_bytes / 1e6),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, shared",
            "date": date.today().isoformat(),
        }


def run(name: str, judge: Judge, files: int, doc: str | None) -> int:
    """The command line of a campaign: counts are printed and kept, after each batch; 1 where there is a fault."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=doc)
    parser.add_argument("--files", type=int, default=files)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    tally = Tally(asked.seed)
    for found in batches(judge, range(asked.seed, asked.seed + asked.files), asked.processes):
        tally.add(found)
        keep(name, tally.result())
        print(f"{tally.files:,} files, {len(tally.faults):,} faults", file=sys.stderr)
    print(json.dumps(tally.result(), indent=2))
    return 1 if tally.faults else 0


def _batch(judge: Judge, seeds: range, processes: int) -> list[Judged]:
    found: dict[int, Judged] = {}
    try:
        with _pool(processes) as pool:
            for one in pool.map(judge, seeds, chunksize=50):
                found[one.seed] = one
    except BrokenProcessPool:
        found |= {seed: _alone(judge, seed) for seed in seeds if seed not in found}
    return [found[seed] for seed in seeds]


def _alone(judge: Judge, seed: int) -> Judged:
    try:
        with _pool(1) as pool:
            return pool.submit(judge, seed).result()
    except BrokenProcessPool:
        return Judged(seed, "", "the process ended itself, or could not be stopped", 0, 0)


def _pool(processes: int) -> ProcessPoolExecutor:
    # forked ones would begin with what this process holds
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_limit)


def _limit() -> None:
    """In each process: memory that is asked for past the limit is not given, and a warning of numpy's is a fault."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGPROF, _stop)
    warnings.simplefilter("error", RuntimeWarning)


def _stop(number: int, frame: FrameType | None) -> None:
    raise _TooSlowError
