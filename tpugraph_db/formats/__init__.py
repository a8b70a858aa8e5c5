"""File formats: bytes -> :class:`GraphRecord`.

A format is one module here and one line in :data:`READERS`; it is chosen by suffix, or by content where the suffix
says nothing.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import npz
from tpugraph_db.formats.identity import Identity, identify
from tpugraph_db.record import GraphRecord


@dataclass(frozen=True)
class Reader:
    """How one format is recognised and read."""

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    """Whether a file that begins with these bytes is of this format."""
    read: Callable[[BinaryIO, str, Identity], GraphRecord]
    """(seekable file, its name for messages, identity) -> record."""


READERS: tuple[Reader, ...] = (Reader("npz", (".npz",), npz.sniff, npz.read),)


def read(
    path: str | Path,
    *,
    collection: str | None = None,
    split: str | None = None,
    name: str | None = None,
    stdin: BinaryIO | None = None,
) -> GraphRecord:
    """Read one file into a record; ``-`` reads ``stdin`` and needs ``name``.

    The path ``npz/layout/<source>/<search>/<split>/x.npz`` says collection ``layout:<source>:<search>``,
    ``npz/tile/<source>/<split>/x.npz`` says ``tile:<source>``; the arguments override it. A path that says nothing is
    ``layout:local`` or ``tile:local``, split ``none``.

    Raises:
        DataError: the file is not what its format says.
        UsageError: ``-`` without a name.
        OSError: the file cannot be opened.
    """
    if str(path) == "-":
        return _read_stdin(stdin, Identity(collection, split or "none", name or ""))
    given = identify(Path(path), collection=collection, split=split, name=name)
    with open(path, "rb") as file:
        return _read_open(file, str(path), given)


def files(paths: list[Path]) -> Iterator[Path]:
    """The readable files among ``paths``: files as given, folders walked recursively in sorted order."""
    suffixes = {suffix for reader in READERS for suffix in reader.suffixes}
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in suffixes and not p.is_dir())
        else:
            yield path


def _read_stdin(stdin: BinaryIO | None, identity: Identity) -> GraphRecord:
    if not identity.name:
        raise UsageError("reading '-' needs a name for the graph: --name NAME")
    if stdin is None:
        import sys

        stdin = sys.stdin.buffer
    return _read_open(io.BytesIO(stdin.read()), "-", identity)


def _read_open(file: BinaryIO, where: str, identity: Identity) -> GraphRecord:
    reader = _choose(file, where)
    digest = hashlib.file_digest(cast(io.BufferedReader, file), "sha256").hexdigest()
    file.seek(0)
    return reader.read(file, where, Identity(identity.collection, identity.split, identity.name, digest))


def _choose(file: BinaryIO, where: str) -> Reader:
    head = file.read(512)
    file.seek(0)
    fitting = [r for r in READERS if where.endswith(r.suffixes)] or [r for r in READERS if r.sniff(head)]
    if fitting:
        return fitting[0]
    known = ", ".join(suffix for reader in READERS for suffix in reader.suffixes)
    raise DataError(where, "format", expected=f"one of {known}", found=f"{head[:8]!r}...")
