"""npz files made by hand, right and wrong."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tpugraph_db.errors import DataError
from tpugraph_db.formats import npz, read
from tpugraph_db.record import GraphRecord


def written(record: GraphRecord) -> bytes:
    """The bytes of a record's file."""
    buffer = io.BytesIO()
    npz.write(record, buffer)
    return buffer.getvalue()


def arrays_of(content: bytes | Path) -> dict[str, np.ndarray]:
    """What numpy itself finds in a file."""
    with np.load(content if isinstance(content, Path) else io.BytesIO(content)) as archive:
        return dict(archive)


def same_arrays(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    """Whether two files hold the same keys, dtypes (with their byte order), shapes and bits."""
    return one.keys() == other.keys() and all(
        (a.dtype.str, a.shape, a.tobytes()) == (other[key].dtype.str, other[key].shape, other[key].tobytes())
        for key, a in one.items()
    )


def save(path: Path, record: GraphRecord, changes: dict[str, Any]) -> Path:
    """A record's file with some arrays changed; None leaves a key out."""
    arrays = arrays_of(written(record)) | changes
    np.savez_compressed(path, **{key: array for key, array in arrays.items() if array is not None})
    return path


def save_members(path: Path, record: GraphRecord, changes: dict[str, bytes]) -> Path:
    """A record's file with the bytes of some zip members changed."""
    with zipfile.ZipFile(io.BytesIO(written(record))) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            after.writestr(name, changes.get(name, before.read(name)))
    return path


def refusal(path: Path) -> str:
    """The one line with which a file is refused, less the file's name, with which it begins."""
    with pytest.raises(DataError) as error:
        read(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")
