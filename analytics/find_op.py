"""An op by what people call it."""

from __future__ import annotations

from tpugraph_db.errors import NotFoundError, did_you_mean
from tpugraph_db.record import GraphRecord


def find_op(record: GraphRecord, op: str | int) -> int:
    """Index of an op, by its index, or by its name where the source has names (with or without ``%``).

    Raises:
        NotFoundError: the graph has no such op; names near ones.
    """
    text = str(op).removeprefix("%")
    if text.isascii() and text.isdigit():
        if int(text) < len(record):
            return int(text)
        raise NotFoundError(f"{record.id} has no op {text}: expected 0 to {len(record) - 1:,}")
    if record.program is None:
        raise NotFoundError(f"{record.id} has no op {text!r}: its source has no names; give an index")
    names = record.program.names.tolist()
    try:
        return names.index(text)
    except ValueError:
        raise NotFoundError(f"{record.id} has no op {text!r}{did_you_mean(text, names)}") from None
