"""What is known of each choice before anything is compiled: a row of a layout graph's codebook, in plain numbers.

Slot ``s`` (the place of a configurable op) owns the rows ``offsets[s]:offsets[s + 1]`` of the codebook.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns, shapes
from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.frozen import Arrays
from tpugraph_db.models.features.output_layouts import (
    LayoutRows,
    choice_ops,
    choice_rows,
    layout_configurations,
    output_bytes,
    output_layouts,
    own_layouts,
    row_major,
)
from tpugraph_db.models.features.reach import lost, reach
from tpugraph_db.record import GraphRecord

UNITS: dict[str, str] = {
    "constrained": "0 or 1: the row says anything, it is not all -1",
    "not_default": "0 or 1: the row is not that of default_choices",
    "differs": "0 or 1: its output layout, where given, is not the op's own; entries that it leaves open do not count",
    "row_major": "0 or 1: its output layout is given and is that of C arrays, as far as it goes",
    "log_bytes": "log1p bytes of the output",
    "log_bytes_differs": "log1p bytes of the output where it differs, else 0",
    "log_minor": "log1p elements along the minor-most dimension of the output under the choice",
    "log_second": "log1p elements along the dimension after it",
    "own_log_minor": "log1p elements along the minor-most dimension of the op's own layout",
    "own_log_second": "log1p elements along the dimension after it",
    "minor_gain": "log_minor - own_log_minor",
    "second_gain": "log_second - own_log_second",
    "log_write_reach": "log1p elements: reach of a copy from the op's own layout to the choice's; 0 where they are one",
    "write_lost": "share of cache lines lost in that copy",
    "log_read_reach": "log1p elements: reach of a copy from the choice's layout to row-major; 0 where they are one",
    "read_lost": "share of cache lines lost in that copy",
    "input_given": "0 or 1: a layout of the input is given",
    "input_default": "0 or 1: one is given, and it is the default row's",
    "kernel_given": "0 or 1: a layout of the kernel is given",
    "kernel_default": "0 or 1: one is given, and it is the default row's",
    "producers_agree": "share of the producers of the output's dimensions whose own layout is the choice's; 0 of none",
    "consumers_agree": "share of the consumers of the output's dimensions whose own layout is the choice's; 0 of none",
}
"""Columns of :func:`describe`, and the unit of each. For reach and lost lines see :mod:`reach`."""


@dataclass(frozen=True, eq=False)
class Choices(Arrays):
    """What :func:`describe` gives: ``r`` choices in the order of the codebook, ``k`` columns."""

    columns: tuple[str, ...]
    """Names; :data:`UNITS` says what each counts."""
    values: NDArray[np.float32]
    """(r, k) float32, all finite."""


def default_choices(configurations: LayoutConfigurations) -> NDArray[np.int64]:
    """(s,) int64: the codebook row of each slot that the compiler would choose.

    That of the default configuration where the source says which it is; else the slot's row of all -1 (the op is left
    to the compiler); else its most frequent row, the first of those that tie. -1 where the slot has no row at all.
    """
    starts, ends, default = configurations.offsets[:-1], configurations.offsets[1:], configurations.is_default
    if default is not None and default.any():
        return np.asarray(choice_rows(configurations)[int(default.argmax())])
    counts = np.bincount(choice_rows(configurations).ravel(), minlength=len(configurations.codebook)).astype(np.float64)
    counts[(configurations.codebook == -1).all(axis=1)] = np.inf
    slots = zip(starts.tolist(), ends.tolist(), strict=True)
    return np.array([a + int(counts[a:b].argmax()) if a < b else -1 for a, b in slots], np.int64)


def describe(record: GraphRecord) -> Choices:
    """Every choice of a layout graph as numbers that are alike from graph to graph; columns and units: :data:`UNITS`.

    Raises:
        DataError: the record has tile configurations.
    """
    values = {**_given(record), **_sizes(record), **_copies(record), **_agreement(record)}
    table = np.stack([values[name] for name in UNITS], axis=1)
    return Choices(tuple(UNITS), table.astype(np.float32))


def _given(record: GraphRecord) -> dict[str, NDArray[np.bool_]]:
    configurations = layout_configurations(record)
    book, ops = configurations.codebook, choice_ops(configurations)
    output, default = book[:, :6], np.repeat(default_choices(configurations), np.diff(configurations.offsets))
    given = output >= 0
    values = {
        "constrained": (book != -1).any(axis=1),
        "not_default": default != np.arange(len(book)),
        "differs": given[:, 0] & (output_layouts(record) != own_layouts(record)[ops]).any(axis=1),
        "row_major": given[:, 0] & ((output == row_major(record)[ops]) | ~given).all(axis=1),
    }
    for name, layout in (("input", book[:, 6:12]), ("kernel", book[:, 12:18])):
        values[f"{name}_given"] = (layout >= 0).any(axis=1)
        values[f"{name}_default"] = values[f"{name}_given"] & (layout == layout[default]).all(axis=1)
    return values


def _sizes(record: GraphRecord) -> dict[str, NDArray[np.float64]]:
    ops = choice_ops(layout_configurations(record))
    chosen, own = output_layouts(record), own_layouts(record)[ops]
    differs = _given(record)["differs"]
    log_bytes = np.log1p(output_bytes(record)[ops])
    values = {"log_bytes": log_bytes, "log_bytes_differs": log_bytes * differs}
    for place, name in enumerate(("minor", "second")):
        now, before = (_log_size(record, ops, layouts[:, place]) for layouts in (chosen, own))
        values |= {f"log_{name}": now, f"own_log_{name}": before, f"{name}_gain": now - before}
    return values


def _log_size(record: GraphRecord, ops: NDArray[np.int64], dimension: NDArray[np.int64]) -> NDArray[np.float64]:
    """(r,) float64: log1p elements along one dimension of each op; 0 where it is -1."""
    dims = record.features[:, columns.DIMENSIONS].astype(np.float64)
    sizes: NDArray[np.float64] = np.log1p(np.where(dimension >= 0, dims[ops, np.clip(dimension, 0, 5)].clip(0), 0))
    return sizes


def _copies(record: GraphRecord) -> dict[str, NDArray[np.float64]]:
    ops = choice_ops(layout_configurations(record))
    chosen = output_layouts(record)
    ways = {"write": (own_layouts(record)[ops], chosen), "read": (chosen, row_major(record)[ops])}
    values: dict[str, NDArray[np.float64]] = {}
    for name, (old, new) in ways.items():
        costs = np.array(_costs(record, ops, old, new), np.float64).reshape(-1, 2)
        values |= {f"log_{name}_reach": np.log1p(costs[:, 0]), f"{name}_lost": costs[:, 1]}
    return values


def _costs(record: GraphRecord, ops: NDArray[np.int64], old: LayoutRows, new: LayoutRows) -> list[tuple[int, float]]:
    """Reach and share of lines lost, from one layout to another of each op's output."""
    dims = [tuple(row) for row in record.features[:, columns.DIMENSIONS].astype(np.int64).tolist()]
    item_bytes = shapes.ITEM_BYTES[record.features[:, columns.DTYPE].argmax(axis=1)].tolist()
    found = []
    for op, a, b in zip(ops.tolist(), old.tolist(), new.tolist(), strict=True):
        # where a dimension of size 1 stands moves nothing
        before, after = (tuple(d for d in layout if d >= 0 and dims[op][d] > 1) for layout in (a, b))
        found.append((reach(before, after, dims[op]), lost(before, after, dims[op], item_bytes[op])))
    return found


def _agreement(record: GraphRecord) -> dict[str, NDArray[np.float64]]:
    configurations = layout_configurations(record)
    dims, own, chosen = record.features[:, columns.DIMENSIONS], own_layouts(record), output_layouts(record)
    data = record.edges[~record.is_call]
    alike = data[(dims[data[:, 0]] == dims[data[:, 1]]).all(axis=1)]
    values = {}
    for name, here, there in (("producers_agree", 0, 1), ("consumers_agree", 1, 0)):
        values[name] = np.zeros(len(chosen))
        for slot, op in enumerate(configurations.op_ids):
            neighbours = own[alike[alike[:, here] == op, there]]
            rows = slice(configurations.offsets[slot], configurations.offsets[slot + 1])
            if len(neighbours):
                values[name][rows] = (chosen[rows, None] == neighbours).all(axis=2).mean(axis=1)
    return values
