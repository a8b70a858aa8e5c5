"""Files that are whole or not there: written beside their place, made durable, and renamed into it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

DRAFT = ".writing-"
"""How the name of a file begins that is not whole yet; a process that is killed may leave one."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, durable; ``path`` holds all of it or what it held before, whatever happens.

    Raises:
        OSError: the disk is full, or the folder is not to be written.
    """
    draft = path.with_name(f"{DRAFT}{path.name}-{os.getpid()}")
    draft.unlink(missing_ok=True)  # of a killed process that had this one's number
    try:
        with open(draft, "xb") as file:
            fill(file, content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    make_durable(path.parent)


def fill(file: BinaryIO, content: bytes) -> None:
    """Write a file's content, durable."""
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def make_durable(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
