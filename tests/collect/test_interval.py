import numpy as np
import pytest

from tpugraph_db.collect.interval import ratio, runtime


def test_runtime_is_the_lower_quartile_of_each_column():
    rounds = np.array([[10, 5], [20, 4], [30, 3], [40, 2], [50, 1]])
    assert runtime(rounds).tolist() == [20, 2]


def test_runtime_is_a_time_that_was_measured():
    assert runtime(np.array([[10], [21], [30], [40]])).tolist() == [10]
    assert runtime(np.array([[10]])).dtype == np.int64


def test_the_interval_holds_the_ratio():
    random = np.random.default_rng(0)
    rounds = (np.array([1e6, 0.9e6]) * random.lognormal(0, 0.05, (200, 2))).astype(np.int64)
    found, low, high = ratio(rounds)
    assert low < found < high
    assert 0.88 < low < 0.9 < high < 0.92


def test_two_that_are_alike():
    random = np.random.default_rng(1)
    _, low, high = ratio(random.integers(900, 1100, (300, 2)))
    assert low < 1 < high


def test_more_rounds_are_surer():
    random = np.random.default_rng(2)
    rounds = random.integers(900, 1100, (400, 2))
    widths = [ratio(rounds[:count])[2] - ratio(rounds[:count])[1] for count in (20, 400)]
    assert widths[1] < widths[0] / 2


def test_one_round():
    assert ratio(np.array([[200, 100]])) == pytest.approx((0.5, 0.5, 0.5))
