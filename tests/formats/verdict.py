"""Whether a file that may be anything is read right, or refused as it should be."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np

from tests.formats.files import arrays_of, same_arrays, written
from tpugraph_db.errors import DataError
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import Columns, graph_rows


def verdict(content: bytes, read: Callable[[], GraphRecord]) -> str:
    """``refused`` in one line, or ``read``: then as numpy reads it, and with properties that a store can hold.

    Raises:
        Exception: anything else, which is a fault.
    """
    try:
        record = read()
    except DataError as error:
        if not str(error).isprintable() or len(str(error)) > 1_000:
            raise ValueError(f"an unfit message: {str(error)!a}") from error
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from None
        return "refused"
    _expect_same_as_numpy(record, content)
    rows = graph_rows(record, "", None)
    for columns in (rows.ops, rows.configs, {name: [value] for name, value in rows.graph.items()}):
        _expect_storable(columns)
    return "read"


def _expect_same_as_numpy(record: GraphRecord, content: bytes) -> None:
    ours = arrays_of(written(record))
    with np.load(io.BytesIO(content)) as theirs:
        if not same_arrays(ours, {key: theirs[key] for key in ours}):
            raise ValueError("not what numpy reads")


def _expect_storable(columns: Columns) -> None:
    for name, values in columns.items():
        for value in values:
            numbers = value if isinstance(value, list) else [value]
            if any(isinstance(n, int) and not -(2**63) <= n < 2**63 for n in numbers):
                raise ValueError(f"{name} is past 64 bits: {value}")
