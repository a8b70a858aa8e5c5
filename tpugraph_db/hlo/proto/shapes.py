"""Shapes of HLO protobuf as HLO text."""

from __future__ import annotations

from collections.abc import Sequence

from tpugraph_db.hlo import hlo_pb2

ELEMENT_TYPES: dict[int, str] = {
    1: "pred", 2: "s8", 3: "s16", 4: "s32", 5: "s64", 6: "u8", 7: "u16", 8: "u32", 9: "u64", 10: "f16", 11: "f32",
    12: "f64", 13: "tuple", 14: "opaque", 15: "c64", 16: "bf16", 17: "token", 18: "c128", 19: "f8e5m2",
    20: "f8e4m3fn", 21: "s4", 22: "u4", 23: "f8e4m3b11fnuz", 24: "f8e5m2fnuz", 25: "f8e4m3fnuz", 26: "s2", 27: "u2",
    28: "f8e4m3", 29: "f8e3m4", 30: "s1", 31: "u1", 32: "f4e2m1fn", 33: "f8e8m0fnu", 34: "buffer",
    35: "f6e3m2fn", 36: "f6e2m3fn",
}  # fmt: skip
"""HLO's name of each ``PrimitiveType`` but the invalid one, 0."""

_UNBOUNDED = -(2**63)
_ANY = {_UNBOUNDED: "*", _UNBOUNDED + 1: "*"}
_DIM_LEVELS = {0: "D", 1: "C", 2: "S", 3: "H"}
_ENDS = {"tuple": ("(", ")"), "buffer": ("b(", ")")}


def text(shape: hlo_pb2.Shape) -> str:
    """A shape as XLA prints it, less the ``/*index=5*/`` of long tuples.

    Raises ValueError for an element type that has no name.
    """
    dtype = ELEMENT_TYPES.get(shape.element_type)
    if dtype is None:
        raise ValueError(f"element type {shape.element_type}")
    if dtype in _ENDS:
        start, end = _ENDS[dtype]
        return f"{start}{', '.join(map(text, shape.tuple_shapes))}{end}"
    return f"{dtype}[{','.join(_dims(shape))}]{_layout(shape.layout) if shape.HasField('layout') else ''}"


def _dims(shape: hlo_pb2.Shape) -> list[str]:
    sizes, dynamic = shape.dimensions, shape.is_dynamic_dimension
    if not dynamic:
        return [str(size) for size in sizes]
    if len(dynamic) != len(sizes):
        raise ValueError(f"{len(sizes)} dimensions of which {len(dynamic)} are said to be dynamic or not")
    return [
        "?" if size == _UNBOUNDED else f"<={size}" if free else str(size)
        for size, free in zip(sizes, dynamic, strict=True)
    ]


def _layout(layout: hlo_pb2.Layout) -> str:
    rest = "".join(_rest(layout))
    inner = joined(layout.minor_to_major) + (f":{rest}" if rest else "")
    return f"{{{inner}}}" if inner else ""


def _rest(layout: hlo_pb2.Layout) -> list[str]:
    """What follows the dimensions, in XLA's order; what is as always is not said."""
    tiles = "".join(f"({','.join(_ANY.get(d, str(d)) for d in tile.dimensions)})" for tile in layout.tiles)
    levels = list(layout.dim_level_types) if any(layout.dim_level_types) else []
    splits = "".join(f"({split.dimension}:{joined(split.split_indices)})" for split in layout.split_configs)
    physical = text(layout.physical_shape) if layout.HasField("physical_shape") else ""
    parts = (
        (levels, f"D({','.join(_DIM_LEVELS.get(level, str(level)) for level in levels)})"),
        (tiles, f"T{tiles}"),
        (layout.tail_padding_alignment_in_elements > 1, f"L({layout.tail_padding_alignment_in_elements})"),
        (layout.index_primitive_type, f"#({ELEMENT_TYPES.get(layout.index_primitive_type)})"),
        (layout.pointer_primitive_type, f"*({ELEMENT_TYPES.get(layout.pointer_primitive_type)})"),
        (layout.element_size_in_bits, f"E({layout.element_size_in_bits})"),
        (layout.memory_space, f"S({layout.memory_space})"),
        (splits, f"SC{splits}"),
        (physical, f"P({physical})"),
        (layout.dynamic_shape_metadata_prefix_bytes, f"M({layout.dynamic_shape_metadata_prefix_bytes})"),
    )
    return [part for said, part in parts if said]


def joined(numbers: Sequence[int]) -> str:
    """Numbers with commas and nothing else between."""
    return ",".join(map(str, numbers))
