"""Where a store is served, for whoever finds its folder taken: a file that only its user may read."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tpugraph_db.errors import StoreError

_NAME = "served"


@dataclass(frozen=True)
class Notice:
    """Who serves a store, where, and the word that lets a client in."""

    address: str
    pid: int
    token: str = field(repr=False)

    def put_up(self, folder: Path) -> None:
        """Write it into the store's folder, whole and for its user alone.

        Raises:
            StoreError: it cannot be written.
        """
        draft = folder / f".{_NAME}-{self.pid}"
        try:
            draft.unlink(missing_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(asdict(self), file)
            draft.replace(folder / _NAME)
        except OSError as error:
            raise StoreError(f"{folder}: cannot say there that it is served ({error.strerror})") from error


def read_notice(folder: Path) -> Notice | None:
    """The notice in a folder, which may be old; None where there is none, or none that can be read."""
    with suppress(OSError, ValueError, TypeError):
        return Notice(**json.loads((folder / _NAME).read_text()))
    return None


def take_down(folder: Path) -> None:
    """Remove the notice. Who holds the store may: whatever it says is over."""
    with suppress(OSError):
        (folder / _NAME).unlink(missing_ok=True)
