"""What is known of each layout configuration before it is compiled, in shares of what all configurable ops write.

What is written and read in another layout (:mod:`.copies`) says most, by how dear the copy is (:mod:`.reach`). All
columns but the graph's own are less those of the compiler's own choices, so that these have 0, and more of them has
never a reason to be faster.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns, shapes
from tpugraph_db.models.features.choices import default_choices, describe
from tpugraph_db.models.features.copies import Copy, Layouts, copies
from tpugraph_db.models.features.output_layouts import choice_ops, choice_rows, layout_configurations, output_bytes
from tpugraph_db.models.features.reach import Layout, lost, reach
from tpugraph_db.record import GraphRecord

REACHES = (0, 1, 12, 64, 512, 4096, 32768)
"""A column counts the elements copied at more than each of these; over 0 are all that are copied."""

OPCODES = ("dot", "convolution", "reshape", "transpose")
"""Opcodes of configurable ops."""

_COSTS = (*(f"over_{distance}" for distance in REACHES), "lost")

Columns = dict[str, NDArray[np.float64]]


def slower_columns(record: GraphRecord) -> Columns:
    """(c,) float64 each: columns that make a configuration slower, if anything.

    ======================  ============================================================================================
    ``write_over_<r>``      elements written in a chosen layout that is not the op's own, with a reach above ``r``, over
                            the elements of all configurable ops
    ``write_lost``          the same, times the share of cache lines lost on the way
    ``read_over_<r>``,      the same of what is read in another layout than it was written in
    ``read_lost``
    ``constrained``         share of the configurable ops whose row says anything
    ``differs``             share of them whose layout is not their own
    ``other_bytes``         share of the configurable ops' output bytes that ops make whose row is not the default one
    ``<opcode>_bytes``      the part of it that ops of an opcode make
    ======================  ============================================================================================

    Raises:
        DataError: the record has tile configurations.
    """
    configurations = layout_configurations(record)
    rows = choice_rows(configurations)
    if len(rows):  # else there is no default either
        rows = np.vstack([default_choices(configurations), rows])
    sums = {**_copied(record, rows), **_counted(record, rows)}
    return {name: column[1:] - column[:1] for name, column in sums.items()}


def graph_columns(record: GraphRecord) -> Columns:
    """(c,) float64 each, the same for every configuration: natural logarithms of 1 and more.

    ``log_ops``: ops; ``log_elements``: elements of all outputs; ``log_slots``: configurable ops.
    """
    values = {"ops": len(record), "elements": elements(record).sum(), "slots": len(record.configurable_ops)}
    return {f"log_{name}": np.full(len(record.configurations), np.log1p(value)) for name, value in values.items()}


def elements(record: GraphRecord) -> NDArray[np.float64]:
    """(n,) float64: elements of each op's output; 0 of tuples and tokens."""
    return record.features[:, columns.DIMENSIONS_PRODUCT].astype(np.float64) * (output_bytes(record) > 0)


def _counted(record: GraphRecord, rows: NDArray[np.int64]) -> Columns:
    described = describe(record)
    column = dict(zip(described.columns, described.values.T.astype(np.float64), strict=True))
    sizes, ops = output_bytes(record), choice_ops(layout_configurations(record))
    other = column["not_default"] * sizes[ops] / max(sizes[record.configurable_ops].sum(), 1)
    slots = max(rows.shape[1], 1)
    return {
        "constrained": column["constrained"][rows].sum(axis=1) / slots,
        "differs": column["differs"][rows].sum(axis=1) / slots,
        "other_bytes": other[rows].sum(axis=1),
        **{f"{opcode}_bytes": (other * (record.opcodes[ops] == opcode))[rows].sum(axis=1) for opcode in OPCODES},
    }


def _copied(record: GraphRecord, rows: NDArray[np.int64]) -> Columns:
    sums = {kind: np.zeros((len(_COSTS), len(rows))) for kind in ("write", "read")}
    layouts, sizes = Layouts(), elements(record)
    share = sizes / max(sizes[record.configurable_ops].sum(), 1)
    item_bytes = shapes.ITEM_BYTES[record.features[:, columns.DTYPE].argmax(axis=1)].tolist()
    dims = [tuple(row) for row in record.features[:, columns.DIMENSIONS].astype(np.int64).tolist()]
    for copy in copies(record, layouts, rows):
        costs = _costs(copy, layouts, dims[copy.op], item_bytes[copy.op])
        sums["write" if copy.is_choice else "read"] += costs * share[copy.op]
    return {f"{kind}_{name}": row for kind, table in sums.items() for name, row in zip(_COSTS, table, strict=True)}


def _costs(copy: Copy, layouts: Layouts, dims: tuple[int, ...], item_bytes: int) -> NDArray[np.float64]:
    """(costs, c) float64: of each element, under each configuration; worked out once for each pair of layouts."""
    both = np.stack(np.broadcast_arrays(copy.old, copy.new))
    pairs, place = np.unique(both, axis=1, return_inverse=True)
    cost = [_cost(layouts.all[old], layouts.all[new], dims, item_bytes) for old, new in pairs.T.tolist()]
    return np.array(cost).T[:, place.reshape(-1)]


def _cost(old: Layout, new: Layout, dims: tuple[int, ...], item_bytes: int) -> list[float]:
    far = reach(old, new, dims)
    return [*(float(far > distance) for distance in REACHES), lost(old, new, dims, item_bytes)]
