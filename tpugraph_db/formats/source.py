"""Where bytes come from: folders walked, files opened, and the digest that belongs to what was read."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from tpugraph_db.errors import DataError

IN_MEMORY = 64 << 20
"""Bytes up to which a file is read at one go."""
_TICK_S = 0.02
"""Longer than a tick of the clock by which Linux dates a file's changes."""
_Stamp = tuple[int, int, int]
"""Size, and times of the last change of the content and of the entry, in nanoseconds."""
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def walk(path: Path, is_wanted: Callable[[Path], bool]) -> Iterator[Path]:
    """The wanted files below a folder, sorted; anything else as it is, for its reading to say why.

    So is a folder that cannot be listed. Links to folders are not followed, or a walk could leave what was named.
    """
    found, waiting = [], [path]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif is_wanted(Path(entry.path)):
                        found.append(Path(entry.path))
        except (OSError, ValueError):
            found.append(folder)
    yield from sorted(found)


@contextmanager
def opened(path: str | Path, where: str) -> Iterator[tuple[BinaryIO, str]]:
    """A file, seekable, and the sha256 of its bytes, which are those that are read from it.

    A small file is read once, so that both come from the same bytes. A larger one is read twice, and its size and
    times must be the same before and after. Nothing is read from a pipe or a device, which may never end.

    Raises:
        DataError: no file, or one that changes meanwhile.
        OSError: it cannot be opened or read.
    """
    _expect_file(path, where)
    with open(path, "rb") as file:
        before = _stamp(file)
        source = io.BytesIO(file.read(before[0] + 1)) if before[0] <= IN_MEMORY else _settled(file, before)
        try:
            yield source, _digest(source)
        except DataError:
            _expect_same(file, before, where)  # the better reason
            raise
        _expect_same(file, before, where)


def buffered(stream: BinaryIO, where: str, max_bytes: int) -> tuple[BinaryIO, str]:
    """What a stream gives up to its end, as a seekable file, and its sha256.

    Raises:
        DataError: it gives more than ``max_bytes``.
    """
    content = taken(stream, where, max_bytes)
    return content, _digest(content)


def taken(stream: BinaryIO, where: str, max_bytes: int) -> io.BytesIO:
    """What a stream gives up to its end, if that is not more than ``max_bytes``; as :func:`buffered`."""
    content = io.BytesIO()
    while piece := stream.read(1 << 20):
        content.write(piece)
        expect_size(content.tell(), where, max_bytes)
    return content


def expect_size(size: int, where: str, max_bytes: int) -> None:
    """Refuse a file of more than ``max_bytes``."""
    if size > max_bytes:
        cure = "--max-bytes (max_bytes in Python) raises the limit"
        raise DataError(where, "file", expected=f"at most {max_bytes:,} bytes", found="more", cure=cure)


def begin(path: Path, size: int) -> bytes:
    """The first bytes of a file; none of what is no file, such as a pipe, which may never end.

    Raises:
        OSError: it cannot be read.
    """
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(size)


def _expect_file(path: str | Path, where: str) -> None:
    try:
        kind = stat.S_IFMT(Path(path).stat().st_mode)
    except ValueError as error:  # a NUL, or what no file name can be encoded from
        raise DataError(where, "file", expected="a path", found=str(error)) from error
    if kind in _KINDS:
        cure = "send its bytes to '-' (tpudb load - --name NAME)"
        raise DataError(where, "file", expected="a file", found=_KINDS[kind], cure=cure)
    if kind == stat.S_IFDIR:
        next(Path(path).iterdir(), None)  # no permission is the better reason
        raise DataError(where, "file", expected="a file", found="a folder", cure="load walks folders")


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.file_digest(cast(io.BufferedReader, file), "sha256").hexdigest()
    file.seek(0)
    return digest


def _settled(file: BinaryIO, stamp: _Stamp) -> BinaryIO:
    """The file, at a time when its next change gives it another stamp."""
    if abs(time.time_ns() - max(stamp[1:])) < _TICK_S * 1e9:
        time.sleep(_TICK_S)
    return file


def _stamp(file: BinaryIO) -> _Stamp:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _expect_same(file: BinaryIO, before: _Stamp, where: str) -> None:
    if _stamp(file) != before:
        cure = "try again when nothing writes to it"
        raise DataError(where, "file", expected="a file at rest", found="one that changed while it was read", cure=cure)
