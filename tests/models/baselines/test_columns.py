import pytest

from tests import graphs
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.errors import UsageError
from tpugraph_db.models.baselines.columns import Column, Random
from tpugraph_db.models.features.config_features import config_features

FREE = [-1]


def grown(runtimes):
    """One op: left alone, row-major, and turned over 4 x 8."""
    configurations = graphs.layouts([0], [[FREE], [[1, 0]], [[0, 1]]], runtimes)
    return graphs.make_record("grown", [("dot", "f32[4,8]{1,0}")], [], configurations=configurations)


def test_random_is_a_permutation_the_same_for_the_same_seed_and_graph():
    scores = Random(1).scores(layout_graph())
    assert sorted(scores.tolist()) == list(range(27))
    assert scores.tolist() == Random(1).scores(layout_graph()).tolist()


def test_random_differs_by_seed_and_by_graph():
    scores = Random(1).scores(layout_graph()).tolist()
    assert scores != Random(2).scores(layout_graph()).tolist()
    assert scores != Random(1).scores(layout_graph("other")).tolist()


def test_the_column_that_ranks_all_three_is_chosen():
    # constrained says 0, 1, 1; what is written 0, 0, 1; only the bytes of other rows tie 1 and 2 as well
    column = Column.fit([grown([10, 10, 20])])
    assert (column.column, column.sign, column.tau) == ("write_over_0", 1, 1)
    assert column.scores(grown([1, 1, 1])).tolist() == [0, 0, 1]


def test_a_column_may_run_the_other_way():
    column = Column.fit([grown([20, 20, 10])])
    assert (column.column, column.sign) == ("write_over_0", -1)
    assert column.scores(grown([1, 1, 1])).tolist() == [0, 0, -1]


def test_the_mean_over_graphs_decides_and_repeats_count_once():
    slow = grown([10, 20, 20])  # constrained: tau 1; written: tau 0.5
    assert Column.fit([slow, slow, grown([10, 10, 20])]).column == "constrained"


def test_graphs_that_cannot_be_graded_are_left_out():
    assert Column.fit([grown([0, 0, 0]), grown([10, 10, 20])]).tau == 1


def test_nothing_to_choose_on_is_refused():
    with pytest.raises(UsageError, match="expected graphs with measured configurations to choose a column on, found 1"):
        Column.fit([graphs.chain()])


def test_layouts_and_tiles_together_are_refused():
    with pytest.raises(UsageError, match="found both"):
        Column.fit([layout_graph(), tile_graph()])


def test_a_column_of_layouts_says_nothing_of_tiles():
    column = Column.fit([layout_graph()])
    with pytest.raises(UsageError, match=f"tile:test/train/kernel has no column '{column.column}'"):
        column.scores(tile_graph())


def test_tiles_have_a_column_too():
    column = Column.fit([tile_graph()])
    assert column.column in config_features(tile_graph()).columns
    assert column.tau > 0.8
