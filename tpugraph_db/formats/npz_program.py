"""The program that the npz of ``tpudb collect`` keeps beside TpuGraphs' arrays, which have no names."""

from __future__ import annotations

from typing import Any

import numpy as np

from tpugraph_db import features
from tpugraph_db.errors import DataError
from tpugraph_db.formats.archive import Archive, Field
from tpugraph_db.formats.identity import Identity
from tpugraph_db.formats.lowered import GROWTH
from tpugraph_db.program import Program
from tpugraph_db.record import GraphRecord

FIELDS = (
    Field("hlo_text", "uint8", (), ("characters",)),
    Field("op_measured_ns", "int64", (), ("ops",)),
)
"""HLO text in UTF-8, and the profiled duration of each op."""

_STAGE = "before_optimizations"
"""What TpuGraphs' layout arrays are of; the file's name says so where they are of something else."""


def read(archive: Archive, sizes: dict[str, int], where: str, identity: Identity) -> dict[str, Any]:
    """What of it is there, by the name that a record gives it.

    Raises:
        DataError: it is not HLO, or takes too much memory.
    """
    found: dict[str, Any] = {}
    if "hlo_text" in archive:
        found["program"] = _program(archive, sizes, where, identity.stage or _STAGE)
    if "op_measured_ns" in archive:
        found["measured_ns"] = archive.array("op_measured_ns", sizes)
    return found


def check(record: GraphRecord, where: str) -> None:
    """Refuse a program that is not that of the arrays.

    Raises:
        DataError: it has other opcodes or edges; a duration is negative.
    """
    if record.measured_ns is not None and (record.measured_ns < 0).any():
        found = str(int(record.measured_ns.min()))
        raise DataError(where, "op_measured_ns", expected="nanoseconds, 0 for not seen", found=found)
    program = record.program
    if program is None:
        return
    same = np.array_equal(features.opcode_numbers(program), record.opcode_numbers)
    if not same or not np.array_equal(features.edge_index(program), record.edges):
        found = f"another, of {len(program)} ops"
        raise DataError(where, "hlo_text", expected=f"the program of node_opcode ({len(record)} ops)", found=found)


def _program(archive: Archive, sizes: dict[str, int], where: str, stage: str) -> Program:
    from tpugraph_db.hlo import text

    data = archive.array("hlo_text", sizes).tobytes()
    archive.expect_room("hlo_text", len(data) * GROWTH)
    place = f"{where}: hlo_text"
    return text.program(text.decode(data, place), place, stage)
