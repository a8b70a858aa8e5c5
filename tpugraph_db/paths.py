"""Whether a text names a file."""

from __future__ import annotations

from pathlib import Path


def is_file(text: str) -> bool:
    """Whether it is a file's path, and so no graph's id."""
    try:
        return Path(text).is_file()
    except OSError:  # longer than any file's name
        return False
