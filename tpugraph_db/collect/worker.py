"""A child process, seen from its parent."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from tpugraph_db.collect.memory import OUT_OF_MEMORY
from tpugraph_db.errors import DataError, TpuGraphError

_ENVIRONMENT = {
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",  # a GPU is shared by those that compile
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # glibc gives large arrays back to the system when they are freed, and the next run faults every page in again: how
    # often depends on what ran before, so that it is noise here (gnn_attention: repeat_tau 0.88 with it, 0.98 without)
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(8 << 30),
    "MALLOC_TOP_PAD_": str(64 << 20),
}


class WorkerDied(TpuGraphError):  # noqa: N818
    """The process ended without an answer: ``status`` is ``too large``, ``too slow`` or ``crashed``."""

    def __init__(self, status: str, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(f"{status}: {why}")


class Worker:
    """One process, pinned to one core; a context manager that ends it."""

    def __init__(self, core: int | None, settings: dict[str, Any], log: Path) -> None:
        self._log = log
        command = [sys.executable, "-m", "tpugraph_db.collect.child", json.dumps(core), json.dumps(settings)]
        with open(log, "ab") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_ENVIRONMENT | dict(os.environ),
                start_new_session=True,  # Ctrl-C is the parent's; the child ends when its stdin does
            )
        self._unread = b""

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def kill(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()

    def close(self) -> None:
        """End it and let go of it."""
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def ask(self, timeout: float, **request: Any) -> dict[str, Any]:
        """Send a request that has one reply.

        Raises:
            WorkerDied: none came in ``timeout`` seconds. DataError: the program is at fault.
        """
        self.send(**request)
        return self.reply(timeout)

    def send(self, **request: Any) -> None:
        """Send a request."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # its last words are still to be read

    def reply(self, timeout: float) -> dict[str, Any]:
        """The next reply."""
        found: dict[str, Any] = json.loads(self._line(timeout))
        if "error" in found:
            raise DataError(found["error"].pop("where"), found["error"].pop("key"), **found["error"])
        return found

    def _line(self, timeout: float) -> bytes:
        assert self._process.stdout
        pipe, until = self._process.stdout.fileno(), time.monotonic() + timeout
        while b"\n" not in self._unread:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.close()
                raise WorkerDied("too slow", f"no answer in {timeout:g} s")
            read = os.read(pipe, 1 << 16)
            if not read:
                raise self._death()
            self._unread += read
        line, self._unread = self._unread.split(b"\n", 1)
        return line

    def _death(self) -> WorkerDied:
        code = self._process.wait()
        if code == OUT_OF_MEMORY:
            return WorkerDied("too large", "it took more memory than it may (--memory)")
        said = [line.strip() for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
        return WorkerDied("crashed", f"exit code {code}: {said[-1] if said else 'nothing said'}")
