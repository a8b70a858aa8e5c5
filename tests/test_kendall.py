import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from tpugraph_db.kendall import tau_b


@pytest.mark.parametrize(
    ("one", "other", "tau"),
    [
        ([1, 2, 3], [10, 20, 30], 1),
        ([1, 2, 3], [3, 2, 1], -1),
        ([1, 2, 3, 4], [1, 2, 4, 3], 4 / 6),
        ([1, 1, 2], [1, 2, 3], 2 / math.sqrt(2 * 3)),
        ([1, 1, 2, 2], [1, 1, 2, 2], 1),
    ],
)
def test_by_hand(one, other, tau):
    assert tau_b(np.array(one), np.array(other)) == pytest.approx(tau, abs=1e-15)


@pytest.mark.parametrize("values", [[], [1], [2, 2, 2]])
def test_no_order_has_no_tau(values):
    assert math.isnan(tau_b(np.array(values), np.arange(len(values))))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-(2**60), 2**60) | st.integers(0, 3)), min_size=2))
def test_as_scipy(pairs):
    one, other = np.array(pairs).T
    assert tau_b(one, other) == pytest.approx(kendalltau(one, other).statistic, abs=1e-12, nan_ok=True)


def test_a_hundred_thousand_runtimes():
    random = np.random.default_rng(1)
    one = random.integers(0, 10**9, 100_000)
    other = one + random.integers(0, 10**9, 100_000)
    assert tau_b(one, other) == pytest.approx(kendalltau(one, other).statistic, abs=1e-12)
