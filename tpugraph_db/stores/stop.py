"""How one thread stops what another runs in a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock


class Stop:
    """Given to :meth:`tpugraph_db.stores.base.Store.stoppable` by the thread that runs; :meth:`now` is the other's."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stop: Callable[[], None] | None = None

    def now(self) -> None:
        """Stop what runs, if anything does; it ends with a :class:`tpugraph_db.errors.QueryStoppedError`.

        Raises:
            StoreError: the store cannot be asked to.
        """
        with self._lock:  # what has ended meanwhile is not to be stopped: its thread may run something else
            if self._stop is not None:
                self._stop()

    @contextmanager
    def by(self, stop: Callable[[], None]) -> Iterator[None]:
        """An engine says how what this thread runs in the block is stopped."""
        self._stop = stop
        try:
            yield
        finally:
            with self._lock:
                self._stop = None
