"""The library on the real files: both engines give the same rows, and networkx or a plain count the same answers."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import networkx as nx
import pytest

from tests.conftest import ENGINES
from tests.cypher.answers import ANSWERS

UNET = "layout:xla:default/train/unet3d"
BF16 = "layout:xla:default/valid/unet_3d.4x4.bf16"
HIDDEN = "layout:nlp:default/test/3a0c5517a87df8d82fd637b83298a3ba"
TILE = "tile:xla/valid/inception_v3_batch_128_train_426e203f19335d17"
HUB = 4637
"""The op of HIDDEN that feeds most."""

ALL, LARGEST = {}, {"graph": HIDDEN}

CASES = {
    "biggest_ops": [ALL, {"opcode": "convolution"}],
    "calls": [LARGEST, {"graph": BF16, "opcode": "all-reduce"}],
    "chain_matches": [
        {"opcodes": ["convolution", "add", "convert"]},
        {"opcodes": ["broadcast", "multiply", "add"], "graph": HIDDEN, "top": 2000},
    ],
    "choice_slowdowns": [{"graph": UNET}, {"graph": BF16, "op": 443}],
    "computations": [LARGEST, {"graph": UNET}],
    "config_differences": [{"graph": UNET}, {"graph": BF16}],
    "config_ranking": [LARGEST, {"graph": UNET}, {"graph": TILE}],
    "configurable_ops": [LARGEST, {"graph": UNET}],
    "critical_ops": [LARGEST, {"graph": BF16, "top": 4000}],
    "dearest_opcodes": [ALL, {"graph": UNET}],
    "dearest_ops": [ALL, {"opcode": "convolution"}],
    "graphs_overview": [ALL],
    "hubs": [ALL, {"by": "fan_in"}],
    "layout_changes": [ALL, {"graph": UNET}],
    "levels": [LARGEST, {"graph": UNET, "computation": 61}],
    "neighbourhood": [
        {"graph": HIDDEN, "op": HUB},
        {"graph": HIDDEN, "op": 10_000, "hops": 4},
        {"graph": UNET, "op": 603, "hops": 5, "direction": "in"},
    ],
    "neighbourhood_statistics": [{"graph": HIDDEN, "op": HUB}, {"graph": UNET, "op": 603, "hops": 6}],
    "opcode_chains": [ALL, {"first": "convolution", "top": 1000}],
    "opcode_histogram": [ALL, {"graph": UNET}],
    "opcode_layouts": [ALL, {"graph": UNET}],
    "opcode_shapes": [ALL, {"graph": UNET, "opcode": "convolution", "top": 1000}],
    "repeats": [ALL, {"graph": UNET}],
    "shortest_way": [
        {"graph": HIDDEN, "source": 833, "target": 18_526},
        {"graph": UNET, "source": 1058, "target": 2773},  # one of more than 14,000 that are equally short
    ],
    "tile_configs": [{"graph": TILE}],
}


def test_every_query_is_here():
    assert CASES.keys() == ANSWERS.keys()


@pytest.mark.parametrize("name", CASES)
def test_engines_agree(real, name):
    one, other = real
    for params in CASES[name]:
        result = one.run(name, **params)
        assert len(result) > 0, params
        assert result == other.run(name, **params)


@pytest.fixture(params=ENGINES)
def db(request, real):
    return real[ENGINES.index(request.param)]


@pytest.fixture(scope="module")
def unet(real):
    """The graph as networkx has it: edges run producer -> consumer."""
    return real[0].record(UNET).to_networkx()


@pytest.fixture(scope="module")
def feeds(unet):
    """The same without its calls."""
    return nx.subgraph_view(unet, filter_edge=lambda *edge: not unet.edges[edge]["call"])


def opcodes(graph, ops):
    return tuple(graph.nodes[op]["opcode"] for op in ops)


def chains_of_three(graph):
    return [(a, b, c) for a, b in graph.edges for c in graph.successors(b)]


def test_opcode_histogram_against_a_count(db):
    counted = Counter(db.record(UNET).opcodes.tolist())
    assert {row[0]: row[1] for row in db.run("opcode_histogram", graph=UNET)} == counted


def test_opcode_chains_against_a_count(db, feeds):
    counted = Counter(opcodes(feeds, chain) for chain in chains_of_three(feeds))
    assert {row[:3]: row[3] for row in db.run("opcode_chains", graph=UNET, top=10_000)} == counted


def test_chain_matches_against_a_search(db, feeds):
    wanted = ("convolution", "convert", "multiply")
    found = sorted(list(chain) for chain in chains_of_three(feeds) if opcodes(feeds, chain) == wanted)
    assert [row[1] for row in db.run("chain_matches", graph=UNET, opcodes=list(wanted))] == found


@pytest.mark.parametrize("hops", [1, 3, 6])
@pytest.mark.parametrize("direction", ["in", "out", "both"])
def test_neighbourhood_against_networkx(db, unet, direction, hops):
    graph = {"in": unet.reverse(copy=False), "out": unet, "both": unet.to_undirected(as_view=True)}[direction]
    distances = nx.single_source_shortest_path_length(graph, 603, cutoff=hops)
    rows = db.run("neighbourhood", graph=UNET, op=603, hops=hops, direction=direction)
    assert {row[1]: row[0] for row in rows} == distances
    counts = db.run("neighbourhood_statistics", graph=UNET, op=603, hops=hops, direction=direction)
    assert {row[0]: row[1] for row in counts} == Counter(distances.values())


@pytest.mark.parametrize(("source", "target"), [(199, 2303), (354, 1601), (994, 2651), (2069, 2633), (1880, 2773)])
def test_shortest_way_against_networkx(db, unet, source, target):
    expected = min(nx.all_shortest_paths(unet, source, target))
    assert [row[2] for row in db.run("shortest_way", graph=UNET, source=source, target=target)] == expected


def test_waits_for_walks_the_critical_path(db, unet):
    rows = {row[0]: row for row in db.run("critical_ops", graph=UNET, top=10_000)}
    op, way = next(iter(rows)), []
    while op is not None:
        way.append(op)
        op = rows[op][5]
    costs = {op: row[4] for op, row in rows.items()}
    assert all(unet.has_edge(producer, consumer) for consumer, producer in pairwise(way))
    dearest = nx.dag_longest_path_length(nx.DiGraph((a, b, {"weight": costs[b]}) for a, b in unet.edges))
    assert sum(costs[op] for op in way) == pytest.approx(dearest + costs[way[-1]])


def test_hidden_runtimes_leave_best_and_worst_open(db):
    rows = db.run("configurable_ops", graph=HIDDEN).rows
    assert len(rows) == 848
    assert {row[5:] for row in rows} == {(None, None, None)}
    assert db.run("config_differences", graph=HIDDEN).rows == []
    assert db.run("choice_slowdowns", graph=HIDDEN).rows == []
