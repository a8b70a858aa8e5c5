"""Which process has a folder: its number, in a file that it keeps locked.

ArcadeDB has a lock of its own, but opens and complains about the files of the other process before it meets it.
"""

from __future__ import annotations

import os
from pathlib import Path

from tpugraph_db.errors import StoreBusyError, StoreError

try:
    import fcntl
except ImportError:  # Windows has the engine's own lock
    fcntl = None  # type: ignore[assignment]

_held: set[Owner] = set()


class Owner:
    """The right to a folder, from :meth:`take` to :meth:`release` or the end of the process."""

    def __init__(self, path: Path, location: str) -> None:
        self._path, self._location = path, location
        self._handle = -1

    def take(self) -> None:
        """Take it.

        Raises:
            StoreBusyError: a process has it; says which. StoreError: the disk is full.
        """
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise self.busy() from error
        try:
            os.truncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
        except OSError as error:
            os.close(handle)
            raise StoreError(f"{self._location}: the store does not open ({error.strerror}); make room") from error
        self._handle = handle
        _held.add(self)

    def release(self) -> None:
        """Give it back; harmless where it is not held."""
        if self._handle >= 0:
            os.truncate(self._handle, 0)
            self.drop()

    def drop(self) -> None:
        """Let go of the file without a change: a forked child's copy must not keep it from others."""
        os.close(self._handle)
        self._handle = -1
        _held.discard(self)

    def busy(self) -> StoreBusyError:
        """The error that names the process that has it."""
        text = self._path.read_text() if self._path.exists() else ""
        pid = int(text) if text.isdecimal() else None
        holder = "this process" if pid == os.getpid() else f"process {pid or '(unknown)'}"
        cure = "close it there first, or let that one serve it (tpudb serve)"
        return StoreBusyError(f"{self._location}: the store is held by {holder}; {cure}", pid=pid)


def _drop_all() -> None:
    for owner in list(_held):
        owner.drop()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_drop_all)
