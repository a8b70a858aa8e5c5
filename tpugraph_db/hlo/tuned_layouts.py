"""Layout configurations of tuning data as a codebook."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.columns import LAYOUT_COLUMNS
from tpugraph_db.configurations import Codes, LayoutConfigurations
from tpugraph_db.hlo import hlo_pb2

_TENSORS, _DIMS = 3, 6
"""Output, input and kernel; a layout's first dimensions."""

Row = tuple[int, ...]


def layouts(
    runs: Sequence[hlo_pb2.ConfigProfile],
    op_ids: NDArray[np.int64],
    runtime_ns: NDArray[np.int64],
    is_default: NDArray[np.bool_],
) -> LayoutConfigurations:
    """Configurations of as many rows as there are ops that can be configured.

    Raises:
        ValueError: a run with another number of rows, or an op with more than three tensors.
        DecodeError: a row that is no message.
    """
    book = _Codebook(len(op_ids))
    codes = [book.codes(run.module_config.layout_config.nodes) for run in runs]
    rows = [row for known in book.slots for row in known]
    return LayoutConfigurations(
        runtime_ns=runtime_ns,
        is_default=is_default,
        op_ids=op_ids,
        codebook=np.array(rows, np.float32).reshape(-1, len(LAYOUT_COLUMNS)),
        offsets=np.cumsum([0, *map(len, book.slots)], dtype=np.int64),
        codes=_narrow(np.array(codes, np.uint32).reshape(len(runs), len(op_ids))),
    )


class _Codebook:
    """The distinct rows of each op, in the order in which the runs show them."""

    def __init__(self, slots: int) -> None:
        self.slots: list[dict[Row, int]] = [{} for _ in range(slots)]
        self._rows: dict[bytes, Row] = {}

    def codes(self, nodes: Sequence[bytes]) -> list[int]:
        """The place of each op's row among its rows."""
        if len(nodes) != len(self.slots):
            raise ValueError(f"layouts of {len(nodes)} ops in a run, of {len(self.slots)} in config_index_to_node")
        rows = [self._rows.get(node) or self._row(node) for node in nodes]
        return [known.setdefault(row, len(known)) for row, known in zip(rows, self.slots, strict=True)]

    def _row(self, node: bytes) -> Row:
        tensors = hlo_pb2.NodeLayout.FromString(node).tensors
        if len(tensors) > _TENSORS:
            raise ValueError(f"layouts of {len(tensors)} tensors of an op")
        dims = [list(tensor.dims)[:_DIMS] for tensor in tensors] + [[]] * (_TENSORS - len(tensors))
        row = tuple(dim for layout in dims for dim in [*layout, *[-1] * (_DIMS - len(layout))])
        return self._rows.setdefault(node, row)


def _narrow(codes: NDArray[np.uint32]) -> Codes:
    narrow: Codes = codes.astype(np.min_scalar_type(int(codes.max(initial=0))))
    return narrow
