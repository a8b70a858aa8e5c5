"""``tpudb match`` of a chain of three ops over all graphs of an embedded store, against networkx's matcher.

networkx (VF2: ``DiGraphMatcher.subgraph_monomorphisms_iter``) has the same graphs in memory and gets as much time as
we took, and a whole graph at least; its seconds are those for all graphs at the rate that it had. What both found in
the graphs that it got through is compared.
"""

from __future__ import annotations

import tempfile
import time
from itertools import count

import networkx as nx

import tpugraph_db
from benchmarks.common import Result, compare, ops, seconds
from benchmarks.synthetic import batches, make, named, repeated
from tpugraph_db.database import Database
from tpugraph_db.stores.change import add_graphs

CHAIN = ("convolution", "add", "maximum")
PATTERN = " -> ".join(CHAIN)
GRAPHS = 500
WARM = 15
"""Uncounted runs of ours: Java compiles what runs often."""
KINDS = 10
"""Graphs that differ; the others are these under other names."""


def measure() -> Result:
    """Both are asked for the same."""
    kinds = [make(f"kind{seed}", ops() // GRAPHS, 1, seed) for seed in range(KINDS)]
    with tempfile.TemporaryDirectory() as folder, tpugraph_db.open(folder) as db:
        db.load([])
        for together in batches(repeated(kinds, GRAPHS, 0), db.store.batch_elements):
            add_graphs(db.store, together)
        graphs = [_searched(kind.to_networkx()) for kind in kinds]
        _check(db, graphs)
        given = min(seconds(lambda: db.match(PATTERN)) for _ in range(WARM))
        return compare(
            f"match {PATTERN}, {ops()} ops in {GRAPHS} graphs",
            "networkx DiGraphMatcher, as much time",
            lambda: seconds(lambda: db.match(PATTERN)),
            lambda: _rate(graphs, given) * GRAPHS,
            pairs=5,
        )


def _searched(graph: nx.DiGraph[int]) -> nx.DiGraph[int]:
    """The graph with nothing but opcodes."""
    plain: nx.DiGraph[int] = nx.DiGraph(graph.edges)
    plain.add_nodes_from((node, {"opcode": opcode}) for node, opcode in graph.nodes(data="opcode"))
    return plain


def _rate(graphs: list[nx.DiGraph[int]], given: float) -> float:
    """Seconds a graph."""
    started = time.perf_counter()
    for done in count(1):
        _matches(graphs[done % KINDS])
        took = time.perf_counter() - started
        if took >= given:
            break
    return took / done


def _matches(graph: nx.DiGraph[int]) -> int:
    chain: nx.DiGraph[int] = nx.path_graph(len(CHAIN), create_using=nx.DiGraph)
    nx.set_node_attributes(chain, dict(enumerate(CHAIN)), "opcode")
    same = nx.algorithms.isomorphism.categorical_node_match("opcode", None)
    matcher = nx.algorithms.isomorphism.DiGraphMatcher(graph, chain, node_match=same)
    return sum(1 for _ in matcher.subgraph_monomorphisms_iter())


def _check(db: Database, graphs: list[nx.DiGraph[int]]) -> None:
    """Both find as many in the first graphs."""
    found = dict(db.match(PATTERN, by="graph").rows)
    for number, graph in enumerate(graphs[:3]):
        assert found.get(named(number), 0) == _matches(graph), named(number)
