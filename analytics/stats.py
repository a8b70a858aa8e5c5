"""What a graph, some of its ops, or groups of them are: size, form, mix, cost, and what crosses their border."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import structure
from tpugraph_db.analytics.cost import weighted_sum
from tpugraph_db.analytics.costs import op_costs_of
from tpugraph_db.analytics.figures import output_bytes
from tpugraph_db.analytics.groups import group_keys
from tpugraph_db.analytics.hot import number
from tpugraph_db.opcodes import opcode_mix
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.result import Result

Counts = NDArray[np.int64]
Values = NDArray[np.float64]

COLUMNS = (
    *("ops", "edges", "depth", "width", "opcodes", "flops", "flops_known", "flops_share", "bytes_accessed"),
    *("bytes_in", "bytes_out", "configurable", "configurable_share", "cost", "cost_share", "provenance"),
)

MODELLED = ("cost", "cost_share")
PROVENANCE = f"structural; {', '.join(MODELLED)} modelled"
"""Of a row."""

_OPCODES = 6
"""Opcodes that the mix names; ``--by opcode`` has all."""


def stats(record: GraphRecord, ops: Counts | None = None, by: str | None = None, count: int | None = None) -> Result:
    """A row of some ops (ascending indices; None: all), or one of each group of them, dearest first, ``count`` at most.

    - ``edges`` join two ops of the part, calls among them; ``depth`` is how many are on its longest way, ``width`` the
      most ops at one depth.
    - ``flops`` and ``bytes_accessed`` are of one run of the program, all executions together. Ops of which they are
      not known are left out of the sums, null where they are known of none; ``flops_known`` ops have known flops.
    - ``bytes_in`` is the output of ops outside that an op of the part uses, ``bytes_out`` the output of its ops that
      one outside uses: each output once, of one execution. What a called computation's parameters are given comes in
      without an edge, and is not counted.
    - ``configurable_share`` is of the part's ops; ``cost`` the weighted sum of features
      (:func:`tpugraph_db.analytics.cost.weighted_sum`); ``flops_share`` and ``cost_share`` are of the whole graph's.

    Raises:
        NotFoundError: no such grouping (:data:`tpugraph_db.analytics.groups.GROUPS`).
    """
    chosen = np.arange(len(record)) if ops is None else ops
    keys = [None] * len(record) if by is None else group_keys(record, by)
    number_of = {key: at for at, key in enumerate(dict.fromkeys(keys[op] for op in chosen.tolist()))}
    part = np.full(len(record), -1, np.int64)
    part[chosen] = [number_of[keys[op]] for op in chosen.tolist()]
    labels = list(number_of)
    table = _columns(record, part, len(labels))
    order = sorted(range(len(labels)), key=lambda at: (-table["cost"][at], at))
    rows = [tuple(table[name][at] for name in COLUMNS) for at in order[:count]]
    if by is None:
        return Result(COLUMNS, rows, 1)
    named = [(labels[at], *row) for at, row in zip(order, rows, strict=False)]
    return Result((by, *COLUMNS), named, len(labels))


def as_list(result: Result) -> Result:
    """The one row of a whole, a line a figure, each with where it comes from: for people."""
    pairs = zip(result.columns[:-1], result.rows[0], strict=False)
    rows = [(name, value, "modelled" if name in MODELLED else "structural") for name, value in pairs]
    return Result(("figure", "value", "provenance"), rows, len(rows))


def _columns(record: GraphRecord, part: Counts, parts: int) -> dict[str, list[Any]]:
    """(parts,) of each of :data:`COLUMNS`; ``part`` (n,) is the number of each op's part, -1 outside of all."""
    inside = part >= 0
    size = np.bincount(part[inside], minlength=parts)
    ends = part[record.edges]
    own = (ends[:, 0] == ends[:, 1]) & (ends[:, 0] >= 0)
    depth = structure.depths(len(record), record.edges[own])
    costs, cost = op_costs_of(record), weighted_sum(record.features)
    of_ops = costs.of_program("flops")
    flops, costs_of_parts = _sums(of_ops, part, parts), _sums(cost, part, parts)
    configurable = np.bincount(part[record.configurable_ops][inside[record.configurable_ops]], minlength=parts)
    return {
        "ops": size.tolist(),
        "edges": np.bincount(ends[own, 0], minlength=parts).tolist(),
        "depth": _largest(depth[inside], part[inside], parts),
        "width": _width(depth[inside], part[inside], parts),
        "opcodes": _mixes(record.opcodes[inside], part[inside], parts),
        "flops": [number(value) for value in flops],
        "flops_known": np.bincount(part[inside & ~np.isnan(of_ops)], minlength=parts).tolist(),
        "flops_share": _shares(flops, of_ops),
        "bytes_accessed": [number(value) for value in _sums(costs.of_program("bytes_accessed"), part, parts)],
        **_border(record, part, parts),
        "configurable": configurable.tolist(),
        "configurable_share": (configurable / size).tolist(),
        "cost": [number(value) for value in costs_of_parts],
        "cost_share": _shares(costs_of_parts, cost),
        "provenance": [PROVENANCE] * parts,
    }


def _sums(values: Values, part: Counts, parts: int) -> Values:
    """(parts,) sums of what is known; NaN where nothing is."""
    known = (part >= 0) & ~np.isnan(values)
    sums = np.bincount(part[known], values[known], minlength=parts)
    return np.where(np.bincount(part[known], minlength=parts) > 0, sums, np.nan)


def _shares(sums: Values, values: Values) -> list[float | None]:
    whole = float(np.nansum(values))
    return [None if np.isnan(value) or not whole else float(value / whole) for value in sums]


def _largest(values: Counts, part: Counts, parts: int) -> list[int]:
    largest = np.zeros(parts, np.int64)
    np.maximum.at(largest, part, values)
    return [int(value) for value in largest]


def _width(depth: Counts, part: Counts, parts: int) -> list[int]:
    pairs, counts = np.unique(np.stack([part, depth]), axis=1, return_counts=True)
    return _largest(counts.astype(np.int64), pairs[0], parts)


def _mixes(opcodes: NDArray[np.str_], part: Counts, parts: int) -> list[str]:
    counted = [Counter[str]() for _ in range(parts)]
    for opcode, at in zip(opcodes.tolist(), part.tolist(), strict=True):
        counted[at][opcode or "unknown"] += 1
    return [opcode_mix(counts, _OPCODES) for counts in counted]


def _border(record: GraphRecord, part: Counts, parts: int) -> dict[str, list[float | int | None]]:
    size = output_bytes(record)
    consumers, producers = record.edges.T
    crossing = part[consumers] != part[producers]
    entering, leaving = crossing & (part[consumers] >= 0), crossing & (part[producers] >= 0)
    used = np.unique(np.stack([part[consumers[entering]], producers[entering]]), axis=1)
    given = np.unique(producers[leaving])
    return {
        "bytes_in": _sums_of(size, used[1], used[0], parts),
        "bytes_out": _sums_of(size, given, part[given], parts),
    }


def _sums_of(size: Values, ops: Counts, part: Counts, parts: int) -> list[float | int | None]:
    """(parts,) bytes of outputs; those of unknown size count nothing."""
    return [number(value) for value in np.bincount(part, np.nan_to_num(size[ops]), minlength=parts)]
