"""What every record must be, whatever file it comes from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns, shapes, structure
from tpugraph_db.configurations import Configurations, LayoutConfigurations, TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.formats.text import short
from tpugraph_db.hlo import shape
from tpugraph_db.opcodes import OPCODES
from tpugraph_db.program import Program
from tpugraph_db.record import GraphRecord

_MOST_ELEMENTS = 2**58
"""Of a shape: the bytes of more, at 16 an element, are no 64-bit integer, which the stores keep."""
_NAME_BYTES = 1_000
"""The engines index opcodes and names: past 3,000 to 8,000 bytes ArcadeDB compacts them no more, and Neo4j refuses."""


def check(record: GraphRecord, where: str) -> None:
    """Refuse a record that is not a computational graph; messages use the keys of npz files.

    Raises:
        DataError: a name of over 1,000 bytes, no ops, an opcode outside the table, a value that is not finite, an edge
            or configurable op out of range, a circle of edges, splits that do not add up, a negative runtime, a
            normalizer below 1, a size that no 64-bit integer holds.
    """
    if record.program is not None:
        _check_program(record.program, where)
    _check_ops(record, where)
    _check_edges(record, where)
    _check_configurations(record.configurations, len(record), where)


def _check_program(program: Program, where: str) -> None:
    texts = {"names": program.names, "opcodes": program.opcodes.table, "computations": program.computation_names}
    for key, column in texts.items():
        longest = int(np.diff(column.offsets).max(initial=0))
        if longest > _NAME_BYTES:
            raise DataError(where, key, expected=f"at most {_NAME_BYTES:,} bytes each", found=f"{longest:,} bytes")
    for text in program.shapes.table.tolist():
        parsed = shape.parse(text)
        if (parsed.elements or 0) >= _MOST_ELEMENTS or (parsed.bytes or 0) >= 2**63:
            raise DataError(where, "shapes", expected="less than 2**58 elements and 2**63 bytes", found=short(text))


def _check_ops(record: GraphRecord, where: str) -> None:
    if not len(record):
        raise DataError(where, "node_opcode", expected="at least one op", found="none")
    top = int(record.opcode_numbers.max())
    if top >= len(OPCODES):
        raise DataError(where, "node_opcode", expected=f"numbers up to {len(OPCODES) - 1}", found=str(top))
    _finite(record.features, where, "node_feat")
    _shapes_below(record.features, where)
    splits = record.splits
    if splits is not None:
        whole = len(splits) > 1 and splits[0] == 0 and splits[-1] == len(record) and (np.diff(splits) > 0).all()
        if not whole:
            found = f"{splits[:4].tolist()}... to {splits[-1:].tolist()}"
            raise DataError(where, "node_splits", expected=f"rising counts from 0 to {len(record)} ops", found=found)


def _check_edges(record: GraphRecord, where: str) -> None:
    ops, edges = len(record), record.edges
    _in_range(edges, ops, where, "edge_index")
    if structure.topological_order(ops, edges) is None:
        cure = "a computational graph has none; check that rows are (consumer, producer)"
        raise DataError(where, "edge_index", expected="edges without a circle", found="a circle", cure=cure)


def _check_configurations(configs: Configurations, ops: int, where: str) -> None:
    for key, runtimes in (("config_runtime", configs.runtime_ns), ("config_runtime_repeat", configs.repeat_runtime_ns)):
        if runtimes is not None and (runtimes < 0).any():
            found = str(int(runtimes.min()))
            raise DataError(where, key, expected="nanoseconds, 0 for not measured", found=found)
    if isinstance(configs, LayoutConfigurations):
        _in_range(configs.op_ids, ops, where, "node_config_ids")
        if len(np.unique(configs.op_ids)) != len(configs.op_ids):
            raise DataError(where, "node_config_ids", expected="each op once", found="an op twice")
        _finite_choices(configs, where)
    if isinstance(configs, TileConfigurations):
        _finite(configs.features, where, "config_feat")
        _bounds_below(configs.features, where)
        if (configs.normalizer_ns < 1).any():
            found = str(int(configs.normalizer_ns.min()))
            raise DataError(where, "config_runtime_normalizers", expected="at least 1", found=found)


def _in_range(indices: NDArray[np.int64], ops: int, where: str, key: str) -> None:
    outside = np.argwhere((indices < 0) | (indices >= ops))
    if len(outside):
        at = tuple(outside[0].tolist())
        raise DataError(where, key, expected=f"op indices 0 to {ops - 1}", found=f"{indices[at]} in row {at[0]}")


def _shapes_below(features: NDArray[np.float32], where: str) -> None:
    large = np.flatnonzero(features[:, columns.DIMENSIONS_PRODUCT] >= _MOST_ELEMENTS)
    # other columns of that size are no shape, and no property
    large = large[shapes.ranks(features[large]) >= 0] if len(large) else large
    if len(large):
        row = int(large[0])
        found = f"{features[row, columns.DIMENSIONS_PRODUCT]:g} in row {row}"
        raise DataError(where, "node_feat", expected="shapes of less than 2**58 elements", found=found)


def _bounds_below(features: NDArray[np.float32], where: str) -> None:
    large = np.abs(features) >= 2**63
    if large.any():
        at = tuple(np.argwhere(large)[0].tolist())
        found = f"{features[at]:g} at {at}"
        raise DataError(where, "config_feat", expected="tile sizes below 2**63", found=found)


def _finite_choices(configs: LayoutConfigurations, where: str) -> None:
    bad = np.flatnonzero(~np.isfinite(configs.codebook).all(axis=1))
    if len(bad):
        slot = int(np.searchsorted(configs.offsets, bad[0], side="right")) - 1
        index = int((configs.offsets[slot] + configs.codes[:, slot] == bad[0]).argmax())
        column = int((~np.isfinite(configs.codebook[bad[0]])).argmax())
        found = f"{configs.codebook[bad[0], column]} at {(index, slot, column)}"
        raise DataError(where, "node_config_feat", expected="finite values", found=found)


def _finite(values: NDArray[np.float32], where: str, key: str) -> None:
    # a sum is not finite when any term is not, and costs no array of flags
    with np.errstate(over="ignore", invalid="ignore"):
        total = values.sum(dtype=np.float64)
    if not np.isfinite(total):
        at = tuple(np.argwhere(~np.isfinite(values))[0].tolist())
        raise DataError(where, key, expected="finite values", found=f"{values[at]} at {at}")
