"""Algorithms of networkx: what is fed to them, and what is made of it."""

from __future__ import annotations

import importlib.util

import networkx as nx
import pytest
from hypothesis import given, settings

from tests import graphs, strategies
from tests.analytics.made import layers
from tpugraph_db.analytics.algorithms import ALGORITHMS, algorithm_rows
from tpugraph_db.errors import NotFoundError, UsageError


def values(record, name):
    result = algorithm_rows(record, name, len(record))
    return {row[0]: row[4] for row in result}


@settings(max_examples=10, deadline=None)
@given(strategies.records())
@pytest.mark.parametrize("name", ["betweenness_centrality", "closeness_centrality", "harmonic_centrality"])
def test_slow_ones_equal_networkx(name, record):
    found = values(record, name)
    assert found == pytest.approx(getattr(nx, name)(record.to_networkx()))


@pytest.mark.parametrize("name", [name for name, of in ALGORITHMS.items() if of.slow])
def test_slow_ones_say_how_far_they_are(name):
    done = []
    algorithm_rows(layers(8), name, 1, done.append)
    assert sum(done) == len(layers(8))


@pytest.mark.parametrize("name", ["degree_centrality", "in_degree_centrality", "out_degree_centrality", "pagerank"])
def test_plain_ones_equal_networkx(name):
    record = layers(3)
    assert values(record, name) == pytest.approx(getattr(nx, name)(record.to_networkx()))


def test_rows():
    result = algorithm_rows(graphs.lowered(), "in_degree_centrality", 2)
    assert result.columns == ("op", "name", "opcode", "shape", "in_degree_centrality", "provenance")
    assert result.rows[0] == (9, "total", "reduce", "f32[4]", pytest.approx(0.3), "structural")
    assert (result.rows[1][0], result.total) == (2, 11)


def test_dominators_lead_to_the_result():
    # both ways from the parameter part at once, and meet in the add
    assert values(graphs.diamond(), "immediate_dominators") == {0: 3, 1: 3, 2: 3}
    # 3 of the called computation is used by nothing, and so is a result: 1 has two ways
    assert values(graphs.two_computations(), "immediate_dominators") == {0: 2, 2: 6, 4: 6, 5: 6, 6: 7}


def test_points_where_it_falls_apart():
    # without the reduce fall apart: the called computation, the parameter, the constant, the tuple
    assert values(graphs.two_computations(), "articulation_points") == {1: 1, 2: 2, 6: 3}
    assert values(graphs.diamond(), "articulation_points") == {}


def test_places():
    assert values(graphs.diamond(), "topological_generations") == {0: 0, 1: 1, 2: 1, 3: 2}
    parted = graphs.make_record("parted", [("copy", "f32[]")] * 4, [(3, 2), (2, 1)])
    assert values(parted, "weakly_connected_components") == {0: 1, 1: 0, 2: 0, 3: 0}
    assert values(graphs.diamond(), "core_number") == {0: 2, 1: 2, 2: 2, 3: 2}


@pytest.mark.parametrize("name", ALGORITHMS)
def test_one_op(name):
    alone = graphs.make_record("alone", [("copy", "f32[]")], [])
    assert set(values(alone, name)) <= {0}


def test_no_such_algorithm():
    with pytest.raises(NotFoundError, match=r"no algorithm 'pagerang'; .*did you mean pagerank"):
        algorithm_rows(graphs.chain(), "pagerang")


def test_pagerank_needs_scipy(monkeypatch):
    monkeypatch.setattr("tpugraph_db.analytics.algorithms.find_spec", lambda name: None)
    assert importlib.util.find_spec("scipy")
    with pytest.raises(UsageError, match="pagerank needs SciPy: pip install"):
        algorithm_rows(graphs.chain(), "pagerank")
