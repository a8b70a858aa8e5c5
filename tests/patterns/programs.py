"""For each pattern of the library a small graph that has it, how often, and one that nearly has it.

An op is ``opcode`` or ``opcode shape``; an edge is (producer, consumer). The last op is the root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests import graphs
from tpugraph_db.record import GraphRecord


@dataclass(frozen=True)
class Example:
    """A graph, and how many matches it has."""

    ops: list[str]
    edges: list[tuple[int, int]]
    matches: int

    def record(self, name: str) -> GraphRecord:
        pairs = [op.partition(" ") for op in self.ops]
        ops = [(opcode, shape or "f32[4,8]{1,0}") for opcode, _, shape in pairs]
        return graphs.make_record(name, ops, [(consumer, producer) for producer, consumer in self.edges])


def line(*ops: str, matches: int, more: Sequence[tuple[int, int]] = ()) -> Example:
    """Ops that feed one another in turn, and edges beside."""
    return Example(list(ops), [(at, at + 1) for at in range(len(ops) - 1)] + list(more), matches)


EXAMPLES: dict[str, tuple[Example, Example]] = {
    # a gradient that goes straight out, and one that is added to something before
    "all_reduce_tail": (
        line("parameter", "all-reduce", "tuple tuple[]", matches=1),
        line("parameter", "all-reduce", "add", "tuple tuple[]", matches=0),
    ),
    "attention": (
        line("dot", "exponential", "reduce", "broadcast", "divide", "dot", matches=1, more=[(1, 4)]),
        # the weights are no exponentials over their sum
        line("dot", "exponential", "reduce", "broadcast", "divide", "dot", matches=0),
    ),
    "broadcast_fan_out": (
        Example(["broadcast", *["add"] * 9], [(0, to) for to in range(1, 10)], 1),
        Example(["broadcast", *["add"] * 8], [(0, to) for to in range(1, 9)], 0),
    ),
    "conv_bias_activation": (
        Example(["convolution", "broadcast", "add", "maximum"], [(0, 2), (1, 2), (2, 3)], 1),
        # what is added is no bias
        Example(["convolution", "parameter", "add", "maximum"], [(0, 2), (1, 2), (2, 3)], 0),
    ),
    "convert_round_trip": (
        line("parameter", "convert bf16[4,8]{1,0}", "convert", matches=1),
        line("parameter", "convert bf16[4,8]{1,0}", "convert f64[4,8]{1,0}", matches=0),
    ),
    "dead_end": (
        Example(["parameter", "parameter", "negate"], [(0, 2)], 1),
        Example(["parameter", "negate"], [(0, 1)], 0),
    ),
    "fusion_blocker": (
        line("add", "custom-call", "multiply", matches=1),
        line("add", "negate", "multiply", matches=0),
    ),
    # x (0) feeds its tanh through a cube, and the product
    "gelu": (
        line("parameter", "multiply", "multiply", "tanh", "add", "multiply", matches=1, more=[(0, 5)]),
        line("parameter", "multiply", "multiply", "tanh", "add", "multiply", matches=0),
    ),
    "layer_norm": (
        line(
            "parameter", "reduce", "divide", "broadcast", "subtract", "multiply", "reduce", "divide", "add", "rsqrt",
            "multiply", matches=1, more=[(4, 10)],
        ),
        # the mean is not taken off: root mean square norm
        line("parameter", "multiply", "reduce", "divide", "add", "rsqrt", "multiply", matches=0),
    ),
    "layout_transition": (
        line("negate f32[4,8]{1,0}", "add f32[4,8]{0,1}", matches=1),
        line("negate f32[4,8]{1,0}", "transpose f32[8,4]{0,1}", matches=0),
    ),
    # two of two, (1, 2) and (2, 3), and one of three
    "reshape_chain": (
        line("parameter", "reshape", "reshape", "reshape", matches=3),
        line("reshape", "negate", "reshape", matches=0),
    ),
    "softmax": (
        line("exponential", "reduce", "reshape", "broadcast", "divide", matches=1, more=[(0, 4)]),
        line("exponential", "reduce", "reshape", "broadcast", "subtract", matches=0, more=[(0, 4)]),
    ),
    "transpose_sandwich": (
        line("transpose", "dot", "transpose", matches=1),
        line("transpose", "reshape", "transpose", matches=0),
    ),
}  # fmt: skip
"""Patterns; the queries of the library have their programs as text."""

TWICE = """\
HloModule twice

ENTRY %main {
  %one = f32[] constant(1)
  %uno = f32[] constant(1)
  %two = f32[] constant(2)
  %sum = f32[] add(%one, %uno)
  ROOT %product = f32[] multiply(%sum, %two)
}
"""
ONCE = TWICE.replace("%uno = f32[] constant(1)", "%uno = f32[] constant(3)")
