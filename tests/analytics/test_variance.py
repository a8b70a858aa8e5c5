"""Analysis of variance: by hand, against every permutation, and on noise."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from tpugraph_db.analytics import variance
from tpugraph_db.analytics.confounded import Factor

ONE = np.zeros(4, np.int64)


def factor(levels):
    levels = np.array(levels)
    return Factor((0,), levels, np.unique(levels, return_index=True)[1])


def test_by_hand():
    """Means 1.5 and 3.5 about 2.5: SS_between 4 of 5; 1 - 0.2 * 3/2. Of six ways to split, two give as much."""
    halves, y = [factor([0, 0, 1, 1])], np.array([[1.0, 2, 3, 4]])
    assert variance.eta_squared(halves, y) == pytest.approx([0.8])
    assert variance.adjusted(halves, y, ONE) == pytest.approx([0.7])
    assert variance.p_values(halves, y, ONE) == pytest.approx([1 / 3])
    assert np.isnan(variance.adjusted([factor([0, 1, 2, 3])], y, ONE)).all()


def test_chance_is_the_mean_over_every_permutation_within_strata():
    of, y, strata = factor([0, 1, 1, 2, 0, 1, 2]), np.array([1.0, 5, 2, 2, 9, 4, 7]), np.array([0, 0, 0, 0, 1, 1, 1])

    def between(values):
        return sum((of.levels == c).sum() * (values[of.levels == c].mean() - y.mean()) ** 2 for c in range(3))

    chance = np.mean([between(y[[*a, *b]]) for a in permutations(range(4)) for b in permutations(range(4, 7))])
    total = ((y - y.mean()) ** 2).sum()
    expected = (between(y) - chance) / (total - chance)
    assert variance.adjusted([of], y[None], strata) == pytest.approx([expected])


def test_on_noise_the_test_is_wrong_as_often_as_it_says_and_the_share_is_0_on_average():
    random = np.random.default_rng(1)
    y = random.normal(size=(600, 40))
    found = [factor(levels) for levels in random.integers(0, 5, (600, 40))]
    one = np.zeros(40, np.int64)
    p = variance.p_values(found, y, one, 199)
    assert 0.03 < (p <= 0.05).mean() < 0.07  # 0.05 +- 2.3 standard errors of 600 tests
    assert abs(variance.adjusted(found, y, one).mean()) < 0.01
    assert (variance.holm(p) <= 0.05).sum() <= 1


def test_an_op_that_is_set_where_many_are_is_not_guilty():
    """Runtime depends on how many others are set. Permuted over all it looks guilty nearly always, in strata not."""
    random = np.random.default_rng(2)
    many = np.repeat([0.1, 0.9], 60)
    found = [factor((random.random(120) < many).astype(np.int64)) for _ in range(100)]
    y = np.stack([many + random.normal(size=120) * many for _ in found])
    strata = (many > 0.5).astype(np.int64)
    assert (variance.p_values(found, y, np.zeros(120, np.int64), 99) <= 0.05).mean() > 0.9
    assert (variance.p_values(found, y, strata, 99) <= 0.05).mean() < 0.12
    assert abs(variance.adjusted(found, y, strata).mean()) < 0.01


def test_strata_are_of_about_equal_size_and_keep_ties_together():
    away = np.repeat([1, 4, 9], 40)
    found = [factor(((7 * np.arange(120) + at) % 20 < away).astype(np.int64)) for at in range(20)]
    assert variance.strata_of(found).tolist() == np.repeat([0, 1, 2], 40).tolist()
    assert variance.strata_of([factor([0, 1, 0])]).tolist() == [0, 0, 0]


def test_the_interval_holds_the_share():
    """Two choices that differ by 2 with noise of spread 1: share 1/2."""
    random = np.random.default_rng(3)
    found = [factor(np.arange(100) % 2) for _ in range(60)]
    y = np.stack([2.0 * (np.arange(100) % 2) + random.normal(size=100) for _ in found])
    one = np.zeros(100, np.int64)
    held = [
        variance.intervals([of], row[None], one, row, seed=at)
        for at, (of, row) in enumerate(zip(found, y, strict=True))
    ]
    assert np.mean([(low <= 0.5) & (high >= 0.5) for low, high in held]) >= 0.85
    assert all(0.1 < high - low < 0.4 for low, high in held)


def test_corrections_by_hand():
    p = np.array([0.04, 0.01, 0.03, 0.5])
    assert variance.holm(p) == pytest.approx([0.09, 0.04, 0.09, 0.5])
    assert variance.benjamini_hochberg(p) == pytest.approx([0.16 / 3, 0.04, 0.16 / 3, 0.5])


def test_the_same_seed_gives_the_same_p():
    random = np.random.default_rng(4)
    found, y, strata = [factor(np.arange(30) % 3)], random.normal(size=(1, 30)), np.zeros(30, np.int64)
    assert variance.p_values(found, y, strata, 999, 5) == variance.p_values(found, y, strata, 999, 5)
