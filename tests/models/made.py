"""Small graphs whose runtimes follow from their configurations, for what learns."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from tests import graphs
from tpugraph_db.models.features.inputs import Inputs, inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.features.tile_features import TILE_NUMBERS
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.record import GraphRecord

SMALL = Recipe(width=8, depth=2, epochs=3, batch=16)
"""Enough to see that something is learned."""

LAYOUTS = ([-1], [1, 0], [0, 1])


def layout_graph(name: str = "made", split: str = "train", costs: tuple[int, ...] = (0, 20, 45)) -> GraphRecord:
    """Two branches that meet, and an op that nothing joins; ops 1, 2 and 4 have three layouts each.

    All 27 configurations; a layout costs ``costs`` microseconds at op 1, three times that at op 2, ten times at op 4.
    """
    ops = [
        ("parameter", "f32[4,8]{1,0}"),
        ("convolution", "f32[4,8]{1,0}"),
        ("dot", "bf16[8,64]{0,1}"),
        ("add", "f32[4,64]{1,0}"),
        ("dot", "f32[16,2]{1,0}"),
        ("tanh", "f32[16]{0}"),
        ("constant", "s32[]"),
    ]
    edges = [(1, 0), (2, 0), (3, 1), (3, 2), (4, 3), (5, 4), (5, 0)]
    picks = list(product(range(3), repeat=3))
    runtimes = [1_000_000 + 1000 * sum(f * costs[p] for f, p in zip((1, 3, 10), pick, strict=True)) for pick in picks]
    rows = [[LAYOUTS[at] for at in pick] for pick in picks]
    configurations = graphs.layouts([1, 2, 4], rows, runtimes)
    return graphs.make_record(name, ops, edges, configurations=configurations, split=split)


def tile_graph(name: str = "kernel", split: str = "train") -> GraphRecord:
    """A kernel of three ops with 20 tile sizes; a runtime falls with the output's tile."""
    ops = [("parameter", "f32[64,64]{1,0}"), ("convolution", "f32[64,64]{1,0}"), ("tanh", "f32[64,64]{1,0}")]
    bounds = [[a, b] for a in (1, 2, 4, 8, 16) for b in (3, 9, 27, 81)]
    runtimes = [1_000_000 // (a * b) for a, b in bounds]
    configurations = graphs.tiles(bounds, runtimes, [1] * len(bounds))
    return graphs.make_record(
        name, ops, [(1, 0), (2, 1)], configurations=configurations, collection="tile:test", split=split, splits=None
    )


def one_op() -> GraphRecord:
    """One configurable op of the opcode 0, which the dataset leaves unnamed, and no edge."""
    configurations = graphs.layouts([0], [[[1, 0]], [[0, 1]]], [2000, 3000])
    return graphs.make_record("one", [("", "f32[4,8]{1,0}")], [], configurations=configurations)


KINDS = ("layout", "tile")


def random_inputs(seed: int, ops: int = 12, slots: int = 4, configs: int = 20, kind: str = "layout") -> Inputs:
    """Of a graph at random; some ops have no neighbour, one edge is there twice. Tiles are 12 different ones."""
    random = np.random.default_rng(seed)
    pairs = [(after, before) for after in range(1, ops) for before in range(after) if random.random() < 0.2]
    edges = np.array([*pairs, *pairs[:1]], np.int64).reshape(-1, 2)
    choices = 3 * np.arange(slots) + random.integers(0, 3, (configs, slots))
    of_op = np.full(ops, -1)
    of_op[random.permutation(ops)[:slots]] = np.arange(slots)
    made = Inputs(
        kind="layout",
        opcodes=random.integers(0, 100, ops),
        layouts=random.integers(0, 7, (ops, 6)),
        op_numbers=random.normal(size=(ops, 5)).astype(np.float32),
        log_bytes=random.uniform(0, 3, ops).astype(np.float32),
        edges=edges,
        slots=of_op,
        choice_layouts=random.integers(0, 7, (3 * slots, 18)),
        choice_numbers=random.normal(size=(3 * slots, 4)).astype(np.float32),
        log_copied=np.where(random.random((3 * slots, 2)) < 0.5, -np.inf, random.uniform(0, 3, (3 * slots, 2))).astype(
            np.float32
        ),
        choices=choices,
        default=3 * np.arange(slots),
    )
    if kind == "layout":
        return made
    return replace(
        made,
        kind=kind,
        slots=np.full(ops, -1),
        choice_layouts=np.empty((3 * slots, 0), np.int64),
        choice_numbers=random.normal(size=(3 * slots, len(TILE_NUMBERS))).astype(np.float32),
        choices=random.integers(0, 3 * slots, (configs, 1)),
        default=np.array([5]),
    )


def by_heart(recipe: Recipe) -> Recipe:
    """One that learns a graph of these to the last configuration in some seconds."""
    return replace(recipe, epochs=60, patience=60, visits=4, rate=4e-2, batch=32)


def statistics(*records: GraphRecord) -> Statistics:
    """Of some graphs."""
    return Statistics.of([inputs(record) for record in records])
