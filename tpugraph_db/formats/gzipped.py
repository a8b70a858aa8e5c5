"""Files packed by gzip, of which nothing is unpacked that could cost memory."""

from __future__ import annotations

import gzip
import zlib
from typing import BinaryIO, cast

from tpugraph_db.errors import DataError
from tpugraph_db.formats.source import taken
from tpugraph_db.formats.text import short

SUFFIX = ".gz"
_MAGIC = b"\x1f\x8b"


def peeked(head: bytes) -> bytes:
    """What the bytes of a file's begin say, unpacked where they are packed."""
    if head[:2] != _MAGIC:
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, len(head))
    except zlib.error:
        return head


def unpacked(file: BinaryIO, where: str, max_bytes: int) -> BinaryIO:
    """The content of a file: itself where it is not packed.

    Raises:
        DataError: it is cut or broken, or unpacks to more than ``max_bytes``.
    """
    magic = file.read(2)
    file.seek(0)
    if magic != _MAGIC:
        return file
    try:
        with gzip.GzipFile(fileobj=file) as stream:
            content = taken(cast(BinaryIO, stream), where, max_bytes)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        found, cure = f"one that is cut or broken ({short(error)})", "fetch the file again"
        raise DataError(where, "file", expected="a whole gzip file", found=found, cure=cure) from error
    content.seek(0)
    return content
