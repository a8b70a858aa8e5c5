"""What every row shares: runs in pairs, a median ratio, and a result kept with the machine it came from."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True)
class Result:
    """One row: how long ours took against the peer, in the same run."""

    row: str
    against: str
    ratio: float
    """Median over the pairs of (peer's seconds / ours): above 1, ours is faster."""
    ours_s: float
    peer_s: float
    pairs: int
    machine: str
    date: str


def compare(row: str, against: str, ours: Callable[[], float], peer: Callable[[], float], pairs: int = 5) -> Result:
    """Run ours and the peer in turn, after one uncounted pair; each returns the seconds that count."""
    ours()
    peer()
    times = [(ours(), peer()) for _ in range(pairs)]
    result = Result(
        row=row,
        against=against,
        ratio=round(statistics.median(p / o for o, p in times), 2),
        ours_s=round(statistics.median(o for o, _ in times), 3),
        peer_s=round(statistics.median(p for _, p in times), 3),
        pairs=pairs,
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, shared",
        date=date.today().isoformat(),
    )
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{row}.json").write_text(json.dumps(asdict(result), indent=2) + "\n")
    return result


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
