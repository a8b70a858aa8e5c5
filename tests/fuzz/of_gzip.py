"""Files packed by gzip that are not whole, or hold more than they should."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import cache
from random import Random as Chance

from tests.fuzz.of_bytes import cut, flip

_PIECE = 16 << 20


def packed(content: bytes) -> bytes:
    return gzip.compress(content, 1, mtime=0)


def broken(chance: Chance, content: bytes) -> bytes:
    return chance.choice((cut, flip))(chance, packed(content))


def twice(chance: Chance, content: bytes) -> bytes:
    whole = packed(content)
    return chance.choice((packed(whole), whole + whole, whole + b"\0" * 512, whole + content))


def bomb(chance: Chance, content: bytes) -> bytes:
    """The content, and then up to 2 GB of one byte: a thousand times what the file takes."""
    pieces = chance.choice((1, 2, 32, 128))
    return packed(content) + _piece(chance.choice((b"\0", b" ", b"\n", b"(", b"\x0a"))) * pieces


@cache
def _piece(byte: bytes) -> bytes:
    return packed(byte * _PIECE)


KINDS: dict[str, Callable[[Chance, bytes], bytes]] = {"gzip": broken, "gzip twice": twice, "gzip bomb": bomb}
