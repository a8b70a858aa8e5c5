"""The one tree of errors.

A message is one line that says what is wrong, where (file and key), what was expected, what was found, and the cure.
The library raises these; only the command line turns them into exit codes (:mod:`tpugraph_db.cli`).
"""

from __future__ import annotations


class TpuGraphError(Exception):
    """Anything this package refuses or could not do."""


class DataError(TpuGraphError):
    """A file or record that is not what its format says.

    >>> str(DataError("x.npz", "edge_index", expected="int64 (edges, 2)", found="float32 (3, 2)"))
    'x.npz: edge_index: expected int64 (edges, 2), found float32 (3, 2)'
    """

    def __init__(self, where: str, key: str, *, expected: str, found: str, cure: str = "") -> None:
        self.where, self.key, self.expected, self.found, self.cure = where, key, expected, found, cure
        line = f"{where}: {key}: expected {expected}, found {found}"
        super().__init__(_one_line(f"{line}; {cure}" if cure else line))


class PayloadError(TpuGraphError):
    """The arrays beside a graph are missing or are not those it was loaded with."""


class QueryError(TpuGraphError):
    """Cypher that cannot run; ``line`` and ``column`` (from 1) where the engine says the place."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line, self.column = line, column
        super().__init__(_one_line(message))


class ReadOnlyError(QueryError):
    """A statement run as a read that would write, or would leave the database."""


class QueryTimeoutError(QueryError):
    """A query stopped at its time limit."""


class QueryStoppedError(QueryError):
    """A query that another thread has stopped (:meth:`tpugraph_db.stores.base.Store.stoppable`)."""


class NotFoundError(TpuGraphError):
    """A graph, query, model or label that is not there; the message lists the nearest names."""


class AmbiguousError(TpuGraphError):
    """A part of a name that fits several; the message lists them."""


class ExistsError(TpuGraphError):
    """A graph of that id is loaded from another file."""


class UsageError(TpuGraphError):
    """An argument that makes no sense, before anything was tried."""


class StoreError(TpuGraphError):
    """The store cannot be reached, opened, or used by this version."""


class NoStoreError(StoreError):
    """There is no embedded store in that folder yet."""


class StoreBusyError(StoreError):
    """The embedded store is held by another process (its ``pid``, where known)."""

    def __init__(self, message: str, *, pid: int | None = None) -> None:
        self.pid = pid
        super().__init__(message)


class LostChangeError(StoreError):
    """Another process took over what this one was loading or removing, as it had not written for too long."""


class TooLargeError(StoreError):
    """A transaction took more memory than the server allows; nothing was done, and a smaller one may fit."""


class SchemaVersionError(StoreError):
    """The store was written by an older or newer schema."""


class GateError(TpuGraphError):
    """A figure missed the bound that was asked for."""


def printable(text: str) -> str:
    r"""On one line, and safe on a terminal: what cannot be shown as it is becomes a backslash sequence.

    >>> print(printable("a\nb"))
    a\nb
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def did_you_mean(word: str, known: list[str]) -> str:
    """``'; did you mean A, B?'`` for the nearest of ``known``, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=3, cutoff=0.5)
    return f"; did you mean {', '.join(near)}?" if near else ""
