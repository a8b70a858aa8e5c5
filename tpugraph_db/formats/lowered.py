"""HLO modules, however they were written -> :class:`GraphRecord`."""

from __future__ import annotations

from collections.abc import Mapping

from tpugraph_db.errors import DataError
from tpugraph_db.formats.identity import Identity
from tpugraph_db.formats.validate import check
from tpugraph_db.hlo.record import record
from tpugraph_db.program import Program
from tpugraph_db.record import GraphRecord

GROWTH = 20
"""Bytes of memory that a byte of HLO becomes while it is parsed: 10 of text as XLA prints it, 25 of the shortest."""
_OP_BYTES = 2_000
"""Of memory that an op takes in the end, its 140 columns, texts and edges: 1,800 measured of JAX programs."""


def lowered(
    program: Program, where: str, identity: Identity, max_bytes: int, unknown: Mapping[str, int] | None = None
) -> GraphRecord:
    """The record of a program that nobody measured; ``unknown`` as of :func:`tpugraph_db.hlo.record.record`.

    Raises:
        DataError: an attribute or a shape that HLO does not have, no graph, or one that would take more than
            ``max_bytes`` of memory.
    """
    expect_room(len(program), where, max_bytes)
    made = record(program, identity, where=where, unknown=unknown)
    check(made, where)
    return made


def expect_room(ops: int, where: str, max_bytes: int) -> None:
    """Refuse a graph that would take more than ``max_bytes`` of memory."""
    if ops * _OP_BYTES > max_bytes:
        expected, cure = f"at most {max_bytes // _OP_BYTES:,} ops", "--max-bytes (max_bytes in Python) raises the limit"
        raise DataError(where, "file", expected=expected, found=f"{ops:,}", cure=cure)
