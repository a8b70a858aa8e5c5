"""Rounds: in each every executable runs once, in an order drawn anew, so that whatever drifts drifts for all."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import numpy as np

Executable = Callable[..., Any]


def warm(executables: Sequence[Executable], inputs: Sequence[Any]) -> None:
    """Run each once, uncounted."""
    for executable in executables:
        jax.block_until_ready(executable(*inputs))


def measure(
    executables: Sequence[Executable], inputs: Sequence[Any], rounds: Sequence[int], seed: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """Number, nanoseconds of each executable, and seconds of each round; a round's order depends on seed and number."""
    gc.disable()  # nothing here leaves circles behind
    for number in rounds:
        started = time.perf_counter()
        times = [0] * len(executables)
        for at in np.random.default_rng([*seed, number]).permutation(len(executables)).tolist():
            times[at] = _run(executables[at], inputs)
        yield {"round": number, "ns": times, "seconds": time.perf_counter() - started}


def _run(executable: Executable, inputs: Sequence[Any]) -> int:
    started = time.perf_counter_ns()
    outputs = jax.block_until_ready(executable(*inputs))
    took = time.perf_counter_ns() - started
    del outputs  # what it takes to free them is no part of it
    return took
