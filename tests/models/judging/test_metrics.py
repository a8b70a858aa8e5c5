import math
import tracemalloc
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpugraph_db.errors import UsageError
from tpugraph_db.kendall import dense_rank
from tpugraph_db.models.judging.metrics import fastest_first, kendall, opa, slowdown_at, tile_score

SMALL = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), max_size=12)


def both(pairs):
    array = np.array(pairs, np.int64).reshape(-1, 2)
    return array[:, 0].astype(np.float64), array[:, 1]


def opa_of_pairs(scores, values):
    """As the definition says it."""
    credit = []
    for i, j in combinations(range(len(values)), 2):
        if values[i] != values[j]:
            right = (scores[i] < scores[j]) == (values[i] < values[j])
            credit.append(0.5 if scores[i] == scores[j] else float(right))
    return sum(credit) / len(credit) if credit else math.nan


def test_kendall_by_hand():
    assert kendall(np.array([1, 2, 3, 4]), np.array([10, 20, 40, 30])) == pytest.approx(4 / 6)


def test_scores_that_say_nothing_get_0_and_are_not_left_out():
    assert kendall(np.zeros(3), np.array([1, 2, 2])) == 0


@pytest.mark.parametrize("values", [[], [7], [7, 7, 7]])
def test_values_without_an_order_have_no_figure(values):
    scores, values = np.arange(len(values)), np.array(values)
    assert math.isnan(kendall(scores, values))
    assert math.isnan(opa(scores, values))


@pytest.mark.parametrize(
    ("scores", "values", "expected"),
    [
        ([1, 1, 2], [10, 20, 30], 2.5 / 3),  # a predicted tie counts half
        ([1, 2, 3], [10, 10, 20], 1),  # a true tie is no pair
        ([3, 2, 1], [10, 20, 30], 0),
        ([5, 5, 5], [10, 20, 20], 0.5),
        ([1, 3, 2, 4], [1, 2, 3, 4], 5 / 6),
    ],
)
def test_opa_by_hand(scores, values, expected):
    assert opa(np.array(scores), np.array(values)) == pytest.approx(expected, abs=1e-15)


@given(SMALL)
def test_opa_is_its_definition(pairs):
    scores, values = both(pairs)
    assert opa(scores, values) == pytest.approx(opa_of_pairs(scores, values), abs=1e-12, nan_ok=True)


@given(st.permutations(range(8)), st.lists(st.integers(0, 4), min_size=8, max_size=8))
def test_the_order_of_the_file_changes_no_metric_of_pairs(order, scores):
    scores, values = np.array(scores), np.array([3, 1, 4, 1, 5, 9, 2, 6])
    assert opa(scores[order], values[order]) == pytest.approx(opa(scores, values), abs=1e-15)
    assert kendall(scores[order], values[order]) == pytest.approx(kendall(scores, values), abs=1e-15)


def test_fifty_thousand_configurations_take_little_memory():
    values = np.random.default_rng(0).permutation(50_000)
    tracemalloc.start()
    figure = opa(values.astype(np.float64), values)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert figure == pytest.approx(1, abs=1e-12)
    assert peak < 20 << 20  # a matrix of pairs would be 2,500 MB


@pytest.mark.parametrize(("k", "expected"), [(1, 3), (2, 2), (3, 1), (4, 0), (100, 0)])
def test_slowdown_by_hand_ties_by_number(k, expected):
    scores, values = np.array([3, 1, 2, 1]), np.array([10, 40, 20, 30])
    assert slowdown_at(scores, values, k) == expected


def test_slowdown_of_nothing_is_unknown():
    assert math.isnan(slowdown_at(np.empty(0), np.empty(0), 1))


def test_slowdown_at_0_makes_no_sense():
    with pytest.raises(UsageError, match="slowdown@k: expected k of 1 or more, found 0"):
        slowdown_at(np.ones(2), np.ones(2), 0)


def test_tile_score_looks_at_five():
    values = np.array([10, 40, 30, 15, 35, 20])
    assert tile_score(np.array([9, 1, 2, 3, 4, 5]), values) == 0.5  # 15 / 10 - 1 is lost
    assert tile_score(np.array([5, 9, 1, 2, 3, 4]), values) == 1


def test_fastest_first_ties_by_number():
    assert fastest_first(np.array([2.0, 1.0, 2.0, 0.5])).tolist() == [3, 1, 0, 2]
    many = np.arange(1_000) % 2
    assert fastest_first(many).tolist() == [*range(0, 1_000, 2), *range(1, 1_000, 2)]


def test_dense_rank():
    ranks = dense_rank(np.array([0.5, -1.0, 0.5, 7.0]))
    assert (ranks.tolist(), ranks.dtype) == ([1, 0, 1, 2], np.int64)
