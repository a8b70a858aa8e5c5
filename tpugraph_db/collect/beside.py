"""An npz of TpuGraphs' arrays with more arrays beside them, which other readers of the format pass over."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.formats import npz, read
from tpugraph_db.record import GraphRecord


def put(output: Path, record: GraphRecord, beside: Mapping[str, NDArray[Any]]) -> GraphRecord:
    """Write a record's npz with more arrays beside its own, and read it back."""
    part = output.with_name(f"{output.name}.part")
    npz.write(record, part)
    with zipfile.ZipFile(part, "a", zipfile.ZIP_DEFLATED) as archive:
        for key, array in beside.items():
            with archive.open(f"{key}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    part.replace(output)
    return read(output)


def characters(text: str) -> NDArray[np.uint8]:
    """Text as an array of bytes, in UTF-8."""
    return np.frombuffer(text.encode(), np.uint8)
