"""File formats: bytes -> :class:`GraphRecord`.

A format is one module here and one line in :data:`READERS`; it is chosen by suffix, or by content where the suffix
says nothing. Any file may be packed by gzip.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO

from tpugraph_db.errors import DataError, UsageError, printable
from tpugraph_db.formats import gzipped, hlo_text, npz, protobuf, xla_dump
from tpugraph_db.formats.identity import Identity, identify
from tpugraph_db.formats.reader import Reader, fitting, listed
from tpugraph_db.formats.source import begin, buffered, expect_size, opened, walk
from tpugraph_db.record import GraphRecord

MAX_BYTES = 2 << 30
"""What one file may take in memory, unless the caller says otherwise.

A graph of a million ops takes 0.6 GB as npz. A layout tensor is streamed and counts a ninth: one of 100,000
configurations of 850 ops is 6 GB and counts 0.7.
"""

HEAD_BYTES = 1 << 16
"""What is read of a file to see of which format it is."""

READERS: tuple[Reader, ...] = (npz.READER, hlo_text.READER, protobuf.READER)


def read(
    path: str | Path,
    *,
    collection: str | None = None,
    split: str | None = None,
    name: str | None = None,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
) -> GraphRecord:
    """Read a file of one graph into a record; ``-`` reads ``stdin`` and needs ``name``.

    The path ``npz/layout/<source>/<search>/<split>/x.npz`` says collection ``layout:<source>:<search>``,
    ``npz/tile/<source>/<split>/x.npz`` says ``tile:<source>``; the arguments override it. A path that says nothing is
    ``layout:local``, ``tile:local`` or ``hlo:local``, by what is in the file, and split ``none``.

    Args:
        max_bytes: Refuse, before anything is inflated, a file that would take more memory than this.

    Raises:
        DataError: the file is not what its format says, takes too much memory, changes while it is read, or holds
            several graphs.
        UsageError: ``-`` without a name.
        OSError: the file cannot be opened.
    """
    records = _read(path, Identity(collection, split or "", name or ""), stdin, max_bytes)
    if len(records) == 1:
        return records[0]
    cure = "tpugraph_db.read_all gives them all"
    raise DataError(printable(str(path)), "file", expected="one graph", found=f"{len(records):,} graphs", cure=cure)


def read_all(
    path: str | Path,
    *,
    collection: str | None = None,
    split: str | None = None,
    name: str | None = None,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
) -> Iterator[GraphRecord]:
    """Read every graph of a file; as :func:`read`.

    A file is read whole before the first graph is given: one that is bad at its end gives none. Where there are
    several, a graph's name is the file's (or ``name``), a dot, and its module's.
    """
    return iter(_read(path, Identity(collection, split or "", name or ""), stdin, max_bytes))


def files(paths: list[Path]) -> Iterator[Path]:
    """The readable files among ``paths``: files as given, folders walked recursively in sorted order.

    In a folder files of our suffixes are readable, and those of suffixes that others use too (``.txt``, ``.pb``) where
    their content is; of what XLA dumps only the programs (:mod:`xla_dump`). What cannot be listed or looked into is
    given as it is, so that reading it says why. Links to folders below are not followed.
    """
    for path in paths:
        found = [path] if str(path) == "-" else list(walk(path, _is_wanted))
        yield from found if found == [path] else xla_dump.to_read(found)


def _is_wanted(path: Path) -> bool:
    name = path.name.removesuffix(gzipped.SUFFIX)
    if any(name.endswith(reader.suffixes) for reader in READERS):
        return True
    shared = [reader for reader in READERS if name.endswith(reader.shared_suffixes)]
    try:
        return bool(shared) and any(reader.sniff(gzipped.peeked(begin(path, HEAD_BYTES))) for reader in shared)
    except OSError:
        return True


def _read(path: str | Path, said: Identity, stdin: BinaryIO | None, max_bytes: int) -> list[GraphRecord]:
    where = printable(str(path))
    try:
        if str(path) == "-":
            identity = replace(said, split=said.split or "none")
            return _read_source(*_standard_input(stdin, identity, max_bytes), where, identity, max_bytes)
        identity = identify(Path(path), collection=said.collection, split=said.split, name=said.name)
        with opened(path, where) as (file, sha256):
            return _read_source(file, sha256, where, identity, max_bytes)
    except MemoryError as error:
        expected, cure = "arrays that fit in memory", f"free some; {max_bytes:,} bytes are the limit (--max-bytes)"
        raise DataError(where, "file", expected=expected, found="not enough of it", cure=cure) from error


def _standard_input(stdin: BinaryIO | None, identity: Identity, max_bytes: int) -> tuple[BinaryIO, str]:
    if not identity.name:
        raise UsageError("reading '-' needs a name for the graph: --name NAME")
    stream = stdin or getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise UsageError("reading '-' needs a standard input, which is closed")
    return buffered(stream, "-", max_bytes)


def _read_source(file: BinaryIO, sha256: str, where: str, identity: Identity, max_bytes: int) -> list[GraphRecord]:
    identity.check(where)
    head = gzipped.peeked(file.read(HEAD_BYTES))
    file.seek(0)
    reader = fitting(READERS, where.removesuffix(gzipped.SUFFIX), head)
    if reader is None:
        raise DataError(where, "format", expected=listed(READERS), found=f"{head[:8]!r}...")
    content = gzipped.unpacked(file, where, max_bytes // max(1, reader.growth))
    if reader.growth:
        expect_size(content.seek(0, SEEK_END), where, max_bytes // reader.growth)
        content.seek(0)
    return list(reader.read(content, where, replace(identity, sha256=sha256), max_bytes))
