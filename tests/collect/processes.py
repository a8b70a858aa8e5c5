"""The processes that work on a collection."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path


def children(output: Path) -> list[bytes]:
    """Command lines of those that are there."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            lines.append(path.read_bytes())
    return [line for line in lines if b"collect.child" in line and str(output).encode() in line]


def wait_for(true: Callable[[], bool], seconds: float = 60) -> None:
    """Until something is true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
