"""Betweenness and closeness of 43,836 ops (a real graph, twice side by side) through rustworkx, against networkx.

networkx walks from some of the ops, and its seconds are those for all at that rate. Seconds are a processor's, all
threads together. That both say the same is looked at on a smaller graph first.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import networkx as nx

from benchmarks.common import Result, compare
from benchmarks.structure import REAL, twice
from tests import real
from tpugraph_db.analytics.algorithms import ALGORITHMS, algorithm_rows
from tpugraph_db.record import GraphRecord

NAMES = ("betweenness_centrality", "closeness_centrality")
SOME = 50
"""Ops that networkx walks from."""
SMALLER = "unet3d"
MOST = 1e-12
"""By which values differ."""


def measure() -> Iterator[Result]:
    """A line a row."""
    assert all(ALGORITHMS[name].package == "rustworkx" for name in NAMES), "pip install rustworkx"
    _check(real.record(real.folder(), SMALLER))
    record = twice(real.record(real.folder(), REAL))
    graph, ops = _plain(record), len(record)
    some = random.Random(0).sample(range(ops), SOME)
    against = graph.reverse(copy=False)
    peers = {
        "betweenness_centrality": lambda: nx.betweenness_centrality_subset(graph, some, list(graph)),
        "closeness_centrality": lambda: [nx.single_source_shortest_path_length(against, op) for op in some],
    }
    for name, peer in peers.items():
        yield compare(
            f"{name}, {ops:,} ops",
            f"networkx from {SOME} ops, at that rate from all",
            lambda name=name: _seconds(lambda: algorithm_rows(record, name)),
            lambda peer=peer: _seconds(peer) * ops / SOME,
            pairs=1,
            warm=False,
        )


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _plain(record: GraphRecord) -> nx.DiGraph[int]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(record)))
    graph.add_edges_from(record.edges[:, ::-1].tolist())
    return graph


def _check(record: GraphRecord) -> None:
    for name in NAMES:
        expected = getattr(nx, name)(_plain(record))
        result = algorithm_rows(record, name, len(record))
        assert max(abs(row[4] - expected[row[0]]) for row in result) < MOST, name
