"""The structure of a graph of 43,836 ops (a real one, twice side by side) against networkx; and what ``hot`` adds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import numpy as np

from benchmarks.common import Result, compare, seconds
from benchmarks.processes import python
from tests import real
from tpugraph_db.analytics.blocks import blocks
from tpugraph_db.analytics.colours import converged
from tpugraph_db.analytics.cost import weighted_sum
from tpugraph_db.analytics.critical_path import critical
from tpugraph_db.record import GraphRecord

REAL = "nlp hidden"


def measure() -> Iterator[Result]:
    """A line a row."""
    record = twice(real.record(real.folder(), REAL))
    yield from _structure(record, f"{len(record):,} ops")
    yield _hot()


def twice(record: GraphRecord) -> GraphRecord:
    """A graph beside itself."""
    return record.replace(
        opcode_numbers=np.tile(record.opcode_numbers, 2),
        features=np.tile(record.features, (2, 1)),
        edges=np.concatenate([record.edges, record.edges + len(record)]),
        splits=None,
    )


def _structure(record: GraphRecord, size: str) -> Iterator[Result]:
    cost = weighted_sum(record.features)
    graph = record.to_networkx()
    for op in graph:
        del graph.nodes[op]["features"]
    for producer, consumer in graph.edges:
        graph.edges[producer, consumer]["weight"] = cost[producer]
    yield compare(
        f"longest path with slack, {size}",
        "networkx.dag_longest_path, which gives no slack",
        lambda: seconds(lambda: critical(record, cost)),
        lambda: seconds(lambda: nx.dag_longest_path(graph)),
        pairs=9,
    )
    rounds = converged(record)[1]
    for row, ours in (("colours", lambda: converged(record)), ("repeated blocks", lambda: blocks(record))):
        yield compare(
            f"{row}, {size}",
            f"networkx.weisfeiler_lehman_graph_hash of as many rounds ({rounds})",
            lambda ours=ours: seconds(ours),
            lambda: seconds(lambda: nx.weisfeiler_lehman_graph_hash(graph, node_attr="opcode", iterations=rounds)),
            pairs=3,
            warm=False,
        )


def _hot() -> Result:
    """``tpudb hot`` as a process against a one-shot ``tpudb query`` of the same store, the real graph in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python(folder, "-m", "tpugraph_db", "load", real.path(real.folder(), REAL), "--db", "store")

        def run(*words: str) -> float:
            return seconds(lambda: python(folder, "-m", "tpugraph_db", *words, "--db", "store"))

        return compare(
            "hot, 21,918 ops, command to last line",
            "a one-shot tpudb query",
            lambda: run("hot", "3a0c", "--by", "flops"),
            lambda: run("query", "MATCH (o:Op) RETURN count(*)"),
            pairs=7,
        )
