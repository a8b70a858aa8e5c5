"""What is known of each tile configuration before it is compiled: the tile against the arrays that it divides.

Tile sizes are counted in vector registers of the TPU: along the minor-most dimension in 128 elements, along the one
after it in 8, and they stand from the most major dimension to the most minor. ``bf16[32,5,5,256]{3,2,1,0}`` is
``32 x 5 x 1 x 2`` registers. (Read off the kernels of tpu_graphs' ``op_tuning_data.pb``: no tile there is larger.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns
from tpugraph_db.configurations import TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.models.features.output_layouts import own_layouts
from tpugraph_db.record import GraphRecord

LANES, SUBLANES = 128, 8
"""Elements that a vector register holds along the two minor-most dimensions."""

STEP_REGISTERS = 100
"""What a step costs beside its tiles, in registers moved. On those kernels 30 to 300 rank about as well."""

TILE_NUMBERS = (
    *(f"log_{name}" for name in columns.TILE_COLUMNS),
    *("log_tiles", "log_steps", "log_time", "waste"),
    *(f"{of}_share_{place}" for of in ("output", "kernel") for place in range(4)),
    *("log_ops", "log_registers"),
)
"""Names of :func:`tile_columns`, in their order."""

_KERNEL, _OUTPUT = slice(0, 6), slice(8, 14)
_KEPT = columns.OP_COLUMNS.index("convolution_dim_numbers_kernel_output_feature_dim")
Bounds = NDArray[np.float64]


def tile_configurations(record: GraphRecord) -> TileConfigurations:
    """The record's tile configurations.

    Raises:
        DataError: it has layout configurations.
    """
    if isinstance(record.configurations, TileConfigurations):
        return record.configurations
    raise DataError(record.id, "configurations", expected="tile sizes", found="layouts of ops")


def registers(record: GraphRecord) -> Bounds:
    """(n, 6) float64, vector registers: each output along its dimensions, the most major first; 0 past the rank."""
    layouts, dims = own_layouts(record), record.features[:, columns.DIMENSIONS].astype(np.float64)
    rank = (layouts >= 0).sum(axis=1)
    sizes = np.where(layouts >= 0, np.take_along_axis(dims, np.maximum(layouts, 0), axis=1), 0)
    unit = np.ones((len(record), 6))
    unit[:, 0], unit[:, 1] = np.where(rank == 1, LANES * SUBLANES, LANES), SUBLANES
    places = np.maximum(rank[:, None] - 1 - np.arange(6), 0)
    return np.where(np.arange(6) < rank[:, None], np.take_along_axis(np.ceil(sizes / unit), places, axis=1), 0)


def number_of_tiles(record: GraphRecord) -> NDArray[np.float64]:
    """(c,) float64: ``product over dimensions of ceil(output / tile)``, 1 where no tile is given."""
    tiles = tile_configurations(record).features[:, _OUTPUT].astype(np.float64)
    return _count(_divided(record, tiles), tiles)


def tile_columns(record: GraphRecord) -> dict[str, NDArray[np.float64]]:
    """(c,) float64 each.

    ======================  ============================================================================================
    ``log_<column>``        log1p of a column of ``columns.TILE_COLUMNS``
    ``log_tiles``           log of :func:`number_of_tiles`
    ``log_steps``           log of that times the tiles of a convolution's kernel along the dimensions that it sums over
    ``log_time``            log of steps times (:data:`STEP_REGISTERS` + registers of the output tile + of the kernel's)
    ``waste``               registers of all tiles over the output's, less 1: what the last tiles hang over
    ``output_share_<p>``    tile over output along the p-th minor-most dimension (0 to 3); 1 where there is none
    ``kernel_share_<p>``    the same of a convolution's kernel
    ``log_ops``             log1p of the kernel's ops, the same for every configuration
    ``log_registers``       log1p registers of output and convolution kernel, the same for every configuration
    ======================  ============================================================================================

    Raises:
        DataError: the record has layout configurations.
    """
    raw = tile_configurations(record).features.astype(np.float64)
    tiles, kernels = raw[:, _OUTPUT], raw[:, _KERNEL]
    output, (kernel, summed) = _divided(record, tiles), _kernel(record, kernels)
    count = _count(output, tiles)
    steps = count * _count(kernel[summed], kernels[:, summed])
    volume, whole = _volume(tiles), float(_volume(output[None])[0])
    sizes = {"log_ops": len(record), "log_registers": whole + float(_volume(kernel[None])[0])}
    return {
        **{f"log_{name}": column for name, column in zip(columns.TILE_COLUMNS, np.log1p(raw.clip(0)).T, strict=True)},
        "log_tiles": np.log(count),
        "log_steps": np.log(steps),
        "log_time": np.log(steps * (STEP_REGISTERS + volume + _volume(kernels))),
        "waste": np.where(volume > 0, count * volume / max(whole, 1) - 1, 0),
        **_fractions("output", tiles, output),
        **_fractions("kernel", kernels, kernel),
        **{name: np.full(len(raw), np.log1p(size)) for name, size in sizes.items()},
    }


def _fractions(name: str, tiles: Bounds, whole: Bounds) -> dict[str, NDArray[np.float64]]:
    rank, ones = int((whole > 0).sum()), np.ones(len(tiles))
    places = [(f"{name}_share_{place}", rank - 1 - place) for place in range(4)]
    return {key: np.minimum(tiles[:, at] / whole[at], 1) if at >= 0 else ones for key, at in places}


def _divided(record: GraphRecord, tiles: Bounds) -> Bounds:
    """(6,) registers of the array that output tiles divide: the last op, no parameter, that they fit."""
    at = _fitting(record, tiles, np.flatnonzero(record.opcodes != "parameter"))
    whole: Bounds = registers(record)[at[-1]] if len(at) else tiles.max(axis=0, initial=0)
    return whole


def _kernel(record: GraphRecord, kernels: Bounds) -> tuple[Bounds, NDArray[np.bool_]]:
    """((6,), (6,)): registers of the array that kernel tiles divide, and along which dimensions a convolution sums."""
    convolutions = np.flatnonzero(record.opcodes == "convolution")
    at = _fitting(record, kernels, np.unique(record.edges[np.isin(record.edges[:, 0], convolutions), 1]))
    if not len(at):
        return kernels.max(axis=0, initial=0), np.ones(6, np.bool_)
    rank = int((registers(record)[at[-1]] > 0).sum())
    major_to_minor = np.append(own_layouts(record)[at[-1], :rank][::-1], [-1] * (6 - rank))
    return registers(record)[at[-1]], major_to_minor != record.features[convolutions[-1], _KEPT]


def _fitting(record: GraphRecord, tiles: Bounds, ops: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of ``ops`` those that have the tiles' rank and hold the largest of them, in their order."""
    largest, sizes = tiles.max(axis=0, initial=0), registers(record)[ops]
    fits = ((sizes > 0) == (largest > 0)).all(axis=1) & (sizes >= largest).all(axis=1) & (largest > 0).any()
    return np.asarray(ops[fits])


def _count(whole: Bounds, tiles: Bounds) -> NDArray[np.float64]:
    count: NDArray[np.float64] = np.where(tiles > 0, np.ceil(whole / np.maximum(tiles, 1)), 1).prod(axis=1)
    return np.maximum(count, 1)


def _volume(bounds: Bounds) -> NDArray[np.float64]:
    """(k,) registers of each row; 0 where it gives none."""
    return np.asarray(np.where(bounds > 0, bounds, 1).prod(axis=1) * (bounds > 0).any(axis=1))
