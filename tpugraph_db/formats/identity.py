"""What a file's path says of the graph in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tpugraph_db.errors import DataError
from tpugraph_db.formats import xla_dump
from tpugraph_db.formats.text import short

_ID_BYTES = 1_000
"""The engines index ids: past 3,000 to 8,000 bytes ArcadeDB no longer compacts them, and Neo4j refuses them."""


@dataclass(frozen=True)
class Identity:
    """Where a record comes from; None where neither path nor caller says (the format then decides)."""

    collection: str | None
    split: str
    name: str
    sha256: str = ""
    stage: str = ""
    """Of compilation, where the file's name says it."""

    def check(self, where: str) -> None:
        """Refuse what no store keeps: no name, bytes of a file's name that are no text, an id that is too long.

        Raises:
            DataError: naming the option that gives a better one.
        """
        parts = {"collection": self.collection or "", "split": self.split, "name": self.name}
        for key, value in parts.items():
            if not _is_text(value) or (key == "name" and not value):
                cure = f"--{key} gives another"
                raise DataError(where, key, expected="text in UTF-8", found=short(ascii(value)), cure=cure)
        size = len("/".join(parts.values()).encode())
        if size > _ID_BYTES:
            longest = max(parts, key=lambda key: len(parts[key]))
            expected, cure = f"an id of at most {_ID_BYTES:,} bytes", f"--{longest} gives another"
            raise DataError(where, longest, expected=expected, found=f"{size:,} bytes", cure=cure)


def identify(path: Path, *, collection: str | None, split: str | None, name: str | None) -> Identity:
    """Read ``npz/layout/<source>/<search>/<split>/x.npz`` and ``npz/tile/<source>/<split>/x.npz``; arguments override.

    >>> identify(Path("npz/layout/xla/random/valid/unet_3d.4x4.bf16.npz"), collection=None, split=None, name=None)
    Identity(collection='layout:xla:random', split='valid', name='unet_3d.4x4.bf16', sha256='', stage='')
    """
    said_collection, said_split = _from_folders(path.absolute().parent.parts)
    said_name, stage = xla_dump.named(path.name)
    return Identity(collection or said_collection, split or said_split or "none", name or said_name, stage=stage)


def _is_text(value: str) -> bool:
    # bytes of a file name that are not UTF-8 reach Python as lone surrogates
    return not any("\ud800" <= c <= "\udfff" for c in value)


def _from_folders(folders: tuple[str, ...]) -> tuple[str | None, str | None]:
    match folders:
        case (*_, "npz", "layout", source, search, split):
            return f"layout:{source}:{search}", split
        case (*_, "npz", "tile", source, split):
            return f"tile:{source}", split
    return None, None
