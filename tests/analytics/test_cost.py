import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests import graphs, real, strategies
from tpugraph_db.analytics import dense_rank, op_costs, weighted_sum
from tpugraph_db.analytics.cost import WEIGHTS

LITERAL = pytest.mark.parametrize(
    "record", [graphs.chain(), graphs.diamond(), graphs.two_computations()], ids=["chain", "diamond", "two"]
)
FEATURES = arrays(np.float32, st.tuples(st.integers(1, 6), st.just(140)), elements=strategies.FLOATS)


def by_networkx(record, cost):
    """The longest path to the end of each op, the graph walked by networkx."""
    graph = record.to_networkx()
    finish = {}
    for op in nx.topological_sort(graph):
        finish[op] = max((finish[producer] for producer in graph.predecessors(op)), default=0.0) + cost[op]
    return [finish[op] for op in range(len(record))]


def test_weights_cover_each_of_140_columns_once():
    assert [column for first, last, _ in WEIGHTS for column in range(first, last + 1)] == list(range(140))


@pytest.mark.parametrize(
    ("column", "weight"),
    [
        *[(0, 0.0055), (1, 0.0), (2, 0.005), (20, 0.005), (21, 0.006), (30, 0.006), (31, 0.0065), (36, 0.0065)],
        *[(37, 0.00675), (84, 0.00675), (85, 0.0068), (92, 0.0068), (93, 0.0065), (94, 0.0065)],
        *[(95, 0.01), (139, 0.01)],
    ],
)
def test_weight_of_a_column(column, weight):
    features = np.zeros((1, 140), np.float32)
    features[0, column] = 1
    assert weighted_sum(features).tolist() == [weight]


def test_costs_of_the_chain_by_hand():
    # f32: 0.005; sizes 8 and 128, their sum 136 and product 1024: 0.006 each; layout {1,0}: 0.01; the root: 0.0055
    op = 0.005 + 0.006 * (8 + 128 + 136 + 1024) + 0.01 * 1
    assert weighted_sum(graphs.chain().features) == pytest.approx([op, op, op, op + 0.0055])


def test_columns_are_added_in_double_precision_from_the_first_to_the_last():
    features = np.random.default_rng(1).normal(size=(3, 140)).astype(np.float32)
    weights = [weight for first, last, weight in WEIGHTS for _ in range(first, last + 1)]
    expected = []
    for row in features.tolist():
        cost = 0.0
        for weight, value in zip(weights, row, strict=True):
            cost += weight * value
        expected.append(cost)
    assert weighted_sum(features).tolist() == expected


@given(FEATURES, st.data())
def test_a_row_costs_the_same_wherever_it_stands(features, data):
    order = data.draw(st.permutations(range(len(features))))
    assert weighted_sum(features[order]).tobytes() == weighted_sum(features)[order].tobytes()


@given(FEATURES)
def test_a_row_costs_the_same_alone_and_among_many(features):
    many = np.concatenate([np.ones((1000, 140), np.float32), features, features])
    alone = np.concatenate([weighted_sum(row[None]) for row in features])
    assert weighted_sum(many)[1000:].tobytes() == np.concatenate([alone, alone]).tobytes()


def test_the_same_record_always_costs_the_same():
    one, other = op_costs(graphs.diamond()), op_costs(graphs.diamond())
    assert all(vars(one)[name].tobytes() == vars(other)[name].tobytes() for name in vars(one))


@LITERAL
def test_cost_is_the_weighted_sum(record):
    assert op_costs(record).cost.tolist() == weighted_sum(record.features).tolist()


@LITERAL
def test_shares_add_up_to_one(record):
    assert op_costs(record).cost_share.sum() == pytest.approx(1)


def test_a_share_is_the_part_of_the_total():
    costs = op_costs(graphs.diamond())
    assert costs.cost_share == pytest.approx(costs.cost / sum(costs.cost))


def test_shares_of_nothing_are_zero():
    free = graphs.chain().replace(features=np.zeros((4, 140), np.float32))
    assert op_costs(free).cost_share.tolist() == [0, 0, 0, 0]


def test_ranks_of_the_chain():
    assert op_costs(graphs.chain()).cost_rank.tolist() == [0, 0, 0, 1]


def test_ranks_of_the_diamond():
    # cheapest first: the scalar, then 32, 64 and 512 elements
    assert op_costs(graphs.diamond()).cost_rank.tolist() == [1, 3, 2, 0]


def test_a_dense_rank_shares_ties_and_leaves_none_out():
    assert dense_rank(np.array([2.5, 1.0, 2.5, 9.0, 1.0])).tolist() == [1, 0, 1, 2, 0]


def test_a_dense_rank_of_nothing():
    assert dense_rank(np.empty(0)).tolist() == []


def test_finish_of_the_chain_is_the_running_sum():
    costs = op_costs(graphs.chain())
    assert costs.cost_finish == pytest.approx(np.cumsum(costs.cost))


def test_finish_of_the_diamond_goes_through_the_dearer_side():
    costs = op_costs(graphs.diamond())
    assert costs.cost_finish[3] == pytest.approx(costs.cost[0] + costs.cost[1] + costs.cost[3])


def test_finish_goes_through_calls():
    record = graphs.two_computations()
    features = record.features.copy()
    features[2, 139] = 1e6
    costs = op_costs(record.replace(features=features))
    assert costs.cost_finish[7] == pytest.approx(costs.cost[[0, 2, 6, 7]].sum())


@LITERAL
def test_finish_agrees_with_networkx(record):
    costs = op_costs(record)
    assert costs.cost_finish.tolist() == by_networkx(record, costs.cost.tolist())


@given(strategies.records())
def test_finish_of_every_record_agrees_with_networkx(record):
    costs = op_costs(record)
    assert costs.cost_finish.tolist() == by_networkx(record, costs.cost.tolist())


@pytest.mark.parametrize("name", real.FILES)
def test_finish_of_a_real_graph_agrees_with_networkx(data, name):
    record = real.record(data, name)
    costs = op_costs(record)
    assert costs.cost_finish.tolist() == by_networkx(record, costs.cost.tolist())
