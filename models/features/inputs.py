"""What a network is told of a graph, in numbers that are alike from graph to graph: record -> :class:`Inputs`.

Opcodes and layout entries are categories. Everything else is a count or a size and enters as ``sign(x) log(1 + |x|)``
(sizes run from 1 to 10^9), standardised by the training graphs' :class:`.statistics.Statistics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns, shapes
from tpugraph_db.configurations import LayoutConfigurations, TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.frozen import Arrays
from tpugraph_db.models.features.output_layouts import output_bytes
from tpugraph_db.models.features.states import states
from tpugraph_db.models.features.tile_features import TILE_NUMBERS, tile_columns
from tpugraph_db.record import GraphRecord

LAYOUT, TILE = "layout", "tile"
"""Kinds of configurations; a network is trained on one of them."""

SIZES = np.delete(np.arange(len(columns.OP_COLUMNS)), np.r_[columns.MINOR_TO_MAJOR])
"""The op columns that are no category: all but the layout."""

OP_NUMBERS = (*(columns.OP_COLUMNS[at] for at in SIZES), "rank", "bytes")
"""Names of ``Inputs.op_numbers``."""

OF_LAYOUTS = ("rank", "bytes")
"""Those that networks are told of layout graphs. With all of them, and a few dozen programs to learn from, an op is
known again instead of understood: docs/results.md."""


@dataclass(frozen=True, eq=False)
class Inputs(Arrays):
    """One graph: ``n`` ops, ``m`` edges, ``s`` slots, ``r`` choices, ``c`` configurations.

    A choice is what a configuration says of one op, or brings there: one of the op's :mod:`.states`. An op has a slot
    if it is configurable or if its output is copied. A tile is one choice, of the graph: its slot sets no op.
    """

    kind: str
    """:data:`LAYOUT` or :data:`TILE`."""
    opcodes: NDArray[np.int64]
    """(n,) int64: the dataset's opcode numbers."""
    layouts: NDArray[np.int64]
    """(n, 6) int64: ``minor_to_major`` of each op's output plus 1; 0 past the rank."""
    op_numbers: NDArray[np.float32]
    """(n, len(OP_NUMBERS)) float32: sign-log of each; of layout graphs the ``OF_LAYOUTS`` alone."""
    log_bytes: NDArray[np.float32]
    """(n,) float32: log1p bytes of each op's output."""
    edges: NDArray[np.int64]
    """(m, 2) int64: (consumer, producer)."""
    slots: NDArray[np.int64]
    """(n,) int64: the slot that sets each op, -1 for none."""
    choice_layouts: NDArray[np.int64]
    """(r, 18) int64: layout entries of each choice plus 1; 0 for none; (r, 0) for tiles."""
    choice_numbers: NDArray[np.float32]
    """(r, k) float32: what else is known of a choice: ``states.UNITS``; of tiles ``TILE_NUMBERS``."""
    log_copied: NDArray[np.float32]
    """(r, 2) float32: log bytes written in a chosen layout and copied for readers, -inf for none; (r, 0) for tiles."""
    choices: NDArray[np.int64]
    """(c, s) int64: each configuration's choice for each slot."""
    default: NDArray[np.int64]
    """(s,) int64: the choices to measure the others by: the compiler's own where known, else the most frequent."""

    def __len__(self) -> int:
        return len(self.opcodes)


def sign_log(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """``sign(x) log(1 + |x|)`` as float32."""
    exact = values.astype(np.float64)
    logs: NDArray[np.float32] = (np.sign(exact) * np.log1p(np.abs(exact))).astype(np.float32)
    return logs


def inputs(record: GraphRecord) -> Inputs:
    """The inputs of a graph.

    Raises:
        DataError: there is no configuration, or it says nothing, since the graph has no configurable op.
    """
    configurations = record.configurations
    _expect_some(record, "configurations", len(configurations))
    if isinstance(configurations, LayoutConfigurations):
        return _layout(record, configurations)
    if isinstance(configurations, TileConfigurations):
        return _tile(record, configurations)
    raise TypeError(type(configurations))


def _layout(record: GraphRecord, configurations: LayoutConfigurations) -> Inputs:
    _expect_some(record, "configurable ops", len(configurations.op_ids))
    found = states(record)
    slots = np.full(len(record), -1, np.int64)
    slots[found.ops] = np.arange(len(found.ops))
    layouts = configurations.codebook.astype(np.int64) + 1
    with np.errstate(divide="ignore"):  # of no byte -inf
        log_copied = np.log(found.copied)
    ops = _ops(record)
    return Inputs(
        kind=LAYOUT,
        slots=slots,
        choice_layouts=np.where(found.choice[:, None] >= 0, layouts[found.choice], 0),
        choice_numbers=found.values,
        log_copied=log_copied,
        choices=found.picked,
        default=found.default,
        **{**ops, "op_numbers": ops["op_numbers"][:, [OP_NUMBERS.index(name) for name in OF_LAYOUTS]]},
    )


def _tile(record: GraphRecord, configurations: TileConfigurations) -> Inputs:
    found = np.unique(configurations.features, axis=0, return_index=True, return_inverse=True, return_counts=True)
    _, first, codes, counts = found
    known = tile_columns(record)
    own = configurations.is_default
    default = codes[own] if own is not None and own.any() else np.flatnonzero(counts == counts.max())
    return Inputs(
        kind=TILE,
        slots=np.full(len(record), -1),
        choice_layouts=np.empty((len(first), 0), np.int64),
        choice_numbers=np.stack([known[name] for name in TILE_NUMBERS], axis=1)[first].astype(np.float32),
        log_copied=np.empty((len(first), 0), np.float32),
        choices=codes.reshape(-1, 1).astype(np.int64),
        default=default[:1].astype(np.int64),
        **_ops(record),
    )


def _expect_some(record: GraphRecord, what: str, found: int) -> None:
    if not found:
        cure = "a network ranks configurations; the model cost ranks ops alone"
        raise DataError(record.id, what, expected="at least one", found="none", cure=cure)


def _ops(record: GraphRecord) -> dict[str, Any]:
    """The fields of :class:`Inputs` that no configuration changes."""
    features = record.features
    log_bytes = sign_log(output_bytes(record))
    more = np.stack([sign_log(shapes.ranks(features)), log_bytes], axis=1)
    return {
        "opcodes": record.opcode_numbers.astype(np.int64),
        "layouts": record.minor_to_major.astype(np.int64) + 1,
        "op_numbers": np.hstack([sign_log(features[:, SIZES]), more]),
        "log_bytes": log_bytes,
        "edges": np.asarray(record.edges),
    }
