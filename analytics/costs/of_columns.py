"""A listing of what the 140 columns say.

An npz keeps of each op its opcode, its output's shape, its window and convolution dimensions, and which ops it reads;
neither their order, nor how often it reads each, nor what is in a tuple, nor which dimensions a dot contracts. All that
an op may be is tried (:mod:`.readings`), and what every reading agrees on is known. :data:`ABSENT` says of which
opcodes the columns say too little.
"""

from __future__ import annotations

import numpy as np

from tpugraph_db import columns, shapes
from tpugraph_db.analytics.costs.columns_said import said
from tpugraph_db.analytics.costs.listing import Call, Listing, role
from tpugraph_db.analytics.costs.op import NO_SHAPE, Op
from tpugraph_db.analytics.costs.readings import readings
from tpugraph_db.analytics.costs.trips import UNKNOWN_TRIPS
from tpugraph_db.hlo.shape import Shape
from tpugraph_db.record import GraphRecord

_IN_A_TUPLE = "what is in a tuple is no column"
_HOW_OFTEN = "how often an operand is read is no column"
ABSENT = {
    "custom-call": "flops, transcendentals, bytes: its target is no column",
    "dot": "flops, where the shapes leave more than one choice of contracted dimensions",
    "fft": "flops: fft_length is no column",
    "topk": "flops: XLA has no formula either",
    "while": "trip counts: neither constants nor backend_config are columns; a body counts once",
    "fusion": "bytes, where its body slices at an index or gives several results: operands have no order",
    "reduce": "all, where of several results over dimension 0 nothing is taken: padding of `dimensions` is 0 too",
    "rng-bit-generator": f"transcendentals and bytes of a tuple: {_IN_A_TUPLE}",
    **dict.fromkeys(
        (
            "all-gather-start",
            "all-to-all",
            "async-done",
            "async-update",
            "collective-permute-start",
            "copy-start",
            "infeed",
            "opt-barrier",
            "outfeed",
            "recv",
            "recv-done",
            "send",
        ),
        f"bytes of a tuple: {_IN_A_TUPLE}",
    ),
    **dict.fromkeys(("all-reduce", "all-reduce-start", "sort"), f"bytes of several results: {_HOW_OFTEN}"),
    **dict.fromkeys(("dynamic-reshape", "map"), f"bytes: {_HOW_OFTEN}"),
}
"""What an npz does not say, by opcode; such a figure is NaN, never a guess.

Nor does it know opcodes newer than the dataset's table, nor element types without a column (``s4``, ``f8e4m3fn``).
"""

_TUPLE_PARTS = columns.OP_COLUMNS.index("shape_tuple_shapes_size")
_MOST_PARTS = 2**20
"""A column may say any number; no program has a tuple of more."""


def listing(record: GraphRecord) -> Listing:
    """List a record's ops."""
    opcodes = record.opcodes.tolist()
    operands = _producers(record)
    outputs = _shapes(record)
    made = _parts_seen(opcodes, outputs, operands)
    rows = [row.tobytes() for row in record.features]
    starts = np.searchsorted(record.computation, np.arange(int(record.computation.max(initial=-1)) + 2)).tolist()
    roots = _roots(record, starts)
    calls = _calls(record, opcodes, outputs, roots)

    def options(op: int) -> list[Op]:
        given = [outputs[operand] for operand in operands[op]]
        return readings(opcodes[op], made.get(op, outputs[op]), given, lambda: said(record.features[op], outputs[op]))

    return Listing(
        opcodes=opcodes,
        shapes=outputs,
        operands=operands,
        ordered=False,
        keys=[
            (opcode, rows[op], made.get(op), *(rows[operand] for operand in operands[op]))
            for op, opcode in enumerate(opcodes)
        ],
        options=options,
        starts=starts,
        roots=roots,
        entries=sorted(set(range(len(roots))) - {call.computation for call in calls}),
        calls=calls,
        trips={op: UNKNOWN_TRIPS for op, opcode in enumerate(opcodes) if opcode == "while"},
    )


def _shapes(record: GraphRecord) -> list[Shape]:
    parts = record.features[:, _TUPLE_PARTS].tolist()
    made: dict[tuple[shapes.Shape, float], Shape] = {}
    found = []
    for key in zip(shapes.describe(record.features), parts, strict=True):
        if key not in made:
            made[key] = _shape(*key)
        found.append(made[key])
    return found


def _shape(of: shapes.Shape, parts: float) -> Shape:
    if of.dtype == "tuple":
        return Shape("tuple", parts=(NO_SHAPE,) * int(parts)) if 0 <= parts <= _MOST_PARTS else NO_SHAPE
    if of.dtype in ("token", "opaque"):
        return Shape(of.dtype)
    if of.dtype is None or of.dims is None:
        return NO_SHAPE
    return Shape(of.dtype, of.dims, (False,) * len(of.dims), of.layout)


def _parts_seen(opcodes: list[str], outputs: list[Shape], operands: list[list[int]]) -> dict[int, Shape]:
    """Tuples that reductions give, as far as the ops that take them apart show: all parts have the same dimensions."""
    seen: dict[int, Shape] = {}
    for op, opcode in enumerate(opcodes):
        if opcode == "get-tuple-element" and operands[op] and opcodes[operands[op][0]] == "reduce":
            whole = operands[op][0]
            seen[whole] = Shape("tuple", parts=(outputs[op], *outputs[whole].parts[1:]))
    return seen


def _producers(record: GraphRecord) -> list[list[int]]:
    """(n,) ops that each op reads, once each, callees aside."""
    found: list[list[int]] = [[] for _ in range(len(record))]
    for consumer, producer in record.edges[~record.is_call].tolist():
        found[consumer].append(producer)
    return found


def _roots(record: GraphRecord, starts: list[int]) -> list[int]:
    """(c,) result of each computation; its last op where none is marked."""
    roots = [end - 1 for end in starts[1:]]
    for op in np.flatnonzero(record.is_root).tolist():
        roots[int(record.computation[op])] = op
    return roots


def _calls(record: GraphRecord, opcodes: list[str], outputs: list[Shape], roots: list[int]) -> list[Call]:
    """Calls by caller; of several that one op makes, those that give a truth value come first (``select``)."""
    found = []
    for caller, root in record.edges[record.is_call].tolist():
        tests = outputs[root].dtype == "pred" and not outputs[root].dims
        attribute = "condition" if tests and opcodes[caller] == "while" else ""
        number = int(record.computation[root])
        found.append((caller, not tests, Call(caller, number, role(opcodes[caller], attribute))))
    return [call for *_, call in sorted(found)]
