"""Java's exceptions as ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tpugraph_db.errors import QueryError, StoreError
from tpugraph_db.stores import jvm
from tpugraph_db.stores.base import refused_write, timed_out

_POSITIONS = ((re.compile(r"line (\d+):(\d+)"), 1), (re.compile(r"line (\d+), column (\d+)"), 0))
"""Where the parser says the place, and what makes its column count from 1."""

_CLASS = re.compile(r"(?:[\w$]+\.)+[\w$]*(?:Exception|Error): ")
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
        raise StoreError(f"{location}: {plain_text(str(error))}") from error


def plain_text(message: str) -> str:
    """What a message says to people: without the names of classes and of deeper causes."""
    return _CAUSE.sub("", _CLASS.sub("", message)).strip()


def _reason(error: Any) -> str:
    """A Java exception's message; of its cause where it only repeats the statement."""
    if str(error.getMessage()).startswith("Error executing") and error.getCause() is not None:
        return _reason(error.getCause())
    return plain_text(str(error))


def _translate(error: Any, location: str, timeout: float | None) -> Exception:
    kinds, message = " ".join(_kinds(error)), _reason(error)
    if "NotIdempotent" in kinds or "not idempotent" in message:
        return refused_write()
    if "Timeout" in kinds:
        return timed_out(timeout, message)
    if "OutOfMemory" in kinds:
        return StoreError(f"{location}: Java's memory is full; set {jvm.HEAP} to more than {jvm.heap()}")
    line, column = _position(message)
    return QueryError(f"Cypher: {message}", line=line, column=column)


def _kinds(error: Any) -> Iterator[str]:
    """Class names of an exception and of what caused it."""
    while error is not None:
        yield str(error.getClass().getSimpleName())
        error = error.getCause()


def _position(message: str) -> tuple[int | None, int | None]:
    for pattern, start in _POSITIONS:
        place = pattern.search(message)
        if place:
            return int(place[1]), int(place[2]) + start
    return None, None
