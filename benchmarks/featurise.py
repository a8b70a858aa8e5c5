"""An HLO protobuf of 20,000 instructions into the 140 columns of its ops, against a plain Python loop over the fields.

Both begin at the file's bytes and give the same array, bit for bit. Ours makes the whole program on its way: names,
operands, computations, metadata. The loop reads what the columns need and nothing else, with the same protobuf library
and each message typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jaxlib._hlo as xla
import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from benchmarks import hlo_module
from benchmarks.common import Result, compare, seconds
from tpugraph_db import features
from tpugraph_db.columns import DTYPES
from tpugraph_db.hlo import hlo_pb2, proto
from tpugraph_db.hlo.proto.shapes import ELEMENT_TYPES

INSTRUCTIONS = 20_000
TYPED = {
    "shape": "Shape",
    "window": "Window",
    "convolution_dimension_numbers": "ConvolutionDimensionNumbers",
    "padding_config": "PaddingConfig",
}
"""Fields of an instruction that ours takes as bytes, and what they are."""
COLUMNS = (
    "parameter_number", "dimensions", "window", "convolution_dimension_numbers", "feature_group_count",
    "batch_group_count", "slice_dimensions", "dynamic_slice_sizes", "padding_config", "is_stable",
)  # fmt: skip
"""Fields that ours reads apart from the others, as far as the columns need them."""


def measure() -> Result:
    """Ours and the loop over one module."""
    module = xla.hlo_module_from_text(hlo_module.module(INSTRUCTIONS))
    data = module.as_serialized_hlo_module_proto()
    typed = typed_module()
    assert ours(data).tobytes() == plain(typed, data).tobytes()
    return compare(
        f"featurise {INSTRUCTIONS} instructions",
        "a plain Python loop over the fields",
        lambda: seconds(lambda: ours(data)),
        lambda: seconds(lambda: plain(typed, data)),
        pairs=9,
    )


def ours(data: bytes) -> np.ndarray:
    """As ``tpudb load`` does it."""
    return features.node_features(proto.program(data, "module.pb"))


def typed_module() -> Any:
    """The class of a module whose instructions hold the fields of the columns, and messages instead of bytes."""
    file = descriptor_pb2.FileDescriptorProto()
    hlo_pb2.DESCRIPTOR.CopyToProto(file)
    file.name, file.package = "typed.proto", "typed"
    messages = {message.name: message for message in file.message_type}
    attributes = messages["Attributes"].field
    messages["Instruction"].field.extend(field for field in attributes if field.name in COLUMNS)
    for field in (field for message in file.message_type for field in _fields(message)):
        if field.type_name:
            field.type_name = field.type_name.replace(".tpugraph_db.hlo.", ".typed.")
        if field.name in TYPED and field.type == field.TYPE_BYTES:
            field.type, field.type_name = field.TYPE_MESSAGE, f".typed.{TYPED[field.name]}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("typed.HloModule"))


def _fields(message: descriptor_pb2.DescriptorProto) -> Iterable[descriptor_pb2.FieldDescriptorProto]:
    yield from message.field
    for nested in message.nested_type:
        yield from _fields(nested)


def plain(typed: Any, data: bytes) -> np.ndarray:
    """Field after field, instruction after instruction."""
    rows = []
    for computation in typed.FromString(data).computations:
        for instruction in computation.instructions:
            rows.append(_row(instruction, instruction.id == computation.root_id))
    return np.array(rows, np.int64).astype(np.float32)


def _row(instruction: Any, is_root: bool) -> list[int]:
    shape = instruction.shape
    row = [int(is_root), 0]
    row += [int(ELEMENT_TYPES.get(shape.element_type) == dtype) for dtype in DTYPES]
    row += _sequence(shape.dimensions, 6)
    row += [len(shape.tuple_shapes), instruction.parameter_number]
    row += _first(instruction.dimensions, 6)
    row += _window(instruction.window.dimensions)
    row += _convolution(instruction.convolution_dimension_numbers)
    row += [instruction.feature_group_count, instruction.batch_group_count]
    row += _sequence([dimension.start for dimension in instruction.slice_dimensions], 2)
    row += _sequence([dimension.stride for dimension in instruction.slice_dimensions], 2)
    row += _sequence([dimension.limit for dimension in instruction.slice_dimensions], 2)
    row += _sequence(instruction.dynamic_slice_sizes, 2)
    row += _sequence([dimension.edge_padding_low for dimension in instruction.padding_config.dimensions], 2)
    row += _sequence([dimension.edge_padding_high for dimension in instruction.padding_config.dimensions], 2)
    row += [int(instruction.is_stable)]
    return row + _first(shape.layout.minor_to_major, 6)


def _window(dimensions: Any) -> list[int]:
    row = []
    for field in ("size", "stride", "padding_low", "padding_high", "window_dilation", "base_dilation"):
        row += _sequence([getattr(dimension, field) for dimension in dimensions], 6)
    reversal = [int(dimension.window_reversal) for dimension in dimensions]
    return row + _first(reversal, 6) + [sum(reversal), len(reversal) - sum(reversal)]


def _convolution(numbers: Any) -> list[int]:
    row = [numbers.input_batch_dimension, numbers.input_feature_dimension]
    row += _first(numbers.input_spatial_dimensions, 4)
    row += [numbers.kernel_input_feature_dimension, numbers.kernel_output_feature_dimension]
    row += _first(numbers.kernel_spatial_dimensions, 4)
    return [*row, numbers.output_batch_dimension, numbers.output_feature_dimension]


def _first(values: Any, length: int) -> list[int]:
    kept = list(values[:length])
    return kept + [0] * (length - len(kept))


def _sequence(values: Any, length: int) -> list[int]:
    total, product = 0, 1
    for value in values:
        total += value
        product *= value
    return [*_first(values, length), total, product]
