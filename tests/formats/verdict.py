"""Whether a file that may be anything is read right, or refused as it should be."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.formats.files import arrays_of, same_arrays, written
from tpugraph_db import payload
from tpugraph_db.errors import DataError
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import Columns, graph_rows


def verdict(content: bytes, read: Callable[[], GraphRecord]) -> str:
    """``refused`` in one line, or ``read``: then as numpy reads it, and with properties that a store can hold.

    Raises:
        Exception: anything else, which is a fault.
    """
    records = _accepted(lambda: [read()])
    for record in records:
        _expect_same_as_numpy(record, content)
        _expect_storable(record)
    return "read" if records else "refused"


def verdict_of_any(read: Callable[[], list[GraphRecord]]) -> str:
    """The same of a file of any format: ``read`` is then the same when it is read again, and fits in a payload."""
    records = _accepted(read)
    for record in records:
        _expect_storable(record)
        payload.encode(record)
    if records and read() != records:
        raise ValueError("other records when it is read again")
    return "read" if records else "refused"


def _accepted(read: Callable[[], list[GraphRecord]]) -> list[GraphRecord]:
    """None where the file is refused in one line."""
    try:
        records = read()
    except DataError as error:
        if not str(error).isprintable() or len(str(error)) > 1_000:
            raise ValueError(f"an unfit message: {str(error)!a}") from error
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from None
        return []
    if not records:
        raise ValueError("neither refused nor read")
    return records


def _expect_same_as_numpy(record: GraphRecord, content: bytes) -> None:
    ours = arrays_of(written(record))
    with np.load(io.BytesIO(content)) as theirs:
        if not same_arrays(ours, {key: theirs[key] for key in ours}):
            raise ValueError("not what numpy reads")


def _expect_storable(record: GraphRecord) -> None:
    rows = graph_rows(record, "", None)
    graph: Columns = {name: [value] for name, value in rows.graph.items()}
    for columns in (rows.ops, rows.configs, rows.computations, graph, {"kind": rows.call_kinds}):
        for name, values in columns.items():
            for value in values:
                _expect_property(name, value)


def _expect_property(name: str, value: Any) -> None:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, int) and not -(2**63) <= one < 2**63:
            raise ValueError(f"{name} is past 64 bits: {value}")
        if isinstance(one, str):
            one.encode()
