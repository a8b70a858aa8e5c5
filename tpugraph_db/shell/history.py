"""What was typed at a store's prompt, kept in a file of its own that nobody else reads."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tpugraph_db.stores import Store


def history_file(store: Store) -> Path:
    """The file of a store, made private where it is missing: by its id, or where it has none yet by its place.

    Raises:
        OSError: it cannot be made or written.
    """
    import platformdirs

    key = getattr(store, "store_id", "") or _place(store)
    path = platformdirs.user_state_path("tpugraph-db") / "shell" / f"{key}.history"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return path


def _place(store: Store) -> str:
    place = store.location if "://" in store.location else str(Path(store.location).absolute())
    return hashlib.sha256(place.encode(errors="surrogateescape")).hexdigest()[:32]
