"""Ops that move values, name them, make them, or order others: no flops.

Source: XLA, ``xla/service/hlo_cost_analysis.cc`` (``HandleSlice``, ``HandleDynamicSlice``, ``HandleGather``,
``HandleTuple``, ``HandleTranspose``, ``HandleRng``, ...). A tuple is a table of 8 bytes a part.
"""

from __future__ import annotations

from tpugraph_db.analytics.costs.op import UNKNOWN, Cost, Formula, Op, elements, leaves, size, traffic
from tpugraph_db.hlo.shape import Shape

FREE = ("add-dependency", "after-all", "bitcast", "constant", "domain", "get-tuple-element", "parameter")
"""They touch no memory."""

MOVED = (
    "async-done", "async-update", "broadcast", "concatenate", "copy", "copy-done", "copy-start", "dynamic-reshape",
    "get-dimension-size", "iota", "opt-barrier", "pad", "partition-id", "recv", "recv-done", "replica-id", "reshape",
    "reverse", "rng-get-and-update-state", "send", "send-done", "set-dimension-size",
)  # fmt: skip
"""They read every operand and write the output."""


def free(op: Op) -> Cost:
    """Bytes = 0."""
    return Cost()


def moved(op: Op) -> Cost:
    """Bytes = operands + output."""
    return Cost(bytes_accessed=traffic(op))


def slice_(op: Op) -> Cost:
    """Only what is kept is read: bytes = ``2 output``."""
    return Cost(bytes_accessed=2 * size(op.shape))


def dynamic_slice(op: Op) -> Cost:
    """Bytes = ``2 output + one start index``, of however many."""
    return Cost(bytes_accessed=2 * size(op.shape) + size(op.operands[1]))


def dynamic_update_slice(op: Op) -> Cost:
    """The output is the operand in place: bytes = ``2 update + one start index``."""
    return Cost(bytes_accessed=2 * size(op.operands[1]) + size(op.operands[2]))


def gather(op: Op) -> Cost:
    """Only what is taken is read: bytes = ``2 output + indices``."""
    return Cost(bytes_accessed=2 * size(op.shape) + size(op.operands[1]))


def transpose(op: Op) -> Cost:
    """Bytes = operand + output; 0 where the two layouts make it a bitcast (:func:`is_bitcast`)."""
    return free(op) if is_bitcast(op) else moved(op)


def is_bitcast(op: Op) -> bool:
    """Whether a transposition leaves every byte where it is.

    From the most minor dimension on, output and operand meet the same dimensions, those of size 1 too, as XLA has it
    (``TransposeIsBitcast``). A layout that is not said is row-major.
    """
    moved_to = op.numbers("dimensions")
    return [moved_to[dim] for dim in _order(op.shape)] == list(_order(op.operands[0]))


def _order(shape: Shape) -> tuple[int, ...]:
    return shape.minor_to_major or tuple(reversed(range(len(shape.dims))))


def tuple_(op: Op) -> Cost:
    """Bytes = the table of the output."""
    return Cost(bytes_accessed=size(op.shape))


def infeed(op: Op) -> Cost:
    """Bytes = all arrays of the output."""
    return Cost(bytes_accessed=sum(map(size, leaves(op.shape))))


def outfeed(op: Op) -> Cost:
    """Bytes = all arrays of the operands."""
    return Cost(bytes_accessed=sum(size(leaf) for operand in op.operands for leaf in leaves(operand)))


def random(op: Op) -> Cost:
    """Transcendentals = elements of the output, of a tuple those of all parts; bytes = operands + output."""
    return Cost(0.0, sum(map(elements, leaves(op.shape))), traffic(op))


NOTHING = ("Sharding", "SPMDFullToShardShape", "SPMDShardToFullShape")
"""Targets of custom calls that only annotate: the compiler takes them out."""


def custom_call(op: Op) -> Cost:
    """Not known, neither flops nor bytes, but for those of :data:`NOTHING`, which cost none."""
    if op.said.get("custom_call_target", "").strip('"') in NOTHING:
        return Cost()
    return Cost(UNKNOWN, UNKNOWN, UNKNOWN)


FORMULAS: dict[str, Formula] = {
    **dict.fromkeys(FREE, free),
    **dict.fromkeys(MOVED, moved),
    "custom-call": custom_call,
    "dynamic-slice": dynamic_slice,
    "dynamic-update-slice": dynamic_update_slice,
    "gather": gather,
    "infeed": infeed,
    "outfeed": outfeed,
    "rng": random,
    "rng-bit-generator": random,
    "slice": slice_,
    "transpose": transpose,
    "tuple": tuple_,
}
