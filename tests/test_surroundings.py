import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import graphs, strategies
from tpugraph_db.errors import UsageError
from tpugraph_db.surroundings import induced, part, surroundings


def chain_of(ops, configurable=(), rows=(), runtimes=()):
    """parameter -> add -> add ..., each in f32[8,4]{1,0}."""
    made = [("parameter", "f32[8,4]{1,0}"), *[("add", "f32[8,4]{1,0}")] * (ops - 1)]
    edges = [(op, op - 1) for op in range(1, ops)]
    return graphs.make_record("chain", made, edges, configurations=graphs.layouts(configurable, rows, runtimes))


@pytest.mark.parametrize(
    ("hops", "expected"), [(0, [3]), (1, [2, 3, 4]), (2, [1, 2, 3, 4, 5]), (9, [0, 1, 2, 3, 4, 5, 6])]
)
def test_steps_go_both_ways(hops, expected):
    assert surroundings(chain_of(7), [3], hops).tolist() == expected


def test_of_several_ops_is_all_of_theirs():
    assert surroundings(chain_of(9), [0, 8], 1).tolist() == [0, 1, 7, 8]


def test_of_none_is_none():
    assert surroundings(chain_of(3), [], 2).tolist() == []


@pytest.mark.parametrize("op", [-1, 3])
def test_an_op_that_is_not_there(op):
    with pytest.raises(UsageError, match="expected ops from 0 to 2, found"):
        surroundings(chain_of(3), [op], 1)


def test_edges_among_the_ops_stay_and_are_numbered_anew():
    part = induced(graphs.diamond(), np.array([0, 1, 3]))
    assert part.edges.tolist() == [
        [{0: 0, 1: 1, 3: 2}[a], {0: 0, 1: 1, 3: 2}[b]] for a, b in graphs.diamond().edges.tolist() if 2 not in (a, b)
    ]
    assert part.opcodes.tolist() == ["parameter", "convolution", "add"]


def test_configurable_ops_outside_leave_the_configurations():
    rows = [[[0, 1], [1, 0]], [[1, 0], [1, 0]], [[0, 1], [0, 1]]]
    part = induced(chain_of(5, [1, 3], rows, [10, 20, 30]), np.array([2, 3, 4]))
    configurations = part.configurations
    assert configurations.op_ids.tolist() == [1]
    assert [configurations.config_features(i)[0, :2].tolist() for i in range(3)] == [[1, 0], [1, 0], [0, 1]]
    assert configurations.runtime_ns.tolist() == [10, 20, 30]
    assert configurations.same_as.tolist() == [0, 0, 2]


@given(strategies.records(), st.data())
def test_every_part_is_a_record(record, data):
    ops = data.draw(st.lists(st.integers(0, len(record) - 1), max_size=3) if len(record) else st.just([]))
    near = surroundings(record, ops, 1)
    part = induced(record, near)
    assert len(part) == len(near)
    inside = np.isin(record.edges, near).all(axis=1)
    assert near[part.edges].tolist() == record.edges[inside].tolist()
    assert (part.features == record.features[near]).all()


@given(strategies.records())
def test_the_part_of_all_ops_is_the_whole(record):
    whole = induced(record, np.arange(len(record)))
    assert whole == record.replace(splits=None, program=None)


def test_a_part_knows_where_its_ops_are_in_the_graph():
    found = part(chain_of(7), [5, 3, 3], 1)
    assert (found.near.tolist(), found.ops.tolist(), found.places().tolist()) == ([2, 3, 4, 5, 6], [3, 5], [1, 3])
    assert found.spread(np.array([20, 30, 40, 50, 60])).tolist() == [None, None, None, 30, None, 50, None]
    assert not found.is_whole
    assert len(found.record) == 5


def test_parts_are_other_data_than_the_graph():
    graph = chain_of(7)
    parts = [part(graph, [op], 1).record for op in (2, 3)]
    assert len({graph.sha256, *(record.sha256 for record in parts)}) == 3
    assert part(graph, [2], 1).record == parts[0]


def test_a_part_that_reaches_everything_is_the_graph():
    graph = chain_of(5)
    found = part(graph, [2], 2)
    assert found.record is graph
    assert found.is_whole
    assert found.ops.tolist() == [2]
