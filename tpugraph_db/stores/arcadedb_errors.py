"""Java's exceptions as ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tpugraph_db.errors import QueryError, QueryTimeout, ReadOnlyError, StoreError
from tpugraph_db.stores import jvm

_POSITIONS = ((re.compile(r"line (\d+):(\d+)"), 1), (re.compile(r"line (\d+), column (\d+)"), 0))
"""Where the parser says the place, and what makes its column count from 1."""


@contextmanager
def translated(location: str, timeout: float | None) -> Iterator[None]:
    """Turn what Java throws in the block into one of :mod:`tpugraph_db.errors`."""
    jvm.check_process()
    from arcadedb_embedded.exceptions import ArcadeDBError

    try:
        yield
    except jvm.java("java.lang.Throwable") as error:
        raise _translate(error, location, timeout) from error
    except ArcadeDBError as error:  # of the Python wrapper, which has translated Java's
        raise StoreError(f"{location}: {error}") from error


def reason(error: Any) -> str:
    """A Java exception's message without the names of classes."""
    return re.sub(r"^([\w$]+\.)+[\w$]+: |\(caused by .*\)$", "", str(error)).strip()


def _translate(error: Any, location: str, timeout: float | None) -> Exception:
    kinds, message = " ".join(_kinds(error)), reason(error)
    if "NotIdempotent" in kinds or "not idempotent" in message:
        return ReadOnlyError("a read cannot write; to change the store, say write (--write)")
    if "Timeout" in kinds:
        return QueryTimeout(f"the query was stopped at its time limit of {timeout:g} s" if timeout else message)
    if "DatabaseIsClosed" in kinds:
        return StoreError(f"{location}: the store is closed")
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
