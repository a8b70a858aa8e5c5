"""A zip of ``.npy`` members, checked against a table of what each must be."""

from __future__ import annotations

import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import DataError

_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError, ValueError)
"""What Python's zipfile raises where an archive is not whole, or needs what it cannot do."""


@dataclass(frozen=True)
class Field:
    """What an array must be. A named dimension has one size throughout the file."""

    key: str
    dtype: str
    also: tuple[str, ...]
    """Dtypes read besides, and restored on writing."""
    shape: tuple[str | int, ...]

    def __str__(self) -> str:
        return f"{' or '.join((self.dtype, *self.also))} ({', '.join(map(str, self.shape))})"


@dataclass
class Archive:
    """Typed access to one archive. Nothing is unpickled."""

    file: BinaryIO
    where: str
    fields: Mapping[str, Field]
    other_dtypes: dict[str, str] = field(default_factory=dict)
    """Dtype, with its byte order, of each array read in another dtype than the table's first."""

    def __post_init__(self) -> None:
        try:
            self._zip = zipfile.ZipFile(self.file)
        except _BROKEN as error:
            self.file.seek(0)
            found = f"{'one that is cut short' if self.file.read(2) == b'PK' else 'something else'} ({error})"
            raise DataError(self.where, "file", expected="a zip archive of .npy arrays (npz)", found=found) from error

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def __contains__(self, key: str) -> bool:
        return f"{key}.npy" in self._zip.NameToInfo

    def array(self, key: str, sizes: dict[str, int]) -> NDArray[Any]:
        """One array, in the table's first dtype, C order. ``sizes`` collects the named dimensions."""
        with self._member(key) as member:
            shape, fortran, dtype = self._header(key, member, sizes)
            flat = self._take(key, member, int(np.prod(shape, dtype=object)), dtype)
            self._expect_end(key, member)
        array = flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)
        return self._narrow(key, np.ascontiguousarray(array))

    def stream(self, key: str, sizes: dict[str, int], chunk_bytes: int) -> Iterator[NDArray[Any]]:
        """One array in pieces along its first dimension, each of about ``chunk_bytes``."""
        with self._member(key) as member:
            shape, fortran, dtype = self._header(key, member, sizes)
            if fortran and len(shape) > 1:
                cure = "save it again from np.ascontiguousarray"
                raise DataError(self.where, key, expected="C order, to stream it", found="Fortran order", cure=cure)
            row = int(np.prod(shape[1:], dtype=object))
            step = max(1, chunk_bytes // max(1, row * dtype.itemsize))
            for start in range(0, shape[0], step):
                rows = min(step, shape[0] - start)
                yield self._take(key, member, rows * row, dtype).reshape(rows, *shape[1:])
            self._expect_end(key, member)

    @contextmanager
    def _member(self, key: str) -> Iterator[BinaryIO]:
        if key not in self:
            present = ", ".join(sorted(name.removesuffix(".npy") for name in self._zip.namelist())) or "nothing"
            raise DataError(self.where, key, expected=f"{self.fields[key]}", found=f"no such key among {present}")
        try:
            with self._zip.open(f"{key}.npy") as member:
                yield cast(BinaryIO, member)
        except (*_BROKEN, OSError) as error:
            if isinstance(error, OSError) and error.errno:
                raise  # the disk says so; without a number it is bzip2
            found, cure = f"{type(error).__name__}: {error}", "fetch the file again"
            raise DataError(self.where, key, expected="a whole zip member", found=found, cure=cure) from error

    def _header(self, key: str, member: BinaryIO, sizes: dict[str, int]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
        expected = self.fields[key]
        try:
            version = np.lib.format.read_magic(member)
            reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, fortran, dtype = reader(member)
        except (ValueError, TypeError, SyntaxError, tokenize.TokenError) as error:
            raise DataError(self.where, key, expected=str(expected), found=f"no .npy header ({error})") from error
        readable = dtype.newbyteorder("=").name in (expected.dtype, *expected.also)
        if not readable or not self._fits(shape, expected, sizes):
            known = {name: size for name, size in sizes.items() if name in expected.shape}
            counted = f" with {', '.join(f'{v} {k}' for k, v in known.items())}" if known else ""
            raise DataError(self.where, key, expected=f"{expected}{counted}", found=f"{dtype.name} {shape}")
        if dtype != np.dtype(expected.dtype):
            self.other_dtypes[key] = dtype.str
        return shape, fortran, dtype

    def _fits(self, shape: tuple[int, ...], expected: Field, sizes: dict[str, int]) -> bool:
        if len(shape) != len(expected.shape):
            return False
        for size, name in zip(shape, expected.shape, strict=True):
            wanted = name if isinstance(name, int) else sizes.get(name, size)
            if size != wanted:
                return False
        sizes.update({n: s for s, n in zip(shape, expected.shape, strict=True) if isinstance(n, str)})
        return True

    def _take(self, key: str, member: BinaryIO, items: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        data = member.read(items * dtype.itemsize)
        if len(data) != items * dtype.itemsize:
            found = f"{len(data)} bytes"
            raise DataError(self.where, key, expected=f"{items * dtype.itemsize} bytes of values", found=found)
        return np.frombuffer(data, dtype).astype(dtype.newbyteorder("="), copy=False)

    def _expect_end(self, key: str, member: BinaryIO) -> None:
        # reading to the end also makes zipfile compare the checksum
        if member.read(1):
            raise DataError(self.where, key, expected="no bytes after the values", found="more bytes")

    def _narrow(self, key: str, array: NDArray[Any]) -> NDArray[Any]:
        wanted = np.dtype(self.fields[key].dtype)
        if array.dtype == wanted:
            return array
        narrowed = array.astype(wanted)
        if (narrowed != array).any():
            found = f"{array.dtype.name} values from {array.min()} to {array.max()}"
            raise DataError(self.where, key, expected=f"values that fit {wanted.name}", found=found)
        return narrowed
