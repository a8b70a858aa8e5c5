"""Element type, dimensions and layout of an op's output, read off its 140 columns.

The columns pad with 0, which is also dimension 0: ``minor_to_major`` alone cannot tell ``{1,0}`` from ``{1}``.
The rank can: it is the number of leading non-zero entries of ``shape_dimensions``. A shape with a dimension of size 0
or of more than six dimensions cannot be told, which the columns' own sum and product show; it is then unknown (None).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns

_BYTES = {
    "pred": 1, "s8": 1, "u8": 1, "s16": 2, "u16": 2, "f16": 2, "bf16": 2, "s32": 4, "u32": 4, "f32": 4,
    "s64": 8, "u64": 8, "f64": 8, "c64": 8, "c128": 16,
}  # fmt: skip

ITEM_BYTES = np.array([_BYTES.get(dtype, 0) for dtype in columns.DTYPES])
"""(19,) int64, bytes: size of an element of each of ``columns.DTYPES``, 0 where it has none."""


@dataclass(frozen=True)
class Shape:
    """One op's output; a field is None where the columns do not say."""

    dtype: str | None
    """HLO element type: ``f32``, ``bf16``, ``tuple``, ..."""
    dims: tuple[int, ...] | None
    """Sizes of the dimensions, dimension 0 first; ``()`` for a scalar."""
    layout: tuple[int, ...] | None
    """Dimensions from the most minor (contiguous) to the most major."""

    @property
    def text(self) -> str | None:
        """As HLO prints it: ``f32[8,128]``."""
        return None if self.dims is None else f"{self.dtype}[{','.join(map(str, self.dims))}]"

    @property
    def layout_text(self) -> str | None:
        """As HLO prints it: ``{1,0}``."""
        return None if self.layout is None else f"{{{','.join(map(str, self.layout))}}}"

    @property
    def elements(self) -> int | None:
        """Product of the dimensions, exact."""
        return None if self.dims is None else int(np.prod(self.dims, dtype=object))

    @property
    def bytes(self) -> int | None:
        """Bytes of the output, without padding."""
        elements = self.elements
        return None if elements is None or self.dtype not in _BYTES else elements * _BYTES[self.dtype]


def ranks(features: NDArray[np.float32]) -> NDArray[np.int64]:
    """(n,) int64: number of dimensions of each output, -1 where the columns do not say."""
    dims = features[:, columns.DIMENSIONS].astype(np.float64)
    rank = (dims != 0).sum(axis=1)
    leading = np.cumprod(dims != 0, axis=1).sum(axis=1) == rank
    sizes = ((dims >= 0) & (dims < 2**63) & (dims == np.floor(dims))).all(axis=1)
    with np.errstate(over="ignore"):
        product = np.where(dims == 0, 1, dims).prod(axis=1).astype(np.float32)
        total = dims.sum(axis=1).astype(np.float32)
    # the file's float32 sum and product, made from all dimensions, betray a seventh or a zero-sized one
    whole = (total == features[:, columns.DIMENSIONS_SUM]) & _close(product, features[:, columns.DIMENSIONS_PRODUCT])
    arrays = features[:, columns.DTYPE][:, [columns.DTYPES.index(d) for d in _BYTES]].any(axis=1)
    return np.where(leading & sizes & whole & arrays, rank, -1)


def _close(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.bool_]:
    # a product past 2**24 may have been rounded at each of up to five multiplications
    close: NDArray[np.bool_] = np.abs(a - b) <= np.float32(1e-6) * np.abs(b)
    return close


def minor_to_major(features: NDArray[np.float32]) -> NDArray[np.int8]:
    """(n, 6) int8: dimensions from most minor to most major, -1 past the rank; all -1 where it is not a layout."""
    rank = ranks(features)
    raw = features[:, columns.MINOR_TO_MAJOR]
    inside = np.arange(6) < rank[:, None]
    layout = np.where(inside, raw, -1)
    wanted = np.where(inside, np.arange(6), -1)
    valid = (np.sort(layout, axis=1) == np.sort(wanted, axis=1)).all(axis=1)
    return np.where(valid[:, None], layout, -1).astype(np.int8)


def describe(features: NDArray[np.float32]) -> list[Shape]:
    """The shape of every op. Graphs repeat few shapes, so each is made once and shared."""
    rank = ranks(features)
    layout = minor_to_major(features)
    dtype = np.where(features[:, columns.DTYPE].any(axis=1), features[:, columns.DTYPE].argmax(axis=1), -1)
    dims = np.where(np.arange(6) < rank[:, None], features[:, columns.DIMENSIONS], 0).astype(np.int64)
    table = np.column_stack([dtype, rank, dims, layout.astype(np.int64)])
    made: dict[tuple[int, ...], Shape] = {}
    shapes = []
    for key in map(tuple, table.tolist()):
        if key not in made:
            made[key] = _shape(key[0], key[1], key[2:8], key[8:])
        shapes.append(made[key])
    return shapes


def _shape(dtype: int, rank: int, dims: tuple[int, ...], layout: tuple[int, ...]) -> Shape:
    name = columns.DTYPES[dtype] if dtype > 0 else None
    if rank < 0:
        return Shape(name, None, None)
    known = layout[:rank]
    return Shape(name, dims[:rank], None if -1 in known else known)
