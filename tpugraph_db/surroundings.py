"""A part of a graph: some ops, and everything within some steps of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Configurations, LayoutConfigurations
from tpugraph_db.errors import UsageError
from tpugraph_db.frozen import Arrays
from tpugraph_db.record import GraphRecord

HOPS = 2
"""Steps that belong to the surroundings unless said otherwise."""


@dataclass(frozen=True, eq=False)
class Part(Arrays):
    """Some ops of a graph of ``n``, and what is around them as a graph of its own."""

    record: GraphRecord
    """The ``k`` ops that are near; the graph itself where that is all."""
    near: NDArray[np.int64]
    """(k,) int64 ascending: their indices in the graph."""
    ops: NDArray[np.int64]
    """(m,) int64 ascending: indices in the graph of the ops that were asked for, all of them near."""
    size: int
    """``n``."""

    @property
    def is_whole(self) -> bool:
        """What is near is all of the graph."""
        return len(self.near) == self.size

    def places(self) -> NDArray[np.int64]:
        """(m,) int64: where the ops that were asked for are in the record."""
        return np.searchsorted(self.near, self.ops)

    def spread(self, values: NDArray[Any]) -> np.ma.MaskedArray[Any, Any]:
        """(n,) by the index in the graph, of (k,) values: those of the ops that were asked for, the others masked."""
        found, masked = np.zeros(self.size, values.dtype), np.ones(self.size, np.bool_)
        found[self.ops], masked[self.ops] = values[self.places()], False
        return np.ma.MaskedArray(found, masked)


def part(record: GraphRecord, ops: Sequence[int] | NDArray[np.int64], hops: int = HOPS) -> Part:
    """Ops and what is within ``hops`` steps of them, along edges either way.

    The part's ``sha256`` is of the file's and the ops: two parts of a graph are different data.

    Raises:
        UsageError: the graph has no such op.
    """
    asked, near = np.unique(np.asarray(ops, np.int64)), surroundings(record, ops, hops)
    if len(near) == len(record):
        return Part(record, near, asked, len(record))
    sha256 = hashlib.sha256(record.sha256.encode() + near.tobytes()).hexdigest()
    return Part(induced(record, near).replace(sha256=sha256), near, asked, len(record))


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
