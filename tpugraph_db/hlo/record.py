"""A program as a record: its arrays as TpuGraphs' tools make them, and everything that HLO says beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from tpugraph_db import features
from tpugraph_db.configurations import Configurations, LayoutConfigurations, TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.hlo.vocabulary import OPCODES
from tpugraph_db.program import Program
from tpugraph_db.record import GraphRecord


class Named(Protocol):
    """What a graph is called (:class:`tpugraph_db.formats.identity.Identity`)."""

    @property
    def collection(self) -> str | None:
        """None where it follows from the configurations: ``layout:local``, ``tile:local``, ``hlo:local``."""

    @property
    def split(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def sha256(self) -> str: ...


def record(
    program: Program,
    identity: Named,
    configurations: Configurations | None = None,
    *,
    where: str = "",
    failed_runs: int | None = None,
    unknown: Mapping[str, int] | None = None,
) -> GraphRecord:
    """Make the record of a program.

    Args:
        configurations: None for a program that nobody measured.
        where: The file, for errors; the identity's name unless said.
        failed_runs: How many runs ended in an error, where the source has runs.
        unknown: What the reader did not know; opcodes that XLA does not have unless said.

    Raises:
        DataError: an attribute that is not written as HLO writes it.
    """
    configurations = unmeasured() if configurations is None else configurations
    try:
        rows = features.node_features(program)
    except ValueError as error:
        raise DataError(where or identity.name, "attributes", expected="HLO", found=str(error)) from error
    return GraphRecord(
        collection=identity.collection or _collection(configurations),
        split=identity.split,
        name=identity.name,
        sha256=identity.sha256,
        opcode_numbers=features.opcode_numbers(program),
        features=rows,
        edges=features.edge_index(program),
        splits=None if isinstance(configurations, TileConfigurations) else features.node_splits(program),
        configurations=configurations,
        program=program,
        failed_runs=failed_runs,
        unknown=_unknown_opcodes(program) if unknown is None else dict(unknown),
    )


def unmeasured() -> LayoutConfigurations:
    """No configurations of no ops."""
    return LayoutConfigurations(
        runtime_ns=np.empty(0, np.int64),
        op_ids=np.empty(0, np.int64),
        codebook=np.empty((0, 18), np.float32),
        offsets=np.zeros(1, np.int64),
        codes=np.empty((0, 0), np.uint8),
    )


def _collection(configurations: Configurations) -> str:
    if isinstance(configurations, TileConfigurations):
        return "tile:local"
    return "layout:local" if len(configurations) else "hlo:local"


def _unknown_opcodes(program: Program) -> dict[str, int]:
    """How often each opcode occurs that XLA does not have."""
    times = np.bincount(program.opcodes.codes, minlength=len(program.opcodes.table)).tolist()
    return {opcode: count for opcode, count in zip(program.opcodes.table, times, strict=True) if opcode not in OPCODES}
