"""The peaks of the CPU at hand, measured with numpy."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tpugraph_db.analytics.machines.machine import Machine

DTYPES = {"f32": "float32", "f64": "float64"}
"""HLO element types, and numpy's names, that numpy multiplies with BLAS; for others it has loops that are no peak."""

SIZE = 1024
"""Rows of the square matrices that are multiplied."""
BYTES = 128 << 20
"""Of each array that is copied: more than the caches hold."""


def measure_machine(
    *,
    rounds: int = 9,
    size: int = SIZE,
    copied: int = BYTES,
    on_round: Callable[[], None] = lambda: None,
) -> Machine:
    """Measure this CPU: a product of two matrices of each type, and a copy from memory to memory.

    ``peak_flops = 2 size^3 / s`` and ``memory_bandwidth = 2 copied / s`` (read and written once, as STREAM counts),
    with ``s`` the median over the rounds, after one that does not count. As many threads as numpy's BLAS takes.

    Args:
        rounds: How often each is done.
        size: Rows of the square matrices.
        copied: Bytes of the array that is copied.
        on_round: Called after each round, ``rounds + 1`` times for each of ``len(DTYPES) + 1`` measurements.
    """
    products = {name: _product(dtype, size, rounds, on_round) for name, dtype in DTYPES.items()}
    source = np.ones(copied // 8)
    target = np.empty_like(source)
    copy = _timed(lambda: np.copyto(target, source), rounds, on_round)
    how = f"measured by tpudb machine measure on {date.today().isoformat()}, numpy {np.__version__}"
    rest = f"median of {rounds} rounds, of which the fastest took"
    shares = ", ".join(f"{100 * taken.fastest / taken.median:.0f} % ({name})" for name, taken in products.items())
    return Machine(
        name=f"{_processor()}, {_cores()} {'core' if _cores() == 1 else 'cores'}",
        peak_flops={name: 2 * size**3 / taken.median for name, taken in products.items()},
        memory_bandwidth=2 * source.nbytes / copy.median,
        sources={
            "peak_flops": f"{how}: products of {size} x {size} matrices, {rest} {shares} of it",
            "memory_bandwidth": f"{how}: a copy of {source.nbytes >> 20} MiB, {rest} "
            f"{100 * copy.fastest / copy.median:.0f} % of it",
        },
        others="f32",
    )


class _Taken(NamedTuple):
    """Seconds of a call over the rounds; far apart where the machine had other work."""

    median: float
    fastest: float


def _product(dtype: str, size: int, rounds: int, on_round: Callable[[], None]) -> _Taken:
    generator = np.random.default_rng(0)
    left, right = (generator.standard_normal((size, size)).astype(dtype) for _ in range(2))
    product = np.empty_like(left)
    return _timed(lambda: np.matmul(left, right, out=product), rounds, on_round)


def _timed(work: Callable[[], object], rounds: int, on_round: Callable[[], None]) -> _Taken:
    """Of a call; the first does not count."""
    taken = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
        on_round()
    return _Taken(statistics.median(taken[1:]), min(taken[1:]))


def _cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    """The CPU's name where the system tells it, else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
