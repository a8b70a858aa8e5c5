"""What can be asked of a collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tpugraph_db.collect.machine import cores

OnProgress = Callable[[str, int, int], None]
"""(work, how much of it is done, of how much)."""


@dataclass(frozen=True)
class Settings:
    """How a program is measured."""

    configs: int = 200
    """How many configurations are drawn, the compiler's own among them."""
    rounds: int = 100
    """How often a run measures each."""
    runs: int = 2
    """How many processes measure, one after the other; the second gives ``config_runtime_repeat``."""
    seed: int = 0
    jobs: int = 0
    """How many processes compile; 0: one for each core."""
    timeout: float = 120.0
    """Seconds that a configuration may take to compile and run once."""
    memory: int = 8 << 30
    """Bytes that a process may take."""

    @property
    def places(self) -> list[int]:
        """The core of each process that compiles."""
        known = cores()
        return [known[at % len(known)] for at in range(self.jobs or len(known))]

    @property
    def core(self) -> int:
        """The core that measures: the last, since the first serves the system too."""
        return cores()[-1]
