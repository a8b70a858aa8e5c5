import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import strategies
from tpugraph_db import structure

DIAMOND = np.array([[1, 0], [2, 0], [3, 1], [3, 2]])
CIRCLE = np.array([[1, 0], [2, 1], [0, 2]])
NO_EDGES = np.empty((0, 2), np.int64)


def features(ops, roots):
    rows = np.zeros((ops, 140), np.float32)
    rows[roots, 0] = 1
    return rows


def computations(ops, roots, data_edges):
    is_root = np.isin(np.arange(ops), roots)
    return structure.computations(is_root, np.array(data_edges, np.int64).reshape(-1, 2)).tolist()


def all_finishes(costs, edges):
    """By brute force: the dearest of all ways from a source to each op."""
    forward = nx.DiGraph([(producer, consumer) for consumer, producer in edges.tolist()])
    forward.add_nodes_from(range(len(costs)))
    sources = [op for op, fan_in in forward.in_degree if not fan_in]
    return [
        max(sum(costs[op] for op in way) for source in sources for way in nx.all_simple_paths(forward, source, op))
        for op in range(len(costs))
    ]


def test_a_root_is_marked_in_the_first_column():
    assert structure.is_root(features(3, [1])).tolist() == [False, True, False]


def test_an_edge_from_a_root_is_a_call():
    assert structure.is_call(features(3, [1]), np.array([[1, 0], [2, 1], [2, 0]])).tolist() == [False, True, False]


def test_computations_end_with_their_roots():
    assert computations(5, [1, 4], [(1, 0), (3, 2), (4, 3)]) == [0, 0, 1, 1, 1]


def test_an_op_tied_to_a_run_after_its_root_belongs_to_it():
    assert computations(5, [1, 4], [(1, 0), (2, 0), (4, 3)]) == [0, 0, 0, 1, 1]


def test_a_tie_counts_whichever_way_it_runs():
    assert computations(5, [1, 4], [(1, 0), (0, 2), (4, 3)]) == [0, 0, 0, 1, 1]


def test_an_op_after_a_root_that_nothing_ties_belongs_to_the_next_run():
    assert computations(5, [1, 4], [(1, 0), (4, 3)]) == [0, 0, 1, 1, 1]


def test_a_run_tied_to_the_next_one_absorbs_it():
    assert computations(6, [1, 3, 5], [(1, 0), (3, 0), (5, 4)]) == [0, 0, 0, 0, 1, 1]


def test_ops_after_the_last_root_make_a_run_of_their_own():
    assert computations(4, [1], [(1, 0), (3, 2)]) == [0, 0, 1, 1]


def test_without_a_root_there_is_one_computation():
    assert computations(3, [], [(1, 0)]) == [0, 0, 0]


def test_every_op_may_be_a_root():
    assert computations(3, [0, 1, 2], []) == [0, 1, 2]


@given(strategies.costed_edges(), st.sets(st.integers(0, 8)))
def test_no_data_edge_crosses_computations(graph, roots):
    costs, edges = graph
    rows = features(len(costs), [root for root in roots if root < len(costs)])
    data_edges = edges[~structure.is_call(rows, edges)]
    computation = structure.computations(structure.is_root(rows), data_edges)
    assert (computation[data_edges[:, 0]] == computation[data_edges[:, 1]]).all()


@given(strategies.costed_edges())
def test_computations_are_runs_counted_from_zero(graph):
    costs, edges = graph
    computation = structure.computations(np.ones(len(costs), bool), edges)
    assert computation[0] == 0
    assert set(np.diff(computation).tolist()) <= {0, 1}


def test_a_file_in_order_stays_in_order():
    assert structure.topological_order(4, DIAMOND).tolist() == [0, 1, 2, 3]


def test_a_shuffled_file_is_put_in_order():
    assert structure.topological_order(4, np.array([[0, 3], [2, 0], [1, 2]])).tolist() == [3, 0, 2, 1]


def test_without_edges_the_order_is_the_file_s():
    assert structure.topological_order(3, NO_EDGES).tolist() == [0, 1, 2]


@pytest.mark.parametrize("edges", [CIRCLE, np.array([[1, 1]])], ids=["circle", "self"])
def test_a_circle_has_no_order(edges):
    assert structure.topological_order(3, edges) is None


@given(strategies.costed_edges())
def test_producers_come_before_consumers(graph):
    costs, edges = graph
    order = structure.topological_order(len(costs), edges)
    place = np.argsort(order)
    assert sorted(order.tolist()) == list(range(len(costs)))
    assert (place[edges[:, 0]] > place[edges[:, 1]]).all()


def test_longest_finish_of_a_diamond():
    assert structure.longest_finish(np.array([1.0, 10.0, 2.0, 3.0]), DIAMOND).tolist() == [1, 11, 3, 14]


def test_longest_finish_without_edges_is_the_cost():
    assert structure.longest_finish(np.array([4.0, -1.0]), NO_EDGES).tolist() == [4, -1]


def test_a_negative_cost_before_an_op_is_not_left_out():
    assert structure.longest_finish(np.array([-5.0, 1.0]), np.array([[1, 0]])).tolist() == [-5, -4]


@given(strategies.costed_edges())
def test_longest_finish_agrees_with_brute_force(graph):
    costs, edges = graph
    assert structure.longest_finish(costs, edges).tolist() == all_finishes(costs, edges)


def test_longest_finish_refuses_a_circle():
    with pytest.raises(ValueError, match="circle"):
        structure.longest_finish(np.ones(3), CIRCLE)


def test_depths_of_a_diamond_with_a_shortcut():
    assert structure.depths(4, np.vstack([DIAMOND, [[3, 0]]])).tolist() == [0, 1, 1, 2]


def test_depth_of_an_op_that_nothing_feeds_is_zero():
    assert structure.depths(3, np.array([[2, 1]])).tolist() == [0, 0, 1]
