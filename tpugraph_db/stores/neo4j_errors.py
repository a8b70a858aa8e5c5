"""The neo4j driver's exceptions as ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    BrokenRecordError,
    ClientError,
    ConfigurationError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
)

from tpugraph_db.errors import QueryError, StoreError, TooLargeError
from tpugraph_db.stores.base import refused_write, stopped, timed_out

_POSITION = re.compile(r"\(line ([1-9]\d*), column (\d+)")  # line 0: the whole text

_ADVICE = re.compile(r" Please ensure that .* for more information\.")


@contextmanager
def translated(location: str, timeout: float | None) -> Iterator[None]:
    """Turn what the driver raises in the block into one of :mod:`tpugraph_db.errors`."""
    try:
        yield
    except (Neo4jError, DriverError, ConfigurationError, ValueError) as error:
        raise _translate(error, location, timeout) from error


def _translate(error: Exception, location: str, timeout: float | None) -> Exception:
    code, message = getattr(error, "code", None) or "", getattr(error, "message", None) or str(error)
    if isinstance(error, AuthError):
        return StoreError(f"{location}: Neo4j refused the user or password; set NEO4J_USERNAME and NEO4J_PASSWORD")
    if "AuthenticationRateLimit" in code:
        cure = "wait some seconds, then set NEO4J_USERNAME and NEO4J_PASSWORD"
        return StoreError(f"{location}: Neo4j listens to no password now, after too many wrong ones; {cure}")
    if isinstance(error, IncompleteCommit):
        return StoreError(f"{location}: Neo4j was lost in mid-commit: look whether the change is there, then go on")
    if isinstance(error, ServiceUnavailable):
        tls = "; leave out +s or +ssc where it has no TLS" if "+s" in location.split(":")[0] else ""
        return StoreError(f"{location}: no Neo4j answers there ({reason(message)}); start it, or set NEO4J_URI{tls}")
    if "AccessMode" in code or "Writing in read access mode" in message:
        return refused_write()
    if "TransactionTimedOut" in code:
        return timed_out(timeout, message)
    if code.endswith("Transaction.Terminated"):
        return stopped()
    if "OutOfMemory" in code:
        cure = "set dbms.memory.transaction.total.max or db.memory.transaction.max higher in neo4j.conf, or its heap"
        return TooLargeError(f"{location}: Neo4j's memory for transactions is full ({_first_line(message)}); {cure}")
    if "DatabaseNotFound" in code:
        return StoreError(f"{location}: {_first_line(message)}; set NEO4J_DATABASE")
    if isinstance(error, ClientError):
        place = _POSITION.search(message)
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        return QueryError(f"Cypher: {_first_line(message)}", line=line, column=column)
    if isinstance(error, BrokenRecordError):
        return QueryError("a date or time that Python has not; return its parts")
    cure = "; its own log says more: its disk may be full" if ".DatabaseError." in code else ""
    return StoreError(f"{location}: {type(error).__name__}: {_first_line(message)}{cure}")


def reason(message: str) -> str:
    """Where the driver tells several addresses and reasons, a line each: all of them, without its advice."""
    return _ADVICE.sub("", " ".join(message.split()))


def _first_line(message: str) -> str:
    return message.strip().split("\n")[0]
