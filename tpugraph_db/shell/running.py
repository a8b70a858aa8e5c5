"""What the prompt waits for runs in another thread, so that Ctrl-C ends the waiting whatever the engine does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, TypeVar, cast

from tpugraph_db.errors import QueryStoppedError, TpuGraphError
from tpugraph_db.stores import Store
from tpugraph_db.stores.jvm import leave_thread
from tpugraph_db.stores.stop import Stop

GRACE = 2.0
"""Seconds that a stopped query has to end; then the prompt is back without it."""

Answer = TypeVar("Answer")


class Runner:
    """Runs work on a store, one piece at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks = _worker()
        self._left: list[_Task] = []

    def run(self, work: Callable[[], Answer]) -> Answer:
        """What ``work`` returns or raises. A KeyboardInterrupt meanwhile stops it.

        Raises:
            QueryStoppedError: it was stopped; says so where the engine still runs it.
        """
        task = _Task(work, self._store)
        try:
            self._tasks.put(task)
            task.ended.wait()
        except KeyboardInterrupt:
            self._stop(task)
        except SystemExit:
            with suppress(QueryStoppedError):
                self._stop(task)
            raise
        return cast(Answer, task.answer())

    def is_left(self) -> bool:
        """Whether the engine still runs something that was stopped."""
        return not all(task.ended.is_set() for task in self._left)

    def _stop(self, task: _Task) -> None:
        Thread(target=task.stop_now, daemon=True, name="stop").start()  # asking a server may take long
        with suppress(KeyboardInterrupt):  # a second one: wait no longer
            task.ended.wait(GRACE)
        if not task.ended.is_set():
            self._left = [other for other in self._left if not other.ended.is_set()] + [task]
            self._tasks = _worker()  # the other one's thread is not free
            raise QueryStoppedError(
                "no longer waited for; the engine has not stopped it yet, and a write may still be done"
            )


class _Task:
    def __init__(self, work: Callable[[], Any], store: Store) -> None:
        self.ended = Event()
        self._work, self._store, self._stop = work, store, Stop()
        self._answer: Any = None
        self._error: BaseException | None = None

    def do(self) -> None:
        try:
            with self._store.stoppable(self._stop):
                self._answer = self._work()
        except BaseException as error:
            self._error = error
        finally:
            self.ended.set()

    def stop_now(self) -> None:
        try:
            self._stop.now()
        except TpuGraphError as error:  # the server is away: so is the query
            self._error = self._error or error
        leave_thread()

    def answer(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._answer


def _worker() -> SimpleQueue[_Task]:
    """A thread that lasts: each that ends would leave its Java half behind."""
    tasks: SimpleQueue[_Task] = SimpleQueue()

    def work() -> None:
        while True:
            tasks.get().do()

    Thread(target=work, daemon=True, name="queries").start()
    return tasks
