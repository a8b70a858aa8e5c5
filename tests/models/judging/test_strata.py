import math

import numpy as np
import pytest

from tests import graphs
from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.strata import equal_bins, strata, tau_within

NONE = [-1] * 18


def test_strata_counts_the_ops_that_are_constrained():
    rows = [[NONE, NONE], [[1, 0], NONE], [NONE, [*NONE[:6], 0, 1]], [[1, 0], [1, 0]]]
    record = graphs.chain().replace(configurations=graphs.layouts([1, 2], rows, [1, 2, 3, 4]))
    counts = strata(record)
    assert (counts.tolist(), counts.dtype) == ([0, 1, 1, 2], np.int64)


def test_no_slots_no_constraints():
    record = graphs.chain().replace(configurations=graphs.layouts([], [[], []], [1, 2]))
    assert strata(record).tolist() == [0, 0]


def test_tiles_have_no_strata():
    with pytest.raises(UsageError, match="only layout configurations constrain ops"):
        strata(graphs.two_computations())


def test_bins_are_of_equal_size():
    assert equal_bins(np.array([9, 1, 5, 3, 7, 2]), 3).tolist() == [2, 0, 1, 1, 2, 0]


def test_equal_strata_share_a_bin():
    assert len(np.unique(equal_bins(np.full(7, 4), 5))) == 1
    of = equal_bins(np.array([0] + [3] * 53 + [8] * 53 + [17] * 53), 5)
    assert [len(np.unique(part)) for part in (of[:54], of[54:107], of[107:])] == [1, 1, 1]
    assert len(np.unique(of)) == 3


def test_a_bin_is_that_of_the_middle_of_equal_strata():
    assert equal_bins(np.array([1, 2, 2, 2, 2, 2]), 2).tolist() == [0, 1, 1, 1, 1, 1]  # 3.5 of 6, past the half


def test_tau_within_by_hand():
    # stratum 1: three configurations, tau 1/3 over 3 pairs; stratum 2: two, tau -1 over 1 pair; across, all agree
    scores, values = np.array([1, 3, 2, 5, 4]), np.array([10, 20, 30, 40, 50])
    assert tau_within(scores, values, np.array([1, 1, 1, 2, 2]), bins=2) == pytest.approx((3 * 1 / 3 + 1 * -1) / 4)


def test_a_model_that_counts_constraints_only_gets_0():
    counts, values = np.array([1, 1, 2, 2, 3, 3]), np.array([10, 11, 20, 21, 30, 31])
    assert tau_within(counts, values, counts, bins=3) == 0


def test_bins_without_an_order_are_left_out():
    scores, values = np.array([1, 2, 3, 4]), np.array([7, 7, 8, 9])
    assert tau_within(scores, values, np.array([1, 1, 2, 2]), bins=2) == 1
    assert math.isnan(tau_within(scores[:2], values[:2], np.array([1, 1])))
    assert math.isnan(tau_within(np.empty(0), np.empty(0), np.empty(0, np.int64)))
