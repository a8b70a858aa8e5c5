"""Networks against the same networks written plainly (:mod:`benchmarks.plain_networks`), with the same weights.

Every row first checks that both give the same numbers. Seconds are of CPU, on one thread, whatever else the machine
does. The plain network is asked for a part of the configurations only, where all would take many minutes, and the time
is that of the part times as many: each takes as long as another.

``python -m benchmarks.models_speed ours|plain ROW`` is one side of a ranking row alone, in a process of its own.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.common import Result, Spent, alone, compare, keep, tell
from benchmarks.plain_networks import PlainGcn, plain_cell
from benchmarks.synthetic import layouts, make
from benchmarks.unseen import DATA
from tests import real
from tpugraph_db.formats import read, read_all
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

STEP = Recipe().batch
"""Configurations in a training step."""
PROGRAMS = 5
"""Programs and kernels that a training row takes, spread by size."""
DENSE = 1 << 24
"""Numbers that the plain network's states may take: as many configurations side by side as fit."""
PLAIN = "the same network plainly in DGL"


def few_slots() -> GraphRecord:
    """372 ops, 26 of them configurable, 47,712 configurations."""
    record = make("made_up", 372, 1, 0)
    ops = np.sort(np.random.default_rng(0).choice(record.configurable_ops, 26, replace=False))
    return record.replace(configurations=layouts(np.random.default_rng(1), ops, 47_712))


def large() -> GraphRecord:
    """21,918 ops, 848 of them configurable, 3,706 levels."""
    return real.record(real.folder(), "nlp hidden")


RANKED: dict[str, tuple[Callable[[], GraphRecord], int, int]] = {
    "rank 47,712 configurations of 372 ops": (few_slots, 47_712, 40),
    "rank 1000 configurations of 21,918 ops": (large, 1_000, 40),
}
"""By row: the graph, how many of its configurations, and one of how many the plain network is asked for."""


def measure() -> Iterator[Result]:
    """A line a row."""
    torch.set_num_threads(1)
    yield _training("layout", [read(path) for path in sorted(DATA.rglob("*.npz"))])
    yield _training("tile", list(read_all(real.folder() / "tuning" / "op_tuning_data.pb")))
    yield _gru(large())
    for row in RANKED:
        sides = [partial(alone, "benchmarks.models_speed", side, row) for side in ("ours", "plain")]
        yield compare(row, PLAIN, *sides, pairs=1, warm=False)


def _cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _ready(record: GraphRecord, model: str) -> tuple[Inputs, Statistics, Gcn | Gru]:
    given = inputs(record)
    statistics_ = Statistics.of([given])
    net = build(Recipe(model=model, width=64, depth=3), statistics_)
    assert isinstance(net, Gcn | Gru)
    return given, statistics_, net


def _both(record: GraphRecord) -> tuple[Inputs, Statistics, Gcn]:
    """What both sides compute with, after a check that they say the same of four configurations."""
    given, statistics_, net = _ready(record, "gcn")
    assert isinstance(net, Gcn)
    with torch.no_grad():
        some = np.arange(4)
        graph, plain = Prepared(given, statistics_, net.shared, net.weights), PlainGcn(net, given, statistics_)
        torch.testing.assert_close(net(graph, some), plain(some), rtol=1e-3, atol=1e-4)
    return given, statistics_, net


def _training(kind: str, records: Sequence[GraphRecord]) -> Result:
    """The median over graphs of the ratio of each, and the seconds of all; graphs are spread by their number of ops."""
    able = sorted((record for record in records if len(record.configurations) >= STEP), key=len)
    places = np.linspace(0, len(able) - 1, min(PROGRAMS, len(able))).round().astype(int)
    row = f"train a step of {STEP} {kind} configurations"
    found = [_step(row, able[at]) for at in places]
    for record, one in zip((able[at] for at in places), found, strict=True):
        print(f"  {record.name}, {len(record)} ops: {one.ratio}", file=sys.stderr)
    ours, peer = sum(one.ours_s for one in found), sum(one.peer_s for one in found)
    ratio = statistics.median(one.ratio for one in found)
    result = replace(found[0], ratio=round(ratio, 2), ours_s=round(ours, 3), peer_s=round(peer, 3))
    keep(row, asdict(result))
    return result


def _step(row: str, record: GraphRecord) -> Result:
    given, statistics_, net = _both(record)
    graph, plain = Prepared(given, statistics_, net.shared, net.weights), PlainGcn(net, given, statistics_)
    random = np.random.default_rng(0)

    def side(score: Callable[[NDArray[np.int64]], torch.Tensor]) -> float:
        some = random.permutation(len(record.configurations))[:STEP]
        values = torch.log(torch.from_numpy(record.configurations.value[some]))
        return _cpu_seconds(lambda: list_mle(score(some), values).backward())

    return compare(row, PLAIN, lambda: side(partial(net, graph)), lambda: side(plain), 7, kept=False)


def _gru(record: GraphRecord) -> Result:
    given, statistics_, net = _ready(record, "gru")
    assert isinstance(net, Gru)
    graph, cell = Prepared(given, statistics_, 0, net.weights), net.layers[0].forward_
    states = torch.randn(len(record), 1, net.width)
    sides = [partial(cell, states, graph, False), partial(plain_cell, cell, states, given.edges)]
    with torch.no_grad():
        torch.testing.assert_close(*(side() for side in sides), rtol=1e-4, atol=1e-5)
        ours, peer = (partial(_cpu_seconds, side) for side in sides)
        return compare("gru forward over 21,918 ops", "a Python loop over the ops", ours, peer, 5)


@torch.no_grad()
def rank(side: str, row: str) -> Spent:
    """One side of a ranking row, and what it took."""
    graph, configs, part = RANKED[row]
    given, statistics_, net = _both(graph())
    if side == "ours":
        given = replace(given, choices=given.choices[:configs])
        return Spent(_cpu_seconds(lambda: scores(net, Prepared(given, statistics_, net.shared, net.weights))))
    plain = PlainGcn(net, given, statistics_)
    size = max(1, DENSE // (len(given) * net.width))
    asked = np.arange(configs // part)
    parts = np.array_split(asked, -(-len(asked) // size))
    return Spent(_cpu_seconds(lambda: [plain(each) for each in parts]) * configs / len(asked))


if __name__ == "__main__":
    torch.set_num_threads(1)
    tell(rank(*sys.argv[1:]).seconds)
