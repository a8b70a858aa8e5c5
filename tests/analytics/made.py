"""Graphs for analytics: layers that repeat, and a graph whose ops stand in another order."""

from __future__ import annotations

import numpy as np

from tests import graphs
from tpugraph_db.record import GraphRecord

LAYER = ("dot", "tanh", "add")


def layers(count: int, between: tuple[str, ...] = LAYER) -> GraphRecord:
    """0 parameter and 1 constant; then layer after layer, each op fed by the one before; at last a copy.

    The constant feeds the first op of every layer; a layer's last op also takes what the layer began with.
    """
    opcodes, edges = ["parameter", "constant"], []
    last = 0
    for _ in range(count):
        begun = last
        for opcode in between:
            opcodes.append(opcode)
            edges.append((len(opcodes) - 1, last))
            last = len(opcodes) - 1
        edges += [(last - len(between) + 1, 1), (last, begun)]
    opcodes.append("copy")
    edges.append((len(opcodes) - 1, last))
    return graphs.make_record(f"layers{count}", [(opcode, "f32[8,8]{1,0}") for opcode in opcodes], sorted(edges))


def renumbered(record: GraphRecord, place: np.ndarray) -> GraphRecord:
    """The same graph, of one computation and without a program; op ``v`` stands at ``place[v]`` (n,) now."""
    back = np.argsort(place)
    return record.replace(
        opcode_numbers=record.opcode_numbers[back],
        features=record.features[back],
        edges=place[record.edges],
        splits=None,
    )
