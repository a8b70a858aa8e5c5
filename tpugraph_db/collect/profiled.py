"""How long each op of the compiled program takes, by JAX's profiler."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import jax

_OP = "hlo_op"
"""The profiler's name for the op of an event."""


def durations(run: Callable[[], Any], times: int) -> dict[str, int]:
    """Name of an op in the optimised module -> nanoseconds that it takes each time, what is inside it excluded.

    A while loop's body is profiled op by op, and so is the loop around it: its own share is what they leave.
    """
    jax.block_until_ready(run())
    with tempfile.TemporaryDirectory() as folder:
        with jax.profiler.trace(folder):
            for _ in range(times):
                jax.block_until_ready(run())
        (path,) = Path(folder).rglob("*.xplane.pb")
        data = jax.profiler.ProfileData.from_file(str(path))
    spent: Counter[str] = Counter()
    for plane in data.planes:
        for line in plane.lines:
            spent.update(own_times(_events(line)))
    return {op: round(ns / times) for op, ns in spent.items()}


def own_times(events: Iterable[tuple[int, int, str]]) -> Counter[str]:
    """Name -> time over the (start, end, name) of one line, less that of the events that stand inside.

    >>> own_times([(0, 10, "while"), (2, 5, "add"), (6, 7, "add")])
    Counter({'while': 6, 'add': 4})
    """
    spent: Counter[str] = Counter()
    around: list[tuple[int, str]] = []
    for start, end, name in sorted(events, key=lambda event: (event[0], -event[1])):
        while around and around[-1][0] <= start:
            around.pop()
        spent[name] += end - start
        if around:
            spent[around[-1][1]] -= end - start
        around.append((end, name))
    return spent


def _events(line: Any) -> Iterator[tuple[int, int, str]]:
    for event in line.events:
        op = next((value for key, value in event.stats if key == _OP), None)
        if op is not None:
            yield int(event.start_ns), int(event.start_ns + event.duration_ns), str(op)
