"""A part of a graph: some ops, and everything within some steps of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Configurations, LayoutConfigurations
from tpugraph_db.errors import UsageError
from tpugraph_db.record import GraphRecord


def surroundings(record: GraphRecord, ops: Sequence[int] | NDArray[np.int64], hops: int) -> NDArray[np.int64]:
    """(k,) int64 ascending: ``ops``, and every op within ``hops`` edges of one of them, along edges either way.

    Raises:
        UsageError: the graph has no such op.
    """
    near = np.zeros(len(record), np.bool_)
    start = np.asarray(ops, np.int64)
    if len(start) and not (start.min() >= 0 and start.max() < len(record)):
        expected = f"ops from 0 to {len(record) - 1:,}"
        raise UsageError(f"{record.id}: expected {expected}, found {start.min():,} to {start.max():,}")
    near[start] = True
    for _ in range(hops):
        ends = near[record.edges]
        near[record.edges[ends[:, 0], 1]] = True
        near[record.edges[ends[:, 1], 0]] = True
    return np.flatnonzero(near)


def induced(record: GraphRecord, ops: NDArray[np.int64]) -> GraphRecord:
    """The record of some ops (ascending indices): the edges and configurable ops among them, every configuration.

    Two configurations that differ elsewhere alone are equal in it. It has no program, which tells of the whole.
    """
    place = np.full(len(record), -1, np.int64)
    place[ops] = np.arange(len(ops))
    edges = place[record.edges]
    return record.replace(
        opcode_numbers=record.opcode_numbers[ops],
        features=record.features[ops],
        edges=edges[(edges >= 0).all(axis=1)],
        splits=None,
        configurations=_configurations(record.configurations, place),
        program=None,
        measured_ns=None if record.measured_ns is None else record.measured_ns[ops],
    )


def _configurations(configurations: Configurations, place: NDArray[np.int64]) -> Configurations:
    if not isinstance(configurations, LayoutConfigurations):
        return configurations
    from dataclasses import replace

    kept = np.flatnonzero(place[configurations.op_ids] >= 0)
    counts = np.diff(configurations.offsets)
    rows = np.isin(np.repeat(np.arange(len(counts)), counts), kept)
    return replace(
        configurations,
        op_ids=place[configurations.op_ids[kept]],
        codebook=configurations.codebook[rows],
        offsets=np.concatenate([[0], np.cumsum(counts[kept])]),
        codes=configurations.codes[:, kept],
    )
