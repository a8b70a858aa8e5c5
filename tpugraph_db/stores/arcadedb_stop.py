"""Stopping what ArcadeDB is busy with, from another thread: the engine's own way, which looks every few rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from tpugraph_db.stores import jvm


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Gives a function for any thread, which stops the statements that this thread runs in the block.

    They end with a :class:`QueryError`.
    """
    nobody = jvm.java("com.arcadedb.query.RunningQuery$Client").NONE
    running = _registry().open("store", "client", "flight", None, None, nobody)
    bound = running.bind()
    try:
        yield lambda: running.terminate("its client")
    finally:
        bound.close()
        running.close()


@cache
def _registry() -> Any:
    return jvm.java("com.arcadedb.query.RunningQueryRegistry")()
