import math

import numpy as np
import pytest

from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.intervals import interval, mean_of_means, paired


def test_two_graphs_by_hand():
    # of two draws a quarter are 0, 0 and a quarter 1, 1: both ends are more than 2.5 % likely
    assert interval([0, 1]) == (0.5, 0, 1, 2)


def test_the_seed_says_it_all():
    values = np.random.default_rng(0).normal(size=20)
    assert interval(values, 3) == interval(values, 3)
    assert interval(values, 3)[1:3] != interval(values, 4)[1:3]


def test_one_graph_says_nothing_of_others():
    mean, low, high, graphs = interval([0.7])
    assert (mean, graphs) == (0.7, 1)
    assert math.isnan(low)
    assert math.isnan(high)


def test_no_graph_has_no_mean():
    assert math.isnan(interval([]).mean)
    assert interval([]).graphs == 0


def test_the_interval_holds_the_true_mean_about_as_often_as_it_says():
    random = np.random.default_rng(0)
    held = [low <= 0 <= high for _, low, high, _ in (interval(random.normal(size=40)) for _ in range(200))]
    assert 0.89 <= np.mean(held) <= 0.99


def test_paired_takes_the_difference_of_each_graph():
    one = {"easy": 0.75, "hard": 0.25, "odd": 0.5}
    other = {"odd": 0.375, "hard": 0.125, "easy": 0.625}
    assert paired(one, other) == (0.125, 0.125, 0.125, 3)
    assert interval(list(one.values())).high - interval(list(one.values())).low > 0.2


def test_paired_needs_the_same_graphs():
    with pytest.raises(UsageError, match="same graphs on both sides; on one only: a, c"):
        paired({"a": 1, "b": 1}, {"b": 1, "c": 1})


def test_the_mean_of_means_by_hand():
    # each group's resampled mean is 0, 1/2, 1/2 or 1: both at an end are a sixteenth of the draws, more than 2.5 %
    assert mean_of_means([[0, 1], [2, 4]]) == (1.75, 1, 2.5, 4)
    assert mean_of_means([[0.5] * 9, [0.25, 0.25]]) == (0.375, 0.375, 0.375, 11)


def test_the_mean_of_means_resamples_within_groups_alone():
    wide = interval([0] * 10 + [1] * 10)
    assert mean_of_means([[0] * 10, [1] * 10]) == (0.5, 0.5, 0.5, 20)
    assert wide.high - wide.low > 0.3


def test_the_mean_of_means_with_a_group_of_one():
    mean, low, _, graphs = mean_of_means([[0.25], [0.5, 1]])
    assert (mean, math.isnan(low), graphs) == (0.5, True, 3)
    assert math.isnan(mean_of_means([]).mean)
