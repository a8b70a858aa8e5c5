"""HLO opcodes and their numbers in TpuGraphs files.

Source: google-research-datasets/tpu_graphs, ``tpu_graphs/process_data/xla/hlo_opcode.h``
(``LEARNED_HLO_OPCODE_LIST`` and ``TOMBSTONE_HLO_OPCODE_LIST``). The numbers are stable by contract. 0 is an opcode the
dataset could not name; 97 (trace) and 101 (tuple-select) no longer exist in HLO but keep their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

OPCODES: tuple[str, ...] = (
    "", "abs", "add", "add-dependency", "after-all", "all-reduce", "all-to-all", "atan2", "batch-norm-grad",
    "batch-norm-inference", "batch-norm-training", "bitcast", "bitcast-convert", "broadcast", "call", "ceil",
    "cholesky", "clamp", "collective-permute", "count-leading-zeros", "compare", "complex", "concatenate",
    "conditional", "constant", "convert", "convolution", "copy", "copy-done", "copy-start", "cosine",
    "custom-call", "divide", "domain", "dot", "dynamic-slice", "dynamic-update-slice", "exponential",
    "exponential-minus-one", "fft", "floor", "fusion", "gather", "get-dimension-size", "set-dimension-size",
    "get-tuple-element", "imag", "infeed", "iota", "is-finite", "log", "log-plus-one", "and", "not", "or",
    "xor", "map", "maximum", "minimum", "multiply", "negate", "outfeed", "pad", "parameter", "partition-id",
    "popcnt", "power", "real", "recv", "recv-done", "reduce", "reduce-precision", "reduce-window", "remainder",
    "replica-id", "reshape", "reverse", "rng", "rng-get-and-update-state", "rng-bit-generator",
    "round-nearest-afz", "rsqrt", "scatter", "select", "select-and-scatter", "send", "send-done", "shift-left",
    "shift-right-arithmetic", "shift-right-logical", "sign", "sine", "slice", "sort", "sqrt", "subtract",
    "tanh", "trace", "transpose", "triangular-solve", "tuple", "tuple-select", "while", "cbrt", "all-gather",
    "collective-permute-start", "collective-permute-done", "logistic", "dynamic-reshape", "all-reduce-start",
    "all-reduce-done", "reduce-scatter", "all-gather-start", "all-gather-done", "opt-barrier", "async-start",
    "async-update", "async-done", "round-nearest-even", "stochastic-convert", "tan",
)  # fmt: skip
"""HLO name by number; ``""`` for 0, unknown."""

NUMBERS: dict[str, int] = {name: number for number, name in enumerate(OPCODES) if name}
"""Number by HLO name."""


def opcode_mix(counts: Mapping[str, int], most: int | None = None) -> str:
    """``dot 4, add 2``: the most frequent ``most`` of them (None: all) first, equals by name."""
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{opcode} {times}" for opcode, times in order[:most])
    return shown if most is None or len(order) <= most else f"{shown} and {len(order) - most} others"
