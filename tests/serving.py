"""`tpudb serve` in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
END_SECONDS = 30


def start(folder: Path, *words: object) -> subprocess.Popen[str]:
    """Start it on a folder; it is ready when it has said its address. Ctrl-C and SIGTERM end it as on a terminal."""
    command = [sys.executable, "-m", "tpugraph_db", "serve", "--db", str(folder), *map(str, words)]
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@contextmanager
def serving(folder: Path, *words: object) -> Iterator[subprocess.Popen[str]]:
    """A server that is ready; it is ended if it still runs."""
    with start(folder, *words) as server:
        try:
            address = server.stdout.readline() if server.stdout else ""
            assert address.startswith("grpc://127.0.0.1:"), server.communicate(timeout=END_SECONDS)
            yield server
        finally:
            server.terminate()
            server.wait(END_SECONDS)
