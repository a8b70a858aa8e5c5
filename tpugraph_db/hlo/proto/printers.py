"""Each field of an HLO instruction in protobuf as the attribute that HLO text has for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo.proto import fields as fields
from tpugraph_db.hlo.proto.literals import constant
from tpugraph_db.hlo.proto.mesh import mesh_groups
from tpugraph_db.hlo.proto.origin import origin
from tpugraph_db.hlo.proto.shapes import joined, text
from tpugraph_db.hlo.proto.sharding import device_groups, iota_groups, sharding

Printer = Callable[[pb.Attributes], str]
"""The attribute with its name; empty where there is nothing to say."""

_FFT = ("FFT", "IFFT", "RFFT", "IRFFT")
_PADDING = ("PADDING_INVALID", "PADDING_VALID", "PADDING_SAME")
_DISTRIBUTIONS = ("rng_invalid", "rng_uniform", "rng_normal")
_RNG = ("rng_default", "rng_three_fry", "rng_philox")
_TRANSPOSE = ("TRANSPOSE_INVALID", "NO_TRANSPOSE", "TRANSPOSE", "ADJOINT")
_SCHEDULES = ("SCHEDULE_NONE", "SCHEDULE_LATEST", "SCHEDULE_EARLIEST")
_KINDS = ("unset", "fprop", "dgrad", "wgrad")
_APIS = ("UNSPECIFIED", "ORIGINAL", "STATUS_RETURNING", "STATUS_RETURNING_UNIFIED", "TYPED_FFI")


def _always(field: str, name: str = "") -> Printer:
    return lambda i: f"{name or field}={getattr(i, field)}"


def _above(field: str, least: int, name: str = "") -> Printer:
    return lambda i: f"{name or field}={getattr(i, field)}" if getattr(i, field) > least else ""


def _flag(field: str) -> Printer:
    return lambda i: f"{field}=true" if getattr(i, field) else ""


def _list(field: str, name: str = "") -> Printer:
    return lambda i: f"{name or field}={{{joined(getattr(i, field))}}}"


def _string(field: str) -> Printer:
    return lambda i: f"{field}={fields.quoted(getattr(i, field))}" if getattr(i, field) else ""


def _enum(field: str, name: str, names: tuple[str, ...]) -> Printer:
    return lambda i: f"{name}={fields.name(names, getattr(i, field))}" if getattr(i, field) else ""


def _message(field: str, name: str, message: Any, printer: Callable[[Any], str]) -> Printer:
    """A message that is decoded only here; where it has attributes of several names, the printer says them."""

    def printed(i: pb.Attributes) -> str:
        data = getattr(i, field)
        said = printer(message.FromString(data)) if data else ""
        return f"{name}={said}" if name and said else said

    return printed


def _groups(i: pb.Attributes) -> str:
    """Of the four ways to say it, each newer than the one before, the newest that is there."""
    listed = pb.CollectiveDeviceList.FromString(i.collective_device_list)
    if i.mesh_axes_replica_group_list:
        said = mesh_groups(pb.MeshAxesReplicaGroupList.FromString(i.mesh_axes_replica_group_list))
    elif i.iota_collective_device_list:
        said = iota_groups(pb.IotaReplicaGroupList.FromString(i.iota_collective_device_list))
    elif listed.HasField("iota_replica_group_list"):
        said = iota_groups(listed.iota_replica_group_list)
    else:
        said = device_groups(listed.replica_groups or i.replica_groups)
    return f"replica_groups={said}"


def _pairs(i: pb.Attributes) -> str:
    return f"source_target_pairs={{{','.join(f'{{{p.source},{p.target}}}' for p in i.source_target_pairs)}}}"


def _triangular(i: pb.Attributes) -> str:
    options = i.triangular_solve_options
    flags = [f"{name}=true" for name in ("left_side", "lower", "unit_diagonal") if getattr(options, name)]
    return ", ".join([*flags, f"transpose_a={fields.name(_TRANSPOSE, options.transpose_a)}"])


def _domain(i: pb.Attributes) -> str:
    first, last = (sharding(pb.Sharding.FromString(s)) for s in (i.domain_exit_sharding, i.domain_entry_sharding))
    return f'domain={{kind="sharding", entry={first}, exit={last}}}'


@lru_cache(maxsize=256)
def _printed_sharding(data: bytes) -> str:
    return f"sharding={sharding(pb.Sharding.FromString(data))}"


def _sharding(i: pb.Attributes) -> str:
    return _printed_sharding(i.sharding) if i.HasField("sharding") else ""


def _literal(i: pb.Attributes) -> str:
    shape = text(pb.Literal.FromString(i.literal).shape) if i.literal else ""
    return f"literal={shape} {constant(i.literal)}" if shape else ""


def _replicated(i: pb.Attributes) -> str:
    leaves = i.parameter_replication.replicated_at_leaf_buffers
    return f"parameter_replication={{{','.join('true' if leaf else 'false' for leaf in leaves)}}}" if leaves else ""


def _constraints(i: pb.Attributes) -> str:
    shapes = ", ".join(text(pb.Shape.FromString(shape)) for shape in i.operand_shapes_with_layout)
    return f"operand_layout_constraints={{{shapes}}}" if i.constrain_layout else ""


def _prefetch(i: pb.Attributes) -> str:
    has = i.HasField("cross_program_prefetch_index")
    return f"cross_program_prefetch_index={i.cross_program_prefetch_index}" if has else ""


def _aliasing(i: pb.Attributes) -> str:
    said = i.output_operand_aliasing
    return f"output_to_operand_aliasing={fields.aliasing(said)}" if said else ""


def _backend_config(i: pb.Attributes) -> str:
    return f"backend_config={fields.raw_or_quoted(i.backend_config)}" if i.backend_config else ""


def _channel(i: pb.Attributes) -> str:
    channel = max(i.channel_id, i.all_reduce_id)
    return f"channel_id={channel}" if channel > 0 else ""


def _comparison_type(i: pb.Attributes) -> str:
    usual = i.comparison_type in ("", "FLOAT", "SIGNED", "UNSIGNED")  # which of them, the operand's type says
    return "" if usual else f"type={i.comparison_type}"


def _api_version(i: pb.Attributes) -> str:
    version = i.custom_call_api_version
    return f"api_version=API_VERSION_{fields.name(_APIS, version)}" if version > 1 else ""


def _dimension(name: str) -> Printer:
    return lambda i: f"{name}={i.dimensions[0]}" if i.dimensions else ""


PRINTERS: dict[str, Printer] = {
    "fusion_kind": _always("fusion_kind", "kind"),
    "tuple_index": _always("tuple_index", "index"),
    "dimensions": _list("dimensions"),
    "window": _message("window", "window", pb.Window, fields.window),
    "convolution_dimension_numbers": _message(
        "convolution_dimension_numbers", "dim_labels", pb.ConvolutionDimensionNumbers, fields.dim_labels
    ),
    "slice_dimensions": lambda i: f"slice={fields.slices(i.slice_dimensions)}",
    "exponent_bits": _always("exponent_bits"),
    "mantissa_bits": _always("mantissa_bits"),
    "dynamic_slice_sizes": _list("dynamic_slice_sizes"),
    "padding_config": lambda i: f"padding={fields.padding(pb.PaddingConfig.FromString(i.padding_config))}",
    "outfeed_config": _string("outfeed_config"),
    "distribution": lambda i: f"distribution={fields.name(_DISTRIBUTIONS, i.distribution)}",
    "epsilon": lambda i: f"epsilon={i.epsilon:.6g}",
    "feature_index": _always("feature_index"),
    "channel_id": _channel,
    "all_reduce_id": _channel,
    "infeed_config": _string("infeed_config"),
    "custom_call_target": lambda i: f"custom_call_target={fields.quoted(i.custom_call_target)}",
    "outfeed_shape": _message("outfeed_shape", "outfeed_shape", pb.Shape, text),
    "dot_dimension_numbers": _message("dot_dimension_numbers", "", pb.DotDimensionNumbers, fields.dot),
    "fft_type": lambda i: f"fft_type={fields.name(_FFT, i.fft_type)}",
    "fft_length": _list("fft_length"),
    "gather_dimension_numbers": _message("gather_dimension_numbers", "", pb.GatherDimensionNumbers, fields.gather),
    "gather_slice_sizes": _list("gather_slice_sizes", "slice_sizes"),
    "is_host_transfer": _flag("is_host_transfer"),
    "scatter_dimension_numbers": _message("scatter_dimension_numbers", "", pb.ScatterDimensionNumbers, fields.scatter),
    "replica_groups": _groups,
    "collective_device_list": _groups,
    "iota_collective_device_list": _groups,
    "mesh_axes_replica_group_list": _groups,
    "feature_group_count": _above("feature_group_count", 1),
    "batch_group_count": _above("batch_group_count", 1),
    "precision_config": _message("precision_config", "", pb.PrecisionConfig, fields.precision),
    "source_target_pairs": _pairs,
    "literal": _literal,
    "domain_entry_sharding": _domain,
    "constrain_layout": _flag("constrain_layout"),
    "operand_shapes_with_layout": _constraints,
    "triangular_solve_options": _triangular,
    "is_stable": _flag("is_stable"),
    "parameter_replication": _replicated,
    "cholesky_options": lambda i: "lower=true" if i.cholesky_options.lower else "",
    "comparison_direction": _always("comparison_direction", "direction"),
    "comparison_type": _comparison_type,
    "custom_call_has_side_effect": _flag("custom_call_has_side_effect"),
    "delta": _always("delta"),
    "indices_are_sorted": _flag("indices_are_sorted"),
    "unique_indices": _flag("unique_indices"),
    "rng_algorithm": lambda i: f"algorithm={fields.name(_RNG, i.rng_algorithm)}",
    "use_global_device_ids": _flag("use_global_device_ids"),
    "output_operand_aliasing": _aliasing,
    "padding_type": _enum("padding_type", "padding_type", _PADDING),
    "custom_call_schedule": _enum("custom_call_schedule", "schedule", _SCHEDULES),
    "custom_call_api_version": _api_version,
    "async_execution_thread": _string("async_execution_thread"),
    "cross_program_prefetch_index": _prefetch,
    "is_reverse": _flag("is_reverse"),
    "is_associative": _enum("is_associative", "is_associative", ("", "true", "false")),
    "num_carries": _always("num_carries"),
    "conv_kind": _enum("conv_kind", "convolution_kind", _KINDS),
    "k": _always("k"),
    "largest": lambda i: f"largest={'true' if i.largest else 'false'}",
    "is_composite": _flag("is_composite"),
    "ragged_dot_dimension_numbers": _message(
        "ragged_dot_dimension_numbers", "", pb.RaggedDotDimensionNumbers, fields.ragged_dot
    ),
    "sharding": _sharding,
    "frontend_attributes": _message(
        "frontend_attributes", "frontend_attributes", pb.FrontendAttributes, fields.dictionary
    ),
    "statistics_viz": _message("statistics_viz", "statistics", pb.StatisticsViz, fields.statistics),
    "original_value": _message("original_value", "origin", pb.OriginalValue, origin),
    "result_accuracy": _message("result_accuracy", "result_accuracy", pb.ResultAccuracy, fields.accuracy),
    "backend_config": _backend_config,
}
"""By the field's name."""

OF_OPCODE: dict[str, Printer] = {
    "iota_dimension": _dimension("iota_dimension"),
    "inferred_dimension": _dimension("inferred_dimension"),
    "parameter_number": lambda i: f"parameter({i.parameter_number})",
    "value": lambda i: f"constant({constant(i.literal)})",
    "split_dimension": lambda i: PRINTERS["dimensions"](i) if i.dimensions else "",
}
"""What one opcode has to say of a field that others have too, or what stands between its parentheses."""
