"""The arrays of an npz file, checked against a table of what each must be.

Sizes are believed only where they agree: what the zip's directory declares is bounded before anything is inflated, and
what an array's header declares must be the size that the directory gives its member.
"""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import DataError
from tpugraph_db.formats.members import Members
from tpugraph_db.formats.text import short

_HEADER_BYTES = 10_000
"""The longest .npy header that numpy itself would read."""


@dataclass(frozen=True)
class Field:
    """What an array must be. A named dimension has one size throughout the file."""

    key: str
    dtype: str
    also: tuple[str, ...]
    """Dtypes read besides, and restored on writing."""
    shape: tuple[str | int, ...]
    kept: int = 1
    """One in how many of its bytes stays in memory, at the most."""

    def __str__(self) -> str:
        return f"{' or '.join((self.dtype, *self.also))} ({', '.join(map(str, self.shape))})"


@dataclass
class Archive:
    """Typed access to one archive. Nothing is unpickled."""

    file: BinaryIO
    where: str
    fields: Mapping[str, Field]
    max_bytes: int
    """What the arrays may take in memory."""
    other_dtypes: dict[str, str] = field(default_factory=dict)
    """Dtype, with its byte order, of each array read in another dtype than the table's first."""

    def __post_init__(self) -> None:
        self._members = Members(self.file, self.where)
        sizes = {key: self._members.size(key) // self.fields[key].kept for key in self.fields if key in self}
        if sizes:
            self.expect_room(max(sizes, key=lambda key: sizes[key]), sum(sizes.values()))

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._members.close()

    def __contains__(self, key: str) -> bool:
        return key in self._members

    def expect_room(self, key: str, needed: int, cure: str = "") -> None:
        """Refuse what would take more memory than ``max_bytes``; ``key`` is what takes most of it."""
        if needed > self.max_bytes:
            expected = f"arrays that take at most {self.max_bytes:,} bytes of memory"
            cure = f"{cure}--max-bytes (max_bytes in Python) raises the limit"
            raise DataError(self.where, key, expected=expected, found=f"{needed:,} bytes", cure=cure)

    def array(self, key: str, sizes: dict[str, int]) -> NDArray[Any]:
        """One array, in the table's first dtype, C order. ``sizes`` collects the named dimensions."""
        with self._member(key) as member:
            shape, fortran, dtype = self._header(key, member, sizes)
            array = self._whole(key, member, shape, fortran, dtype)
        return self._narrow(key, np.ascontiguousarray(array))

    def stream(self, key: str, sizes: dict[str, int], chunk_bytes: int) -> Iterator[NDArray[Any]]:
        """One array in pieces along its first dimension, each of about ``chunk_bytes``.

        In Fortran order each piece is spread over all of the array, which is then read at once where it has room.
        """
        with self._member(key) as member:
            shape, fortran, dtype = self._header(key, member, sizes)
            row = math.prod(shape[1:])
            step = max(1, chunk_bytes // max(1, row * dtype.itemsize))
            if fortran:
                self.expect_room(key, self._members.size(key), "save it again from np.ascontiguousarray, or ")
                whole = self._whole(key, member, shape, fortran, dtype)
                yield from (np.ascontiguousarray(whole[at : at + step]) for at in range(0, shape[0], step))
                return
            for at in range(0, shape[0], step):
                rows = min(step, shape[0] - at)
                yield self._take(key, member, rows * row, dtype).reshape(rows, *shape[1:])

    @contextmanager
    def _member(self, key: str) -> Iterator[BinaryIO]:
        if key not in self:
            found = f"no such key among {self._members.listed()}"
            raise DataError(self.where, key, expected=str(self.fields[key]), found=found)
        with self._members.open(key) as member:
            yield member

    def _header(self, key: str, member: BinaryIO, sizes: dict[str, int]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
        expected = self.fields[key]
        header = _header_bytes(member)
        try:
            shape, fortran, dtype = _parse(io.BytesIO(header))
        except Exception as error:  # numpy evaluates the header, which raises whatever a Python literal can
            found = f"no .npy header ({short(error)})"
            raise DataError(self.where, key, expected=str(expected), found=found) from error
        readable = dtype.newbyteorder("=").name in (expected.dtype, *expected.also)
        if not readable or not self._fits(shape, expected, sizes):
            known = {name: size for name, size in sizes.items() if name in expected.shape}
            counted = f" with {', '.join(f'{v} {k}' for k, v in known.items())}" if known else ""
            found = short(f"{dtype.name} {shape}")
            raise DataError(self.where, key, expected=f"{expected}{counted}", found=found)
        self._expect_size(key, math.prod(shape) * dtype.itemsize, self._members.size(key) - len(header))
        if dtype != np.dtype(expected.dtype):
            self.other_dtypes[key] = dtype.str
        return shape, fortran, dtype

    def _fits(self, shape: tuple[int, ...], expected: Field, sizes: dict[str, int]) -> bool:
        if len(shape) != len(expected.shape):
            return False
        for size, name in zip(shape, expected.shape, strict=True):
            wanted = name if isinstance(name, int) else sizes.get(name, size)
            if size != wanted or not 0 <= size <= sys.maxsize:
                return False
        sizes.update({n: s for s, n in zip(shape, expected.shape, strict=True) if isinstance(n, str)})
        return True

    def _whole(
        self, key: str, member: BinaryIO, shape: tuple[int, ...], fortran: bool, dtype: np.dtype[Any]
    ) -> NDArray[Any]:
        flat = self._take(key, member, math.prod(shape), dtype)
        return flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)

    def _take(self, key: str, member: BinaryIO, items: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        data = member.read(items * dtype.itemsize)
        self._expect_size(key, items * dtype.itemsize, len(data))
        return np.frombuffer(data, dtype).astype(dtype.newbyteorder("="), copy=False)

    def _expect_size(self, key: str, expected: int, found: int) -> None:
        if expected != found:
            raise DataError(self.where, key, expected=f"{expected} bytes of values", found=f"{found} bytes")

    def _narrow(self, key: str, array: NDArray[Any]) -> NDArray[Any]:
        wanted = np.dtype(self.fields[key].dtype)
        if array.dtype == wanted:
            return array
        narrowed = array.astype(wanted)
        if (narrowed != array).any():
            found = f"{array.dtype.name} values from {array.min()} to {array.max()}"
            raise DataError(self.where, key, expected=f"values that fit {wanted.name}", found=found)
        return narrowed


def _header_bytes(member: BinaryIO) -> bytes:
    """An .npy header: magic string, version, a length of two bytes (version 1) or four, and as many bytes of text."""
    start = member.read(12)
    text = 10 if start[6:7] == b"\x01" else 12
    end = text + int.from_bytes(start[8:text], "little")
    return start + member.read(min(max(0, end - len(start)), _HEADER_BYTES))


def _parse(header: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether it is in Fortran order, and dtype."""
    version = np.lib.format.read_magic(header)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(header)
    if version in ((2, 0), (3, 0)):  # which differ in the names of fields alone
        return np.lib.format.read_array_header_2_0(header)
    raise ValueError(f"of version {version}")
