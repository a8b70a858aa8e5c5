"""What a file's path says of the graph in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Identity:
    """Where a record comes from; None where neither path nor caller says (the format then decides)."""

    collection: str | None
    split: str
    name: str
    sha256: str = ""


def identify(path: Path, *, collection: str | None, split: str | None, name: str | None) -> Identity:
    """Read ``npz/layout/<source>/<search>/<split>/x.npz`` and ``npz/tile/<source>/<split>/x.npz``; arguments override.

    >>> identify(Path("npz/layout/xla/random/valid/unet_3d.4x4.bf16.npz"), collection=None, split=None, name=None)
    Identity(collection='layout:xla:random', split='valid', name='unet_3d.4x4.bf16', sha256='')
    """
    said_collection, said_split = _from_folders(path.absolute().parent.parts)
    return Identity(
        collection or said_collection,
        split or said_split or "none",
        name or path.name.removesuffix(".npz"),
    )


def _from_folders(folders: tuple[str, ...]) -> tuple[str | None, str | None]:
    match folders:
        case (*_, "npz", "layout", source, search, split):
            return f"layout:{source}:{search}", split
        case (*_, "npz", "tile", source, split):
            return f"tile:{source}", split
    return None, None
