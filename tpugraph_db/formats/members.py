"""The members of a zip archive, of which nothing is believed that could cost memory or time."""

from __future__ import annotations

import errno
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from tpugraph_db.errors import DataError
from tpugraph_db.formats.text import short

_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError, OSError)
"""What Python's zipfile raises where an archive is not whole, or needs what it cannot do."""
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those that numpy writes. A few bytes of bzip2 or LZMA may inflate to gigabytes at one go."""
_ENCRYPTED = 0x1
_DIRECTORY_BYTES = 1 << 20
"""The longest directory that is read: Python takes ten times its size, and 12 s for one of 47 MB."""


class Members:
    """The ``.npy`` members of one zip archive, by key."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self._where = where
        guarded = _Guarded(file, _DIRECTORY_BYTES)
        try:
            self._zip = zipfile.ZipFile(cast(BinaryIO, guarded))
        except _BROKEN as error:
            _raise_if_of_the_disk(error)
            file.seek(0)
            found = f"{'one that is cut or broken' if file.read(2) == b'PK' else 'something else'} ({short(error)})"
            raise DataError(where, "file", expected="a zip archive of .npy arrays (npz)", found=found) from error
        guarded.most = sys.maxsize

    def __contains__(self, key: str) -> bool:
        return f"{key}.npy" in self._zip.NameToInfo

    def close(self) -> None:
        """Let go of the archive; the file stays open."""
        self._zip.close()

    def listed(self) -> str:
        """The keys that are there, for a message."""
        keys = ", ".join(sorted(name.removesuffix(".npy") for name in self._zip.namelist()))
        return short(keys) or "nothing"

    def size(self, key: str) -> int:
        """Bytes of a member, as the directory declares them: no more than these are ever inflated."""
        return self._info(key).file_size

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """A member to read from. Its last byte brings the comparison of its checksum.

        Raises:
            DataError: it cannot be inflated, or not to what was packed.
            OSError: the disk failed.
        """
        info = self._info(key)
        try:
            with self._zip.open(info) as member:
                yield cast(BinaryIO, member)
        except _BROKEN as error:
            _raise_if_of_the_disk(error)
            found, cure = f"{type(error).__name__}: {short(error)}", "fetch the file again"
            raise DataError(self._where, key, expected="a whole zip member", found=found, cure=cure) from error

    def _info(self, key: str) -> zipfile.ZipInfo:
        info = self._zip.NameToInfo[f"{key}.npy"]
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _COMPRESSIONS:
            found = "encrypted" if info.flag_bits & _ENCRYPTED else f"of compression method {info.compress_type}"
            expected, cure = "a stored or deflated zip member", "save it again with np.savez_compressed"
            raise DataError(self._where, key, expected=expected, found=f"one {found}", cure=cure)
        return info


@dataclass
class _Guarded:
    """A file that refuses to read more bytes than ``most`` at a time."""

    file: BinaryIO
    most: int

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise zipfile.BadZipFile(f"a directory of {size:,} bytes")
        return self.file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def _raise_if_of_the_disk(error: Exception) -> None:
    """Raise what is no fault of the archive's; EINVAL is one, for a place before the begin of the file."""
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        raise error
