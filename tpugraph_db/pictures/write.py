"""A picture into a file, by its suffix."""

from __future__ import annotations

from pathlib import Path

from tpugraph_db.errors import UsageError
from tpugraph_db.pictures.picture import Picture
from tpugraph_db.pictures.png import png
from tpugraph_db.pictures.svg import svg


def write_picture(picture: Picture, path: Path) -> None:
    """Write an ``.svg`` or a ``.png``.

    Raises:
        UsageError: it is neither, or the png cannot be made. OSError: the file cannot be written.
    """
    if path.suffix not in (".svg", ".png"):
        raise UsageError(f"{path}: expected FILE.svg or FILE.png")
    path.write_bytes(png(picture) if path.suffix == ".png" else svg(picture).encode("utf-8"))
