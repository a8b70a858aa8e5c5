"""Work beside the screen: a thread that says how far it is, and that can be told to stop."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from tpugraph_db.errors import TpuGraphError
from tpugraph_db.stores.jvm import leave_thread

_THREAD = "explore"


def are_running() -> bool:
    """Whether a job's thread is still at work, told to stop or not."""
    return any(thread.name == _THREAD for thread in threading.enumerate())


def settle() -> None:
    """Collect garbage now, and keep what is left out of later rounds: one over a large graph is slower than a key."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class CancelledError(Exception):
    """The job was told to stop."""


class Job:
    """Runs a generator in a thread; each value that it yields is given on.

    The thread is a daemon: a query that never ends keeps nobody from leaving. What a job that was told to stop still
    finds goes nowhere.
    """

    def __init__(
        self,
        work: Callable[[Job], Iterator[Any]],
        *,
        on_found: Callable[[Job, Any], object],
        on_end: Callable[[Job, Exception | None], object],
    ) -> None:
        """The callbacks are called in the thread, ``on_end`` once, with the error if there was one."""
        self._work, self._on_found, self._on_end = work, on_found, on_end
        self._stop = threading.Event()
        self._began = time.monotonic()
        self.doing = ""
        """What it does just now, for people."""
        self.is_over = False
        self.on_cancel: Callable[[], object] | None = None
        """Called in a thread of its own when it is told to stop: what ends a question that a store is asked."""

    def start(self) -> Job:
        """Begin."""
        threading.Thread(target=self._run, daemon=True, name=_THREAD).start()
        return self

    def cancel(self) -> None:
        """Tell it to stop; it does at the next :meth:`say`, and what it does until then is dropped."""
        self._stop.set()
        if self.on_cancel is not None:
            threading.Thread(target=self._end, args=(self.on_cancel,), daemon=True, name=_THREAD).start()

    @property
    def is_cancelled(self) -> bool:
        """It was told to stop."""
        return self._stop.is_set()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    def say(self, doing: str) -> None:
        """Say what comes next.

        Raises:
            CancelledError: it was told to stop.
        """
        self.doing = doing
        if self._stop.is_set():
            raise CancelledError

    @staticmethod
    def _end(end: Callable[[], object]) -> None:
        with suppress(TpuGraphError):  # a store that is gone answers nothing any more
            end()
        leave_thread()

    def _run(self) -> None:
        error = None
        try:
            for found in self._work(self):
                self.say(self.doing)
                self._on_found(self, found)
        except CancelledError:
            pass
        except Exception as raised:  # whatever it is belongs on the screen, not into a thread's end
            error = raised
        leave_thread()
        self.is_over = True
        self._on_end(self, error)
