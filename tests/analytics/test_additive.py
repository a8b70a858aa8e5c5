"""The additive model against fits that leave out one configuration, or one factor, plainly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.analytics.test_variance import factor
from tpugraph_db.analytics.additive import fit, without_each
from tpugraph_db.analytics.effects import effects, percent, t_quantile

RANDOM = np.random.default_rng(0)
LEVELS = list(RANDOM.integers(0, 3, (4, 40)))
SIZES = [3] * 4
Y = 5 + 0.3 * (LEVELS[0] == 1) - 0.2 * (LEVELS[1] == 2) + 0.05 * RANDOM.normal(size=40)


def predicted(levels, sizes, y, penalty, out):
    """Of one configuration by ridge regression on all others, its columns and the mean as in the whole."""
    rows = np.concatenate([np.eye(size)[of] for of, size in zip(levels, sizes, strict=True)], axis=1)
    columns = np.column_stack([np.ones(len(y)), rows - rows.mean(axis=0)])
    kept = np.arange(len(y)) != out
    held = penalty * np.diag([0.0] + [1.0] * rows.shape[1])
    solved = np.linalg.solve(columns[kept].T @ columns[kept] + held, columns[kept].T @ y[kept])
    return columns[out] @ solved


def test_errors_are_of_configurations_left_out():
    model = fit(LEVELS, SIZES, Y)
    errors = [Y[out] - predicted(LEVELS, SIZES, Y, model.penalty, out) for out in range(40)]
    assert model.spread == pytest.approx(np.sqrt(np.mean(np.square(errors))))
    assert 0.8 < model.explained < 1


def test_a_factor_is_taken_out_as_if_it_had_not_been_there():
    left = without_each(LEVELS, SIZES, Y, 0.7)[0]
    plain = np.array([Y[out] - predicted(LEVELS[1:], SIZES[1:], Y, 0.7, out) for out in range(40)])
    assert left / plain == pytest.approx(np.full(40, left[0] / plain[0]))
    assert 0.9 < left[0] / plain[0] < 1.1  # choices were drawn at random: little of them goes with the others'


def test_effects_keep_their_size_where_choices_go_together():
    random = np.random.default_rng(2)
    one = random.integers(0, 3, 200)
    other = np.where(random.random(200) < 0.3, one, random.integers(0, 3, 200))
    y = 0.3 * (one == 1) - 0.1 * (other == 2) + 0.01 * random.normal(size=200)
    left = without_each([one, other], [3, 3], y, 0.1)
    assert left[0][one == 1].mean() - left[0][one == 0].mean() == pytest.approx(0.3, rel=0.1)
    assert left[1][other == 2].mean() - left[1][other == 0].mean() == pytest.approx(-0.1, rel=0.15)


def test_effects_keep_their_size_where_all_combinations_are_measured():
    one, other = np.indices((4, 6)).reshape(2, -1)
    y = 0.3 * (one == 1) - 0.1 * other
    left = without_each([one, other], [4, 6], y, 0.01)
    assert left[0][one == 1].mean() - left[0][one == 0].mean() == pytest.approx(0.3, rel=1e-2)
    assert left[1][other == 5].mean() - left[1][other == 0].mean() == pytest.approx(-0.5, rel=1e-2)


def test_effects_are_found():
    model = fit(LEVELS, SIZES, Y)
    assert model.effects[0][1] - model.effects[0][0] == pytest.approx(0.3, abs=0.05)
    assert model.effects[1][2] - model.effects[1][0] == pytest.approx(-0.2, abs=0.05)
    assert np.ptp(model.effects[2]) < 0.05
    assert model.counts[0].tolist() == np.bincount(LEVELS[0]).tolist()


def test_mean_effects_by_hand():
    """Means 1 and 4; squared residuals 2 + 2 on 3 degrees of freedom; against choice 0, of two."""
    found = effects(factor([0, 0, 1, 1, 1]), np.array([0.0, 2, 3, 4, 5]), np.zeros(5, np.int64), 0)
    assert found.log_effect.tolist() == [0, 3]
    spread = np.sqrt(4 / 3 * (1 / 2 + 1 / 3))
    assert found.half_width == pytest.approx([0, t_quantile(1 - 0.025 / 2, 3) * spread])
    assert (found.best, found.counts.tolist()) == (0, [2, 3])


def test_without_a_default_the_mean_is_the_base():
    found = effects(factor([0, 0, 1, 1]), np.array([0.0, 2, 3, 5]), np.zeros(4, np.int64), None)
    assert found.log_effect.tolist() == [-1.5, 1.5]
    single = effects(factor([0, 1]), np.array([2.0, 1]), np.zeros(2, np.int64), None)
    assert np.isnan(single.half_width).all()
    assert single.best == 1
    sure = effects(factor([0, 0, 0, 1, 1, 1]), np.array([2.0, 2.01, 1.99, 1, 1.01, 0.99]), np.zeros(6, np.int64), 0)
    assert sure.best == 1


@pytest.mark.parametrize(("probability", "freedom", "off"), [(0.975, 1, 1e-9), (0.99, 2, 1e-9), (0.975, 4, 0.002)])
def test_quantiles_of_t(probability, freedom, off):
    assert t_quantile(probability, freedom) == pytest.approx(stats.t.ppf(probability, freedom), rel=off)
    assert t_quantile(0.9995, 60) == pytest.approx(stats.t.ppf(0.9995, 60), rel=1e-4)


def test_percent():
    assert percent(np.log(1.2)) == pytest.approx(20)
    assert percent(None) is None
    assert percent(float("nan")) is None
