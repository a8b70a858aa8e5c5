"""The columns of TpuGraphs arrays by name: 140 of an op, 18 of a layout choice, 24 of a tile choice.

Source: google-research-datasets/tpu_graphs, ``README.md`` (names) and ``process_data/xla/featurizers.h`` (values).
A sequence keeps its first six (or two, four) entries, padded with 0; ``_sum`` and ``_product`` run over all entries,
those past the sixth too, and the product of no entries is 1.
"""

from __future__ import annotations

TOTALS = ("sum", "product")


def _sequence(name: str, length: int, totals: tuple[str, ...] = ()) -> list[str]:
    return [f"{name}_{i}" for i in range(length)] + [f"{name}_{total}" for total in totals]


DTYPES: tuple[str, ...] = (
    "invalid", "pred", "s8", "s16", "s32", "s64", "u8", "u16", "u32", "u64",
    "f16", "f32", "f64", "bf16", "c64", "c128", "tuple", "opaque", "token",
)  # fmt: skip
"""HLO element types in the order of the one-hot columns 2-20."""

_DTYPE_COLUMN = {"invalid": "invalid_type", "opaque": "opaque_type"}
_WINDOW = ("size", "stride", "padding_low", "padding_high", "window_dilation", "base_dilation")

OP_COLUMNS: tuple[str, ...] = (
    "is_root",
    "element_size_in_bits",
    *(f"shape_element_type_is_{_DTYPE_COLUMN.get(dtype, dtype)}" for dtype in DTYPES),
    *_sequence("shape_dimensions", 6, TOTALS),
    "shape_tuple_shapes_size",
    "parameter_number",
    *_sequence("dimensions", 6),
    *(column for field in _WINDOW for column in _sequence(f"window_{field}", 6, TOTALS)),
    *_sequence("window_window_reversal", 6, ("true_count", "false_count")),
    "convolution_dim_numbers_input_batch_dim",
    "convolution_dim_numbers_input_feature_dim",
    *_sequence("convolution_dim_numbers_input_spatial_dims", 4),
    "convolution_dim_numbers_kernel_input_feature_dim",
    "convolution_dim_numbers_kernel_output_feature_dim",
    *_sequence("convolution_dim_numbers_kernel_spatial_dims", 4),
    "convolution_dim_numbers_output_batch_dim",
    "convolution_dim_numbers_output_feature_dim",
    "feature_group_count",
    "batch_group_count",
    *(column for field in ("start", "stride", "limit") for column in _sequence(f"slice_dims_{field}", 2, TOTALS)),
    *_sequence("dynamic_slice_sizes", 2, TOTALS),
    *(column for end in ("low", "high") for column in _sequence(f"padding_config_edge_padding_{end}", 2, TOTALS)),
    "is_stable",
    *_sequence("layout_minor_to_major", 6),
)
"""The 140 columns of ``node_feat``, in order."""

LAYOUT_COLUMNS: tuple[str, ...] = tuple(
    column for tensor in ("output", "input", "kernel") for column in _sequence(f"{tensor}_layout", 6)
)
"""The 18 columns of a configurable op's choice: minor-to-major dimensions of three tensors, -1 for none."""

TILE_COLUMNS: tuple[str, ...] = tuple(
    column for bounds in ("kernel", "output", "input") for column in _sequence(f"{bounds}_bounds", 6, TOTALS)
)
"""The 24 columns of a tile configuration: tile sizes, 0-padded, and their sum and product."""

_AT = {name: place for place, name in enumerate(OP_COLUMNS)}

IS_ROOT = _AT["is_root"]
DTYPE = slice(_AT["shape_element_type_is_invalid_type"], _AT["shape_element_type_is_token"] + 1)
DIMENSIONS = slice(_AT["shape_dimensions_0"], _AT["shape_dimensions_5"] + 1)
DIMENSIONS_SUM = _AT["shape_dimensions_sum"]
DIMENSIONS_PRODUCT = _AT["shape_dimensions_product"]
MINOR_TO_MAJOR = slice(_AT["layout_minor_to_major_0"], _AT["layout_minor_to_major_5"] + 1)
