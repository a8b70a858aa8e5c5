"""Layouts and sizes of outputs, by op and by codebook row: the compiler's own and those of the choices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns, shapes
from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.record import GraphRecord

LayoutRows = NDArray[np.int64]
"""(k, 6) int64: dimensions from the most minor to the most major, -1 past the last."""


def layout_configurations(record: GraphRecord) -> LayoutConfigurations:
    """The record's layout configurations.

    Raises:
        DataError: it has tile configurations.
    """
    if isinstance(record.configurations, LayoutConfigurations):
        return record.configurations
    raise DataError(record.id, "configurations", expected="layouts of ops", found="tile sizes")


def choice_rows(configurations: LayoutConfigurations) -> NDArray[np.int64]:
    """(c, s) int64: the codebook row that each configuration gives to each slot."""
    rows: NDArray[np.int64] = configurations.offsets[:-1] + configurations.codes.astype(np.int64)
    return rows


def choice_ops(configurations: LayoutConfigurations) -> NDArray[np.int64]:
    """(r,) int64: the op that each codebook row is of."""
    return np.repeat(configurations.op_ids, np.diff(configurations.offsets))


def output_bytes(record: GraphRecord) -> NDArray[np.float64]:
    """(n,) float64, bytes: size of each op's output without padding; 0 of tuples and tokens."""
    types = record.features[:, columns.DTYPE]
    each = shapes.ITEM_BYTES[types.argmax(axis=1)] * types.any(axis=1)
    sizes: NDArray[np.float64] = record.features[:, columns.DIMENSIONS_PRODUCT].astype(np.float64) * each
    return sizes


def row_major(record: GraphRecord) -> LayoutRows:
    """(n, 6) int64: the layout of C arrays; all -1 where the rank is unknown."""
    return np.asarray(np.maximum(shapes.ranks(record.features)[:, None] - 1 - np.arange(6), -1), np.int64)


def own_layouts(record: GraphRecord) -> LayoutRows:
    """(n, 6) int64: each op's own layout; row-major where the file gives none, as before layouts are assigned."""
    known = record.minor_to_major.astype(np.int64)
    return np.where(known[:, :1] >= 0, known, row_major(record))


def output_layouts(record: GraphRecord) -> LayoutRows:
    """(r, 6) int64: the output's layout under each choice.

    What a row leaves open goes on in the order of the op's own layout: TPU convolutions and dots are given their two
    minor-most dimensions only.

    Raises:
        DataError: the record has tile configurations.
    """
    configurations = layout_configurations(record)
    own, given = own_layouts(record)[choice_ops(configurations)], configurations.codebook[:, :6].astype(np.int64)
    place = np.full((len(given), 7), 99)  # of each dimension; the seventh takes the -1
    for layout, first in ((own, 6), (given, 0)):
        np.put_along_axis(place, np.where(layout >= 0, layout, 6), first + np.arange(6), axis=1)
    order = np.argsort(place[:, :6], axis=1, kind="stable")
    return np.where(np.sort(place[:, :6], axis=1) < 99, order, -1)
