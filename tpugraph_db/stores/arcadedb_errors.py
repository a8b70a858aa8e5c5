"""Java's exceptions as ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tpugraph_db.errors import QueryError, StoreError
from tpugraph_db.stores import jvm
from tpugraph_db.stores.base import refused_write, stopped, timed_out

_POSITIONS = ((re.compile(r"line (\d+):(\d+)"), 1), (re.compile(r"line (\d+), column (\d+)"), 0))
"""Where the parser says the place, and what makes its column count from 1."""

_CLASS = re.compile(r"(?:[\w$]+\.)+[\w$]*(?:Exception|Error): ")
_FULL = "No space left on device"
_CAUSE = re.compile(r"\(caused by .*\)$", re.DOTALL)


@contextmanager
def translated(location: str, timeout: float | None) -> Iterator[None]:
    """Turn what Java throws in the block into one of :mod:`tpugraph_db.errors`."""
    from arcadedb_embedded.exceptions import ArcadeDBError

    try:
        yield
    except jvm.java("java.lang.Throwable") as error:
        raise _translate(error, location, timeout) from error
    except ArcadeDBError as error:  # of the Python wrapper, which has translated Java's
        if _FULL in str(error):
            raise disk_full(location) from error
        raise StoreError(f"{location}: {plain_text(str(error))}") from error


def disk_full(location: str) -> StoreError:
    """Of a store whose disk has no room for what is to be written."""
    return StoreError(f"{location}: the disk is full; make room and say the same again: what is done stays")


def plain_text(message: str) -> str:
    """What a message says to people: without the names of classes and of deeper causes."""
    return _CAUSE.sub("", _CLASS.sub("", message)).strip()


def _reason(error: Any) -> str:
    """A Java exception's message; of its cause where it only repeats the statement."""
    if str(error.getMessage()).startswith("Error executing") and error.getCause() is not None:
        return _reason(error.getCause())
    return plain_text(str(error))


def _translate(error: Any, location: str, timeout: float | None) -> Exception:
    kinds = " ".join(str(cause.getClass().getSimpleName()) for cause in _causes(error))
    message = _reason(error)
    if "NotIdempotent" in kinds or "not idempotent" in message:
        return refused_write()
    if "QueryTerminated" in kinds:
        return stopped()
    if "Timeout" in kinds:
        return timed_out(timeout, message)
    if any(_FULL in str(cause.getMessage()) for cause in _causes(error)):
        return disk_full(location)
    if "OutOfMemory" in kinds:
        return StoreError(f"{location}: Java's memory is full; set {jvm.HEAP} to more than {jvm.heap()}")
    line, column = _position(message)
    return QueryError(f"Cypher: {message}", line=line, column=column)


def _causes(error: Any) -> Iterator[Any]:
    """An exception and what caused it."""
    while error is not None:
        yield error
        error = error.getCause()


def _position(message: str) -> tuple[int | None, int | None]:
    for pattern, start in _POSITIONS:
        place = pattern.search(message)
        if place:
            return int(place[1]), int(place[2]) + start
    return None, None
