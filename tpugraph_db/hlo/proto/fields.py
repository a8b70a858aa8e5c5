"""Messages inside an HLO instruction as HLO text: what stands after an attribute's ``=``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.proto.shapes import joined

_ESCAPES = {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t", ord('"'): '\\"', ord("'"): "\\'"}
_PRECISIONS = ("default", "high", "highest", "packed_nibble")
_ALGORITHMS = (
    "unset", "dot_any_f8_any_f8_f32", "dot_any_f8_any_f8_f32_fast_accum", "dot_f16_f16_f16", "dot_f16_f16_f32",
    "dot_bf16_bf16_bf16", "dot_bf16_bf16_f32", "dot_bf16_bf16_f32_x3", "dot_bf16_bf16_f32_x6", "dot_tf32_tf32_f32",
    "dot_tf32_tf32_f32_x3", "dot_f32_f32_f32", "dot_f64_f64_f64", "dot_bf16_bf16_f32_x9",
)  # fmt: skip
_BRACES = re.compile(r'"(?:\\.|[^"\\])*"|[{}"]', re.DOTALL)


def quoted(text: bytes | str) -> str:
    """In quotes, with the escapes of C; a byte that cannot be shown in octal."""
    data = text.encode() if isinstance(text, str) else text
    return f'"{"".join(map(_escaped, data))}"'


def raw_or_quoted(text: bytes | str) -> str:
    """As it is where it reads as one dictionary (``{"a":{"b":1}}``), else in quotes."""
    decoded = text if isinstance(text, str) else text.decode(errors="replace")
    return decoded if _is_dictionary(decoded) else quoted(text)


def window(message: hlo_pb2.Window) -> str:
    """``{size=3x3 stride=2x2 pad=0_1x0_1}``; what is as always is not said, sizes are."""
    dims = message.dimensions
    fields = (
        ("stride", [str(d.stride) for d in dims], "1"),
        ("pad", [f"{d.padding_low}_{d.padding_high}" for d in dims], "0_0"),
        ("lhs_dilate", [str(d.base_dilation) for d in dims], "1"),
        ("rhs_dilate", [str(d.window_dilation) for d in dims], "1"),
        ("rhs_reversal", [str(int(d.window_reversal)) for d in dims], "0"),
    )
    said = [f"{name}={'x'.join(values)}" for name, values, usual in fields if set(values) - {usual}]
    return f"{{{' '.join([f'size={chr(120).join(str(d.size) for d in dims)}', *said])}}}"


def dim_labels(message: hlo_pb2.ConvolutionDimensionNumbers) -> str:
    """``b01f_01io->b01f``: which dimension is the batch, the features, and each spatial one."""
    return (
        _labels(message.input_spatial_dimensions, b=message.input_batch_dimension, f=message.input_feature_dimension)
        + "_"
        + _labels(
            message.kernel_spatial_dimensions,
            i=message.kernel_input_feature_dimension,
            o=message.kernel_output_feature_dimension,
        )
        + "->"
        + _labels(
            message.output_spatial_dimensions, b=message.output_batch_dimension, f=message.output_feature_dimension
        )
    )


def slices(messages: Sequence[hlo_pb2.SliceDimensions]) -> str:
    """``{[0:1], [0:3]}``, ``{[0:1:1], [0:3:2]}``: start, limit, and strides where any is not 1."""
    strided = any(s.stride != 1 for s in messages)
    texts = (f"[{s.start}:{s.limit}{f':{s.stride}' if strided else ''}]" for s in messages)
    return f"{{{', '.join(texts)}}}"


def padding(message: hlo_pb2.PaddingConfig) -> str:
    """``1_2x0_0``; ``1_2_1x0_0_0`` where any dimension is padded inside."""
    dims = message.dimensions
    inside = any(d.interior_padding for d in dims)
    return "x".join(
        f"{d.edge_padding_low}_{d.edge_padding_high}{f'_{d.interior_padding}' if inside else ''}" for d in dims
    )


def dot(message: hlo_pb2.DotDimensionNumbers) -> str:
    """``lhs_batch_dims={0}, lhs_contracting_dims={2}, ...``; batch dimensions where there are any."""
    sides = (
        ("lhs", message.lhs_batch_dimensions, message.lhs_contracting_dimensions),
        ("rhs", message.rhs_batch_dimensions, message.rhs_contracting_dimensions),
    )
    said = []
    for side, batch, contracting in sides:
        said += [f"{side}_batch_dims={{{joined(batch)}}}"] * bool(batch)
        said.append(f"{side}_contracting_dims={{{joined(contracting)}}}")
    return ", ".join(said)


def ragged_dot(message: hlo_pb2.RaggedDotDimensionNumbers) -> str:
    """As of a dot, and ``lhs_ragged_dims={0}, rhs_group_dims={0}``."""
    ragged, group = joined(message.lhs_ragged_dimensions), joined(message.rhs_group_dimensions)
    return f"{dot(message.dot_dimension_numbers)}, lhs_ragged_dims={{{ragged}}}, rhs_group_dims={{{group}}}"


def gather(message: hlo_pb2.GatherDimensionNumbers) -> str:
    """``offset_dims={1}, collapsed_slice_dims={0}, start_index_map={0}, index_vector_dim=1``."""
    fields = ("offset_dims", "collapsed_slice_dims", "start_index_map")
    return _dims(message, fields, ("operand_batching_dims", "start_indices_batching_dims"))


def scatter(message: hlo_pb2.ScatterDimensionNumbers) -> str:
    """``update_window_dims={1}, inserted_window_dims={0}, scatter_dims_to_operand_dims={0}, index_vector_dim=1``."""
    fields = ("update_window_dims", "inserted_window_dims", "scatter_dims_to_operand_dims")
    return _dims(message, fields, ("input_batching_dims", "scatter_indices_batching_dims"))


def precision(message: hlo_pb2.PrecisionConfig) -> str:
    """``operand_precision={high,default}, algorithm=dot_bf16_bf16_f32_x3``, each where it is not the default."""
    operands = ",".join(name(_PRECISIONS, number) for number in message.operand_precision)
    said = [f"operand_precision={{{operands}}}"] * any(message.operand_precision)
    said += [f"algorithm={name(_ALGORITHMS, message.algorithm)}"] * bool(message.algorithm)
    return ", ".join(said)


def name(names: tuple[str, ...], number: int) -> str:
    """A number's name, or the number where there is a newer one."""
    return names[number] if 0 <= number < len(names) else str(number)


