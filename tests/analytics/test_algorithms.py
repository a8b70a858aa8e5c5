"""Algorithms of networkx: what is fed to them, and what is made of it."""

from __future__ import annotations

import importlib.util
from contextlib import contextmanager

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


@contextmanager
def only(package):
    """As where rustworkx is installed, or is not."""
    if package == "rustworkx":
        assert importlib.util.find_spec("rustworkx")
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        found = importlib.util.find_spec
        patch.setattr(
            "tpugraph_db.analytics.algorithms.find_spec", lambda name: None if name == "rustworkx" else found(name)
        )
        yield


SLOW = [name for name, of in ALGORITHMS.items() if of.slow]
BOTH = pytest.mark.parametrize("package", ["networkx", "rustworkx"])


@settings(max_examples=10, deadline=None)
@given(strategies.records())
@pytest.mark.parametrize("name", SLOW)
@BOTH
def test_slow_ones_equal_networkx(package, name, record):
    with only(package):
        found = values(record, name)
    expected = getattr(nx, name)(record.to_networkx())
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert all(type(value) in (int, float) for value in found.values())


@pytest.mark.parametrize("name", SLOW)
@BOTH
def test_slow_ones_say_how_far_they_are(package, name):
    done = []
    with only(package):
        algorithm_rows(layers(8), name, 1, done.append)
    assert sum(done) == len(layers(8))


@BOTH
def test_slow_ones_by_hand(package):
    with only(package):
        between, close = (values(graphs.diamond(), f"{name}_centrality") for name in ("betweenness", "closeness"))
    # each of the two ways 0 -> 3 is half the shortest ones of one of 3 * 2 pairs of others
    assert between == pytest.approx({0: 0, 1: 1 / 12, 2: 1 / 12, 3: 0})
    # 1 is one edge from the only op before it, one of three others; 3 is 1, 1 and 2 from all three
    assert close == pytest.approx({0: 0, 1: 1 / 3, 2: 1 / 3, 3: 3 / 4})


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
