"""File formats: bytes -> :class:`GraphRecord`.

A format is one module here and one line in :data:`READERS`; it is chosen by suffix, or by content where the suffix
says nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import npz
from tpugraph_db.formats.identity import Identity, identify
from tpugraph_db.formats.source import buffered, opened, walk
from tpugraph_db.formats.text import printable
from tpugraph_db.record import GraphRecord

MAX_BYTES = 2 << 30
"""What the arrays of one file may take in memory, unless the caller says otherwise.

A graph of a million ops takes 0.6 GB. A layout tensor is streamed and counts a ninth: one of 100,000 configurations of
850 ops is 6 GB and counts 0.7.
"""


@dataclass(frozen=True)
class Reader:
    """How one format is recognised and read."""

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    """Whether a file that begins with these bytes is of this format."""
    read: Callable[[BinaryIO, str, Identity, int], GraphRecord]
    """(seekable file, its name for messages, identity, bytes of memory at the most) -> record."""


READERS: tuple[Reader, ...] = (Reader("npz", (".npz",), npz.sniff, npz.read),)


def read(
    path: str | Path,
    *,
    collection: str | None = None,
    split: str | None = None,
    name: str | None = None,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
) -> GraphRecord:
    """Read one file into a record; ``-`` reads ``stdin`` and needs ``name``.

    The path ``npz/layout/<source>/<search>/<split>/x.npz`` says collection ``layout:<source>:<search>``,
    ``npz/tile/<source>/<split>/x.npz`` says ``tile:<source>``; the arguments override it. A path that says nothing is
    ``layout:local`` or ``tile:local``, split ``none``.

    Args:
        max_bytes: Refuse, before anything is inflated, a file whose arrays would take more memory than this.

    Raises:
        DataError: the file is not what its format says, takes too much memory, or changes while it is read.
        UsageError: ``-`` without a name.
        OSError: the file cannot be opened.
    """
    where = printable(str(path))
    try:
        if str(path) == "-":
            identity = Identity(collection, split or "none", name or "")
            return _read_source(*_standard_input(stdin, identity, max_bytes), where, identity, max_bytes)
        identity = identify(Path(path), collection=collection, split=split, name=name)
        with opened(path, where) as (file, sha256):
            return _read_source(file, sha256, where, identity, max_bytes)
    except MemoryError as error:
        expected, cure = "arrays that fit in memory", f"free some; {max_bytes:,} bytes are the limit (--max-bytes)"
        raise DataError(where, "file", expected=expected, found="not enough of it", cure=cure) from error


def files(paths: list[Path]) -> Iterator[Path]:
    """The readable files among ``paths``: files as given, folders walked recursively in sorted order.

    What cannot be listed is given as it is, so that reading it says why. Links to folders below are not followed.
    """
    suffixes = {suffix for reader in READERS for suffix in reader.suffixes}
    for path in paths:
        yield from [path] if str(path) == "-" else walk(path, suffixes)


def _standard_input(stdin: BinaryIO | None, identity: Identity, max_bytes: int) -> tuple[BinaryIO, str]:
    if not identity.name:
        raise UsageError("reading '-' needs a name for the graph: --name NAME")
    stream = stdin or getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise UsageError("reading '-' needs a standard input, which is closed")
    return buffered(stream, "-", max_bytes)


def _read_source(file: BinaryIO, sha256: str, where: str, identity: Identity, max_bytes: int) -> GraphRecord:
    identity.check(where)
    known = Identity(identity.collection, identity.split, identity.name, sha256)
    return _choose(file, where).read(file, where, known, max_bytes)


def _choose(file: BinaryIO, where: str) -> Reader:
    head = file.read(512)
    file.seek(0)
    fitting = [r for r in READERS if where.endswith(r.suffixes)] or [r for r in READERS if r.sniff(head)]
    if fitting:
        return fitting[0]
    known = ", ".join(suffix for reader in READERS for suffix in reader.suffixes)
    raise DataError(where, "format", expected=f"one of {known}", found=f"{head[:8]!r}...")