def aliasing(messages: Iterable[hlo_pb2.OutputOperandAliasing]) -> str:
    """``{{0}: (1, {})}``: a part of the output, and the operand's part that it shares memory with."""
    pairs = (
        f"{{{joined(m.output_shape_index)}}}: ({m.operand_index}, {{{joined(m.operand_shape_index)}}})"
        for m in messages
    )
    return f"{{{', '.join(pairs)}}}"


def dictionary(message: hlo_pb2.FrontendAttributes) -> str:
    """``{k0="v0",k1="v1"}``, keys in order."""
    return "{" + ",".join(f"{key}={raw_or_quoted(value)}" for key, value in sorted(message.map.items())) + "}"


def statistics(message: hlo_pb2.StatisticsViz) -> str:
    """``{visualizing_index=0,name=1.5}``."""
    values = (f",{s.stat_name}={s.stat_val:g}" for s in message.statistics)
    return f"{{visualizing_index={message.stat_index_to_visualize}{''.join(values)}}}"


def accuracy(message: hlo_pb2.ResultAccuracy) -> str:
    """``{mode=highest}``, ``{tolerance={atol=0,rtol=0.5,ulps=2}}``; empty where it is the default."""
    if message.HasField("tolerance"):
        tolerance = message.tolerance
        return f"{{tolerance={{atol={tolerance.atol:g},rtol={tolerance.rtol:g},ulps={tolerance.ulps}}}}}"
    return "{mode=highest}" if message.mode else ""


def _dims(
    message: hlo_pb2.GatherDimensionNumbers | hlo_pb2.ScatterDimensionNumbers,
    always: tuple[str, ...],
    batching: tuple[str, ...],
) -> str:
    """Lists of dimensions by name, the batching ones where there are any."""
    said = [f"{field}={{{joined(getattr(message, field))}}}" for field in always]
    said += [f"{field}={{{joined(getattr(message, field))}}}" for field in batching if getattr(message, field)]
    return ", ".join([*said, f"index_vector_dim={message.index_vector_dim}"])


def _escaped(byte: int) -> str:
    known = _ESCAPES.get(byte)
    return known or ("\\\\" if byte == 92 else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")


def _is_dictionary(text: str) -> bool:
    depth = 0
    for token in _BRACES.finditer(text) if text.startswith("{") else ():
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if not depth or token[0] == '"':
            return not depth and token.end() == len(text)
    return False


def _labels(spatial: Sequence[int], **named: int) -> str:
    """A letter or number a dimension; ``?`` for one that has none."""
    at = {place: letter for letter, place in named.items()} | {place: str(i) for i, place in enumerate(spatial)}
    rank = len(spatial) + len(named)
    return "".join(at.get(place, "?") for place in range(rank))
