"""A bound on this process's memory: it ends itself when it has taken more."""

from __future__ import annotations

import os
import resource
import sys
import threading
from typing import Any

OUT_OF_MEMORY = 75
"""Exit code of a process that outgrew its bound."""

_SECONDS = 0.05
"""Between two looks; a process can fill some hundred MB in that time."""


class MemoryBound:
    """A thread that looks, except while something is measured."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._looking = threading.Event()
        self._looking.set()
        threading.Thread(target=self._look, daemon=True, name="memory").start()

    def rest(self) -> None:
        """Stop looking: from here on nothing new is compiled or loaded."""
        self._looking.clear()

    def _look(self) -> None:
        while self._looking.wait():
            if peak() > self.most:
                os._exit(OUT_OF_MEMORY)
            threading.Event().wait(_SECONDS)


def peak() -> int:
    """Most bytes that this process has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def needed(compiled: Any) -> int:
    """Bytes that a :class:`jax.stages.Compiled` takes to run, as XLA has planned; 0 where it does not say."""
    plan = compiled.memory_analysis()
    parts = ("argument_size_in_bytes", "output_size_in_bytes", "temp_size_in_bytes")
    return sum(getattr(plan, part, 0) for part in parts)
