"""The attributes of an HLO instruction in protobuf, less calls and metadata, in the order in which XLA prints them."""

from __future__ import annotations

from collections.abc import Iterable

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.proto.printers import OF_OPCODE, PRINTERS, Printer
from tpugraph_db.hlo.vocabulary import OPCODES

_COLLECTIVE = ("channel_id", "replica_groups", "constrain_layout")
_SPATIAL = (
    "window", "convolution_dimension_numbers", "feature_group_count", "batch_group_count", "conv_kind",
    "precision_config", "padding_type",
)  # fmt: skip
_FIELDS = {
    ("broadcast", "concatenate", "get-dimension-size", "map", "reduce", "reverse", "set-dimension-size",
     "transpose"): ("dimensions",),
    ("all-gather", "all-gather-start"): (*_COLLECTIVE, "dimensions", "use_global_device_ids"),
    ("all-reduce", "all-reduce-start"): (*_COLLECTIVE, "use_global_device_ids"),
    ("all-to-all",): (*_COLLECTIVE, "split_dimension"),
    ("async-start", "async-update", "async-done"): ("async_execution_thread",),
    ("batch-norm-grad", "batch-norm-inference", "batch-norm-training"): ("epsilon", "feature_index"),
    ("cholesky",): ("cholesky_options",),
    ("collective-broadcast", "ragged-all-to-all"): _COLLECTIVE,
    ("collective-permute", "collective-permute-start"): ("channel_id", "source_target_pairs"),
    ("compare",): ("comparison_direction", "comparison_type"),
    ("constant",): ("value",),
    ("convolution",): _SPATIAL,
    ("copy-start",): ("cross_program_prefetch_index",),
    ("custom-call",): (
        *_SPATIAL, "custom_call_target", "operand_shapes_with_layout", "custom_call_has_side_effect", "literal",
        "output_operand_aliasing", "custom_call_schedule", "custom_call_api_version",
    ),
    ("domain",): ("domain_entry_sharding",),
    ("dot", "scaled-dot"): ("dot_dimension_numbers", "precision_config"),
    ("dynamic-slice",): ("dynamic_slice_sizes",),
    ("fft",): ("fft_type", "fft_length"),
    ("fusion",): ("fusion_kind", "output_operand_aliasing"),
    ("gather",): ("gather_dimension_numbers", "gather_slice_sizes", "indices_are_sorted"),
    ("get-tuple-element",): ("tuple_index",),
    ("infeed",): ("infeed_config",),
    ("iota",): ("iota_dimension",),
    ("outfeed",): ("outfeed_shape", "outfeed_config"),
    ("pad",): ("padding_config",),
    ("parameter",): ("parameter_number", "parameter_replication"),
    ("ragged-dot",): ("ragged_dot_dimension_numbers", "precision_config"),
    ("recv", "recv-done", "send", "send-done"): ("channel_id", "is_host_transfer"),
    ("reduce-precision",): ("exponent_bits", "mantissa_bits"),
    ("reduce-scatter",): (*_COLLECTIVE, "use_global_device_ids", "dimensions"),
    ("reduce-window", "select-and-scatter"): ("window",),
    ("reshape",): ("inferred_dimension",),
    ("rng",): ("distribution",),
    ("rng-bit-generator",): ("rng_algorithm",),
    ("rng-get-and-update-state",): ("delta",),
    ("scan",): ("dimensions", "num_carries", "is_reverse", "is_associative"),
    ("scatter",): ("scatter_dimension_numbers", "indices_are_sorted", "unique_indices"),
    ("slice",): ("slice_dimensions",),
    ("sort",): ("dimensions", "is_stable"),
    ("topk",): ("k", "largest"),
    ("triangular-solve",): ("triangular_solve_options",),
}  # fmt: skip

_OWN: dict[str, list[Printer]] = {opcode: [] for opcode in OPCODES} | {
    opcode: [OF_OPCODE.get(field) or PRINTERS[field] for field in fields]
    for opcodes, fields in _FIELDS.items()
    for opcode in opcodes
}
"""What is printed of each opcode that XLA has. Of another one, the fields are printed as they come."""

_EVERY = [PRINTERS[field] for field in (
    "is_composite", "sharding", "frontend_attributes", "statistics_viz", "result_accuracy", "original_value",
    "backend_config",
)]  # fmt: skip


def texts(opcode: str, message: hlo_pb2.Attributes) -> tuple[str, str]:
    """What stands before the called computations, and what behind; either may be empty.

    Raises:
        ValueError: a field that makes no sense.
        DecodeError: a field that is not the message it should be.
    """
    own = _OWN.get(opcode)
    behind = _joined(_EVERY, message) if _has_more(message) else ""
    return _joined(_said(message) if own is None else own, message), behind


def _has_more(message: hlo_pb2.Attributes) -> bool:
    """Whether anything is there that every opcode may have, which is rare."""
    return bool(
        message.backend_config
        or message.frontend_attributes
        or message.HasField("sharding")
        or message.original_value
        or message.result_accuracy
        or message.statistics_viz
        or message.is_composite
    )


def _joined(printers: Iterable[Printer], message: hlo_pb2.Attributes) -> str:
    return ", ".join([said for printer in printers if (said := printer(message))])


def _said(message: hlo_pb2.Attributes) -> list[Printer]:
    """Printers of the fields that are set, each once, in the order of their numbers."""
    printers = (PRINTERS.get(field.name) for field, _ in message.ListFields())
    return list(dict.fromkeys(printer for printer in printers if printer and printer not in _EVERY))
