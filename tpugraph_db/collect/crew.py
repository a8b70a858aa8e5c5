"""Several processes that compile, each on a core of its own; one that dies is replaced."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from types import TracebackType
from typing import Any

from tpugraph_db.collect.draw import Layouts
from tpugraph_db.collect.worker import Worker, WorkerDied

Hire = Callable[[], Worker]


class Crew:
    """A context manager: its end is the workers'. ``hire`` makes the worker of each place, numbered from 0."""

    def __init__(self, hire: Mapping[int, Hire], timeout: float) -> None:
        self._hire, self._timeout = hire, timeout
        self._workers: dict[int, Worker] = {}
        self._idle: queue.SimpleQueue[int] = queue.SimpleQueue()
        for place in hire:
            self._idle.put(place)
        self._pool = ThreadPoolExecutor(len(hire))

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for worker in list(self._workers.values()):
            worker.kill()  # whoever waits for its answer hears of it
        self._pool.shutdown()
        for worker in self._workers.values():
            worker.close()

    def first(self) -> Worker:
        """One that is ready, to be asked something else before they compile."""
        return self._workers.get(0) or self._start(0)

    def compile(self, todo: Mapping[int, Layouts], default: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """(number, what became of it) of each configuration, as they are done.

        What became of it has ``status``, ``key`` or ``why``, ``seconds`` of compilation, ``ran`` of running
        it once, and ``asked`` in all.
        """
        futures = {self._pool.submit(self._one, layouts, default): number for number, layouts in todo.items()}
        for future in as_completed(futures):
            yield futures[future], future.result()

    def _one(self, layouts: Layouts, default: str) -> dict[str, Any]:
        place = self._idle.get()
        try:
            worker = self._workers.get(place) or self._start(place)
            started = time.monotonic()
            outcome = worker.ask(self._timeout, do="compile", layouts=layouts, default=default)
            return outcome | {"asked": time.monotonic() - started}
        except WorkerDied as death:
            self._workers.pop(place).close()
            return {"status": death.status, "why": death.why, "asked": self._timeout}
        finally:
            self._idle.put(place)

    def _start(self, place: int) -> Worker:
        worker = self._workers[place] = self._hire[place]()
        worker.ask(self._timeout, do="ready")
        return worker
