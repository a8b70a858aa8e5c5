import numpy as np
import pytest

from tests import graphs
from tests.models import made
from tpugraph_db.models.features.inputs import OF_LAYOUTS, inputs
from tpugraph_db.models.features.statistics import LIMIT, Scale, Statistics


def table(*rows):
    return np.array(rows, np.float32)


def test_mean_and_deviation_by_hand_over_the_rows_of_all_tables():
    scale = Scale.of([table([1, 7, 0], [3, 7, 0]), table([5, 7, 3])])
    assert scale.kept.tolist() == [0, 2]
    assert scale.mean.tolist() == [3, 1]
    assert scale.deviation.tolist() == pytest.approx([np.sqrt(8 / 3), np.sqrt(2)])


def test_a_column_that_never_varies_is_left_out():
    scale = Scale.of([table([1, 7], [3, 7])])
    assert scale(table([2, 9], [4, 9])).tolist() == [[0], [2]]


def test_what_no_graph_came_near_is_cut():
    scale = Scale.of([table([-1], [1])])
    assert scale(table([1e9], [-1e9], [LIMIT / 2])).tolist() == [[LIMIT], [-LIMIT], [LIMIT / 2]]


def test_the_rows_it_was_made_of_have_mean_0_and_deviation_1():
    rows = np.random.default_rng(0).normal(5, 3, (200, 4)).astype(np.float32)
    scaled = Scale.of([rows[:50], rows[50:]])(rows)
    assert scaled.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-5)
    assert scaled.std(axis=0) == pytest.approx(np.ones(4), abs=1e-5)
    assert scaled.dtype == np.float32


def test_a_spread_that_is_small_beside_the_mean_is_not_lost():
    rows = table([1e6], [1e6 + 1])
    assert Scale.of([rows])(rows).tolist() == [[-1], [1]]


def test_of_the_given_graphs_only():
    one, other = inputs(graphs.diamond()), inputs(made.layout_graph())
    alone, both = Statistics.of([one]), Statistics.of([one, other])
    assert alone.kind == both.kind == "layout"
    size = OF_LAYOUTS.index("bytes")
    at = alone.ops.kept.tolist().index(size)
    assert alone.ops.mean[at] == pytest.approx(one.op_numbers[:, size].mean())
    assert alone.ops != both.ops
    assert alone.choices == Scale.of([one.choice_numbers])


def test_of_one_kind():
    with pytest.raises(ValueError, match="unpack"):
        Statistics.of([inputs(graphs.diamond()), inputs(graphs.two_computations())])
