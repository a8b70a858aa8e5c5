from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import graphs, strategies
from tpugraph_db.configurations import Configurations

DIAMOND = graphs.diamond().configurations
TWO = graphs.two_computations().configurations


def runtimes(*values):
    return Configurations(runtime_ns=np.array(values, np.int64))


def test_arrays_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        DIAMOND.codes[0, 0] = 1


def test_choices_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        DIAMOND.choices(0)[0, 0] = 1


def test_configurations_are_equal_by_bits():
    assert graphs.diamond().configurations == DIAMOND
    assert graphs.diamond().configurations != TWO


def test_a_layout_is_ranked_by_its_runtime():
    assert DIAMOND.value.tolist() == [30, 10, 20, 30]


def test_a_tile_is_ranked_by_runtime_over_normalizer():
    assert TWO.value.tolist() == [5, 3, 3]


def test_ranks_are_dense_and_ties_share_one():
    assert DIAMOND.rank.tolist() == [2, 0, 1, 2]


def test_equal_ratios_of_different_runtimes_share_a_rank():
    assert TWO.rank.tolist() == [1, 0, 0]


def test_repeat_tau_is_of_what_both_runs_measured():
    once = runtimes(10, 20, 30, 0, 50)
    assert replace(once, repeat_runtime_ns=np.array([1, 3, 2, 9, 0])).repeat_tau == pytest.approx(1 / 3)


@pytest.mark.parametrize("second", [None, np.array([0, 0]), np.array([5, 5]), np.array([5, 0])])
def test_without_a_second_order_there_is_no_repeat_tau(second):
    assert replace(runtimes(10, 20), repeat_runtime_ns=second).repeat_tau is None


def test_slowdown_is_over_the_best():
    assert DIAMOND.slowdown.tolist() == [3, 1, 2, 3]
    assert TWO.slowdown.tolist() == [5 / 3, 1, 1]


def test_order_is_fastest_first_and_ties_by_number():
    assert DIAMOND.order.tolist() == [1, 2, 0, 3]
    assert TWO.order.tolist() == [1, 2, 0]


def test_hidden_runtimes_are_not_measured():
    hidden = runtimes(0, 0)
    assert hidden.measured.tolist() == [False, False]
    assert hidden.rank.tolist() == [-1, -1]
    assert np.isnan(hidden.value).all()
    assert np.isnan(hidden.slowdown).all()
    assert hidden.order.tolist() == []


def test_one_hidden_runtime_does_not_become_the_fastest():
    partly = runtimes(20, 0, 10)
    assert partly.rank.tolist() == [1, -1, 0]
    assert partly.slowdown[[0, 2]].tolist() == [2, 1]
    assert np.isnan(partly.slowdown[1])
    assert partly.order.tolist() == [2, 0]


def test_a_hidden_tile_has_no_value():
    assert np.isnan(graphs.tiles([[8]], [0], [1]).value).all()


def test_runtimes_that_float32_merges_stay_apart():
    one, other = 2**24, 2**24 + 1
    assert np.float32(one) == np.float32(other)
    assert runtimes(other, one).runtime_ns.tolist() == [other, one]
    assert runtimes(other, one).rank.tolist() == [1, 0]


@given(st.lists(st.integers(0, 50)))
def test_ranks_leave_no_number_out_and_follow_the_runtimes(values):
    rank = runtimes(*values).rank.tolist()
    measured = [value for value in values if value]
    assert rank == [sorted(set(measured)).index(value) if value else -1 for value in values]


@given(strategies.tile_configurations())
def test_no_slowdown_is_below_one(configurations):
    assert (configurations.slowdown[configurations.measured] >= 1).all()


def test_same_as_is_the_first_configuration_with_the_same_rows():
    assert DIAMOND.same_as.tolist() == [0, 1, 2, 0]
    assert TWO.same_as.tolist() == [0, 1, 1]


def test_distinct_counts_rows_not_runtimes():
    assert DIAMOND.distinct == 3
    assert TWO.distinct == 2


def test_zero_and_minus_zero_are_different_layouts():
    assert graphs.layouts([0], [[[0.0]], [[-0.0]], [[0.0]]], [1, 2, 3]).same_as.tolist() == [0, 1, 0]


def test_zero_and_minus_zero_are_different_tiles():
    assert graphs.tiles([[0.0], [-0.0]], [1, 2], [1, 1]).same_as.tolist() == [0, 1]


def test_choices_are_the_distinct_rows_of_a_slot_as_first_shown():
    assert DIAMOND.choices(0)[:, :2].tolist() == [[1, 0], [0, 1]]
    assert DIAMOND.choices(1)[:, 6:8].tolist() == [[0, 1], [1, 0]]


def test_config_features_are_the_dense_rows():
    filling = [-1] * 16
    assert DIAMOND.config_features(1).tolist() == [[0, 1, *filling], [-1] * 6 + [0, 1] + [-1] * 10]


@pytest.mark.parametrize("value", [-0.0, 1e-45, 3e38], ids=["minus zero", "smallest", "largest"])
def test_config_features_keep_every_bit(value):
    kept = graphs.layouts([0], [[[0.0]], [[value]]], [1, 1]).config_features(1)
    assert kept[0, 0].tobytes() == np.float32(value).tobytes()


def test_no_configurations():
    none = graphs.layouts([3, 4], [], [])
    assert len(none) == 0
    assert none.codes.shape == (0, 2)
    assert none.choices(1).shape == (0, 18)
    assert [none.rank.size, none.same_as.size, none.slowdown.size, none.distinct] == [0, 0, 0, 0]


def test_no_configurable_ops():
    bare = graphs.layouts([], [[], []], [20, 10])
    assert bare.config_features(1).shape == (0, 18)
    assert bare.rank.tolist() == [1, 0]
    assert bare.same_as.tolist() == [0, 0]
    assert bare.distinct == 1
