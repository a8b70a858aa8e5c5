"""What a format is to those that read files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from tpugraph_db.formats.identity import Identity
from tpugraph_db.record import GraphRecord


@dataclass(frozen=True)
class Reader:
    """How one format is recognised and read."""

    name: str
    suffixes: tuple[str, ...]
    """Files that are of this format, whatever is in them."""
    sniff: Callable[[bytes], bool]
    """Whether a file that begins with these bytes is of this format."""
    read: Callable[[BinaryIO, str, Identity, int], Sequence[GraphRecord]]
    """(seekable file, its name for messages, identity, bytes of memory at the most) -> records, one or more."""
    shared_suffixes: tuple[str, ...] = ()
    """Files that may be of this format: their content says it."""
    growth: int = 0
    """Bytes of memory that a byte of the file takes while it is read; 0: the reader itself sees to ``max_bytes``."""


def fitting(readers: Sequence[Reader], name: str, head: bytes) -> Reader | None:
    """The reader of a file, by its suffix, or by what it begins with where the suffix says nothing."""
    by_suffix = [reader for reader in readers if name.endswith(reader.suffixes)]
    return next(iter(by_suffix or [reader for reader in readers if reader.sniff(head)]), None)


def listed(readers: Sequence[Reader]) -> str:
    """All of them, for a message."""
    return ", ".join(f"{r.name} ({', '.join((*r.suffixes, *r.shared_suffixes))})" for r in readers)
