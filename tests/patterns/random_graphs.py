"""Random small graphs for the patterns of :mod:`tests.patterns.random_patterns`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

from tests import graphs
from tpugraph_db.rows import GraphRows, graph_rows

OPCODES = ("add", "add", "dot", "dot", "tanh", "all-reduce", "all-gather", None)
"""Of the random graphs; None: unknown."""

COLLECTIONS = ("tile:random", "tile:chance")


@dataclass(frozen=True)
class SmallGraph:
    name: str
    collection: str
    ops: list[dict[str, Any]]
    edges: set[tuple[int, int]]
    """(producer, consumer)."""

    @property
    def id(self) -> str:
        return f"{self.collection}/train/{self.name}"

    def rows(self) -> GraphRows:
        """As a store takes it."""
        shapes = [("add", "f32[]") for _ in self.ops]
        made = graph_rows(graphs.make_record(self.name, shapes, [], collection=self.collection), "none")
        columns = {key: [op[key] for op in self.ops] for key in self.ops[0]}
        feeds = np.array(sorted(self.edges), np.int64).reshape(-1, 2)
        return replace(made, ops=made.ops | columns, feeds=feeds)

    def within(self, producer: int, consumer: int, hops: int) -> bool:
        """Whether data gets from one to the other over 1 to so many edges."""
        near = {producer}
        for _ in range(hops):
            near = {b for a, b in self.edges if a in near}
            if consumer in near:
                return True
        return False


def small_graph(random: Random, name: str) -> SmallGraph:
    size = random.randint(5, 10)
    density = random.choice((0.3, 0.45, 0.6))
    edges = {(a, b) for b in range(size) for a in range(b) if random.random() < density}
    ops = [
        {
            "opcode": random.choice(OPCODES),
            "bytes": random.choice((4, 8, 16, None)),
            "dtype": random.choice(("f32", "f32", "bf16", None)),
            "is_configurable": random.random() < 0.4,
            "fan_out": sum(a == op for a, _ in edges),
        }
        for op in range(size)
    ]
    return SmallGraph(name, random.choice(COLLECTIONS), ops, edges)
