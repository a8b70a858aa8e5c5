"""The folder beside a result in which its work lies until it is done."""

from __future__ import annotations

import shutil
from pathlib import Path

from tpugraph_db.errors import DataError, UsageError

JOURNAL = "journal.jsonl"
LOG = "log.txt"
"""What the child processes have printed."""


def folder(output: Path) -> Path:
    """Where the work on a result lies."""
    return output.with_name(f"{output.name}.work")


def begin(output: Path, resume: bool) -> Path:
    """The folder, new, or that of an interrupted collection.

    Raises:
        UsageError: the file has another suffix. DataError: the result is there already, or work that nobody resumes.
    """
    if output.suffix != ".npz":
        raise UsageError(f"{output}: a collection is an .npz file")
    if output.exists():
        raise DataError(str(output), "file", expected="none yet", found="one", cure="remove it, or name another (-o)")
    there = folder(output)
    if (there / JOURNAL).exists() and not resume:
        expected, cure = "none yet", "--resume continues it; remove it to begin again"
        raise DataError(str(there), "folder", expected=expected, found="an interrupted collection", cure=cure)
    try:
        there.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{there}: cannot be made ({error.strerror})") from error
    return there


def end(there: Path) -> None:
    """Remove the folder, once its result is written."""
    shutil.rmtree(there)
