"""What every row shares: runs in pairs, a median ratio, and a result kept with the machine it came from."""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
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
    ours_mb: float = 0
    """Most memory of a process that does nothing else, Java's included; 0 where it was not asked."""
    peer_mb: float = 0


Side = Callable[[], "float | Spent"]
"""One side of a row: does the work and says what it took."""


@dataclass(frozen=True)
class Spent:
    """What one run took."""

    seconds: float
    mb: float = 0


def compare(
    row: str, against: str, ours: Side, peer: Side, pairs: int = 5, warm: bool = True, kept: bool = True
) -> Result:
    """Run ours and the peer in turn, after one uncounted pair; medians are kept. BENCH_PAIRS says how often."""
    pairs = int(os.environ.get("BENCH_PAIRS", pairs))
    if warm:
        ours()
        peer()
    runs = [(_spent(ours()), _spent(peer())) for _ in range(pairs)]
    result = Result(
        row=row,
        against=against,
        ratio=round(statistics.median(p.seconds / o.seconds for o, p in runs), 2),
        ours_s=_three_digits(statistics.median(o.seconds for o, _ in runs)),
        peer_s=_three_digits(statistics.median(p.seconds for _, p in runs)),
        pairs=pairs,
        machine=machine(),
        date=date.today().isoformat(),
        ours_mb=round(statistics.median(o.mb for o, _ in runs)),
        peer_mb=round(statistics.median(p.mb for _, p in runs)),
    )
    if kept:
        keep(result.row, asdict(result))
    return result


def _three_digits(number: float) -> float:
    return float(f"{number:.3g}")


def machine() -> str:
    """What a result comes from."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, shared"


def keep(name: str, result: object) -> None:
    """Write a row's last result."""
    RESULTS.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "_", name)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")


def alone(module: str, *words: object, python: Path | str = sys.executable) -> Spent:
    """Run a module's ``main`` in a process of its own, of another Python perhaps; it prints the seconds that count."""
    command = [python, "-m", module, *map(str, words)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return Spent(**json.loads(ran.stdout))


def tell(seconds: float) -> None:
    """What the process of :func:`alone` says at its end."""
    print(json.dumps({"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def _spent(took: float | Spent) -> Spent:
    return took if isinstance(took, Spent) else Spent(took)


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class Watch:
    """Adds up the seconds of the blocks that count."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._started


def ops() -> int:
    """How many ops the loading rows take: BENCH_OPS, 100,000 if nothing is said, 1,000,000 for what is reported."""
    return int(os.environ.get("BENCH_OPS", 100_000))
