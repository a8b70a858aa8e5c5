"""Critical paths, by hand and against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from tests import graphs, strategies
from tpugraph_db.analytics.critical_path import Path, between, critical, longest
from tpugraph_db.errors import UsageError

DIAMOND = np.array([1.0, 5.0, 3.0, 2.0])
"""0 feeds 1 and 2, which feed 3."""


def test_finish_and_slack_of_a_diamond():
    found = critical(graphs.diamond(), DIAMOND)
    assert found.finish.tolist() == [1, 6, 4, 8]
    assert found.slack.tolist() == [0, 0, 2, 0]
    assert found.length.tolist() == [8, 8, 8, 8]


def test_every_computation_has_its_own_path():
    # 0, 1 -> 2; 1 -> 3 in the called one; 4, 5 -> 6 -> 7 in the entry, whose reduce 6 calls it
    found = critical(graphs.two_computations(), np.array([1.0, 2, 4, 1, 3, 0, 7, 1]))
    assert found.length.tolist() == [6, 6, 6, 6, 11, 11, 11, 11]
    assert found.slack.tolist() == [1, 0, 0, 3, 0, 3, 0, 0]


def test_a_tie_is_critical_on_both_sides():
    tie = np.array([1.0, 3.0, 3.0, 2.0])
    assert critical(graphs.diamond(), tie).slack.tolist() == [0, 0, 0, 0]
    assert {path.ops for path in longest(graphs.diamond(), tie, 0, 9)} == {(0, 1, 3), (0, 2, 3)}


def test_the_next_longest_follow():
    assert longest(graphs.diamond(), DIAMOND, 0, 9) == [Path((0, 1, 3), 8.0), Path((0, 2, 3), 6.0)]
    assert longest(graphs.diamond(), DIAMOND, 0) == [Path((0, 1, 3), 8.0)]
    assert longest(graphs.two_computations(), np.ones(8), 0, 9) == [
        Path((1, 3), 2.0),
        Path((0, 2), 2.0),
        Path((1, 2), 2.0),
    ]


def test_the_way_between_two_ops():
    assert between(graphs.diamond(), DIAMOND, 0, 3) == Path((0, 1, 3), 8.0)
    assert between(graphs.diamond(), DIAMOND, 2, 3) == Path((2, 3), 5.0)
    assert between(graphs.diamond(), DIAMOND, 3, 3) == Path((3,), 2.0)
    assert between(graphs.diamond(), DIAMOND, 3, 0) is None
    assert between(graphs.two_computations(), np.ones(8), 2, 6) is None  # a call is no data


@given(strategies.costed_edges())
def test_as_networkx_finds_them(made):
    costs, edges = np.abs(made[0]), np.unique(made[1], axis=0)
    record = graphs.make_record("any", [("add", "f32[]")] * len(costs), edges.tolist(), roots=[])
    graph = record.to_networkx()
    ends = [op for op in graph if not graph.out_degree(op)]
    ways = [
        way
        for start in graph
        if not graph.in_degree(start)
        for end in ends
        for way in ([[start]] if start == end else nx.all_simple_paths(graph, start, end))
    ]
    lengths = sorted((sum(costs[way]) for way in ways), reverse=True)
    computation = record.computation.tolist()
    whole = [longest(record, costs, number, len(ways) + 1) for number in sorted(set(computation))]
    assert sorted(tuple(way) for way in ways) == sorted(path.ops for paths in whole for path in paths)
    assert sorted((path.length for paths in whole for path in paths), reverse=True) == lengths
    for paths in whole:
        assert [path.length for path in paths] == sorted((path.length for path in paths), reverse=True)
    found = critical(record, costs)
    for op in graph:
        through = max(sum(costs[way]) for way in ways if op in way)
        beside = max(sum(costs[way]) for way in ways if computation[way[0]] == computation[op])
        assert found.slack[op] == beside - through


def test_equal_ways_without_number_do_not_grow_side_by_side():
    edges = [(3 * k + at, 3 * k) for k in range(40) for at in (1, 2)]
    edges += [(3 * k + 3, 3 * k + at) for k in range(40) for at in (1, 2)]
    record = graphs.make_record("ladder", [("add", "f32[]")] * 121, edges)  # 2^40 ways, all as long
    paths = longest(record, np.ones(121), 0, 5)
    assert [path.length for path in paths] == [81.0] * 5
    assert len({path.ops for path in paths}) == 5


@pytest.mark.parametrize("cost", [-1.0, np.nan])
def test_a_cost_that_is_none_is_refused(cost):
    with pytest.raises(UsageError, match="layout:test:default/train/chain: op 1: expected a cost of at least 0, found"):
        critical(graphs.chain(), np.array([0.0, cost, 1, 1]))


def test_a_circle_is_refused():
    record = graphs.make_record("circle", [("add", "f32[]")] * 2, [(0, 1), (1, 0)], roots=[])
    with pytest.raises(UsageError, match="data edges close a circle"):
        critical(record, np.ones(2))
