"""Networks against the same networks written plainly (:mod:`benchmarks.plain_networks`), with the same weights.

Every row first checks that both give the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.common import Result, compare, seconds
from benchmarks.plain_networks import PlainGcn, plain_cell
from benchmarks.synthetic import layouts, make, tile
from tests import real
from tpugraph_db.models.features.inputs import Inputs, inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.by_name import build
from tpugraph_db.models.networks.gcn import Gcn
from tpugraph_db.models.networks.gru import Gru
from tpugraph_db.models.networks.losses import list_mle
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.models.training.scoring import scores
from tpugraph_db.record import GraphRecord

RANKED = 1_000
STEP = 64
"""Configurations in a training step."""
DENSE = 1 << 24
"""Numbers that the plain network's states may take: as many configurations side by side as fit."""


def measure() -> Iterator[Result]:
    """A line a row."""
    torch.set_num_threads(1)
    yield _training("layout", make("made_up", 300, 2_000, 0))
    yield _training("tile", tile("made_up", 40, 2_000, 0))
    hidden = real.record(real.folder(), "nlp hidden")
    yield _ranking(f"rank {RANKED} configurations of 21,918 ops", hidden, RANKED, pairs=1)
    yield _ranking("rank 47,712 configurations of 372 ops", few_slots(), 47_712, pairs=1)
    yield _gru(hidden)


def few_slots() -> GraphRecord:
    """372 ops, 26 of them configurable, 47,712 configurations."""
    record = make("made_up", 372, 1, 0)
    ops = np.sort(np.random.default_rng(0).choice(record.configurable_ops, 26, replace=False))
    return record.replace(configurations=layouts(np.random.default_rng(1), ops, 47_712))


def _ready(record: GraphRecord, model: str) -> tuple[Inputs, Statistics, Gcn | Gru]:
    given = inputs(record)
    statistics = Statistics.of([given])
    net = build(Recipe(model=model, width=64, depth=3), statistics)
    assert isinstance(net, Gcn | Gru)
    return given, statistics, net


def _training(kind: str, record: GraphRecord) -> Result:
    given, statistics, net = _ready(record, "gcn")
    assert isinstance(net, Gcn)
    graph, plain = Prepared(given, statistics, net.shared, net.weights), PlainGcn(net, given, statistics)
    random = np.random.default_rng(0)

    def side(score: Callable[[NDArray[np.int64]], torch.Tensor]) -> float:
        some = random.permutation(len(record.configurations))[:STEP]
        values = torch.log(torch.from_numpy(record.configurations.value[some]))
        return seconds(lambda: list_mle(score(some), values).backward())

    some = np.arange(STEP)
    torch.testing.assert_close(net(graph, some), plain(some), rtol=1e-3, atol=1e-4)
    row = f"train a step of {STEP} {kind} configurations"
    return compare(row, "the same network plainly in DGL", lambda: side(partial(net, graph)), lambda: side(plain), 15)


def _ranking(row: str, record: GraphRecord, configs: int, pairs: int) -> Result:
    given, statistics, net = _ready(record, "gcn")
    assert isinstance(net, Gcn)
    given = replace(given, choices=given.choices[:configs])
    size = max(1, DENSE // (len(record) * net.width))

    def ours() -> float:
        return seconds(lambda: scores(net, Prepared(given, statistics, net.shared, net.weights)))

    @torch.no_grad()
    def peer() -> float:
        plain = PlainGcn(net, given, statistics)
        parts = np.array_split(np.arange(configs), -(-configs // size))
        return seconds(lambda: [plain(part) for part in parts])

    with torch.no_grad():
        some = np.arange(4)
        graph, plain = Prepared(given, statistics, net.shared, net.weights), PlainGcn(net, given, statistics)
        torch.testing.assert_close(net(graph, some), plain(some), rtol=1e-3, atol=1e-4)
    return compare(row, "the same network plainly in DGL", ours, peer, pairs, warm=False)


def _gru(record: GraphRecord) -> Result:
    given, statistics, net = _ready(record, "gru")
    assert isinstance(net, Gru)
    graph, cell = Prepared(given, statistics, 0, net.weights), net.layers[0].forward_
    states = torch.randn(len(record), 1, net.width)
    with torch.no_grad():
        torch.testing.assert_close(
            cell(states, graph, False), plain_cell(cell, states, given.edges), rtol=1e-4, atol=1e-5
        )

    @torch.no_grad()
    def ours() -> float:
        return seconds(lambda: cell(states, graph, False))

    @torch.no_grad()
    def peer() -> float:
        return seconds(lambda: plain_cell(cell, states, given.edges))

    return compare("gru forward over 21,918 ops", "a Python loop over the ops", ours, peer, 3)
