"""What is exported of ops and edges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.analytics.costs import op_costs_of
from tpugraph_db.analytics.figures import output_bytes
from tpugraph_db.analytics.hot import number
from tpugraph_db.analytics.op_texts import OpTexts
from tpugraph_db.record import GraphRecord

Ops = NDArray[np.int64]

PROVENANCE = "structural: bytes, flops, bytes_accessed; measured: measured_ns"


def op_rows(record: GraphRecord, ops: Ops) -> list[dict[str, Any]]:
    """A dict of plain scalars for each op, None where it is not said; ``op`` is its index in the whole graph.

    ``bytes`` is the size of its output, of one execution; ``flops`` and ``bytes_accessed`` are its own, of all
    executions in one run of the program; ``measured_ns`` is profiled.
    """
    texts, program, costs = OpTexts(record), record.program, op_costs_of(record)
    flops, accessed, sizes = costs.of_program("flops"), costs.of_program("bytes_accessed"), output_bytes(record)
    configurable = set(record.configurable_ops.tolist())
    measured = None if record.measured_ns is None else record.measured_ns.tolist()
    return [
        {
            "op": op,
            "name": _said(texts.name(op)),
            "opcode": texts.opcode(op),
            "shape": shape,
            "computation": int(record.computation[op]),
            "computation_name": program and _said(program.computation_names[int(record.computation[op])]),
            "is_root": bool(record.is_root[op]),
            "is_configurable": op in configurable,
            "op_name": program and _said(program.op_name[op] or None),
            "source": _said(texts.source(op)),
            "bytes": number(sizes[op]),
            "flops": number(flops[op]),
            "bytes_accessed": number(accessed[op]),
            "measured_ns": measured[op] or None if measured else None,
        }
        for op, shape in zip(ops.tolist(), _shapes(record, ops), strict=True)
    ]


def edge_rows(record: GraphRecord, ops: Ops) -> list[tuple[int, int, bool]]:
    """(producer, consumer, whether it is a call) of the edges that join two of the ops, in file order."""
    inside = np.zeros(len(record), np.bool_)
    inside[ops] = True
    kept = inside[record.edges].all(axis=1)
    ends, calls = record.edges[kept].tolist(), record.is_call[kept].tolist()
    return [(producer, consumer, call) for (consumer, producer), call in zip(ends, calls, strict=True)]


def _shapes(record: GraphRecord, ops: Ops) -> list[str | None]:
    if record.program is None:  # much faster together
        return [output.text for output in shapes.describe(record.features[ops])]
    texts = OpTexts(record)
    return [texts.shape(op) for op in ops.tolist()]


def _said(text: str | None) -> str | None:
    """As it is, but that what is no text (a lone surrogate) is its escape."""
    return text and text.encode("utf-8", "backslashreplace").decode("utf-8")
