from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests import graphs
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.errors import UsageError
from tpugraph_db.kendall import tau_b
from tpugraph_db.models.baselines import few
from tpugraph_db.models.baselines.few import FewShot, Ridge
from tpugraph_db.models.baselines.few_design import design
from tpugraph_db.models.judging.shown import split_shown


@dataclass(frozen=True)
class Fixed:
    """Scores by heart."""

    values: np.ndarray
    name = "fixed"

    def scores(self, record):
        return self.values


def noisy(size=0.1):
    """The 27 configurations of ``layout_graph`` with noise of this relative size."""
    record = layout_graph()
    noise = np.exp(np.random.default_rng(0).normal(0, size, 27))
    runtimes = (record.configurations.runtime_ns * noise).astype(np.int64)
    return record.replace(configurations=replace(record.configurations, runtime_ns=runtimes))


def refitted(record, index, y, z, penalty, out):
    """What the regression without ``index[out]`` expects of it, solved plainly."""
    x = design(record, known=False).rows(index)
    kept = np.arange(len(index)) != out
    both = np.hstack([z[index][kept], x[kept]])
    ridge = np.diag([0.0] * z.shape[1] + [penalty] * x.shape[1])
    solved = np.linalg.lstsq(both.T @ both + ridge, both.T @ y[kept])[0]
    return np.hstack([z[index][out], x[out]]) @ solved


@pytest.mark.parametrize("columns", [1, 2])
def test_errors_left_out_are_those_of_refitting(monkeypatch, columns):
    record, index = noisy(), np.array([0, 3, 7, 8, 13, 19, 22, 26])
    y = np.log(record.configurations.runtime_ns[index])
    z = np.stack([np.ones(27), np.random.default_rng(1).normal(size=27)], axis=1)[:, :columns]
    x = design(record, known=False)
    rest = np.linalg.qr(z[index], mode="complete")[0][:, columns:]
    scale = np.linalg.eigvalsh(rest.T @ x.rows(index) @ x.rows(index).T @ rest).mean()
    monkeypatch.setattr(few, "PENALTIES", np.array([0.3]))
    errors = [y[out] - refitted(record, index, y, z, 0.3 * scale, out) for out in range(len(index))]
    assert few._fit(x, index, y, z)[1] == pytest.approx(np.array(errors))


def test_the_penalty_with_the_least_error_left_out_is_taken(monkeypatch):
    record, shown = noisy(), np.arange(0, 27, 2)
    best = Ridge().fit(record, shown).loo
    grid = few.PENALTIES
    found = []
    for penalty in grid:
        monkeypatch.setattr(few, "PENALTIES", np.array([penalty]))
        found.append(Ridge().fit(record, shown).loo)
    assert best == pytest.approx(min(found))
    assert 0 < np.argmin(found) < len(grid) - 1


def test_ridge_finds_the_costs_of_layouts_from_half_of_the_configurations():
    record = layout_graph()
    shown, judged = split_shown(record.configurations, 13, seed=0)
    scores = Ridge().fit(record, shown).scores(record)
    assert tau_b(scores[judged], record.configurations.value[judged]) > 0.95
    assert scores == pytest.approx(np.log(record.configurations.value), abs=0.02)


def test_ridge_ranks_tiles():
    record = tile_graph()
    shown, judged = split_shown(record.configurations, 8, seed=0)
    for ridge in (Ridge(), Ridge(known=True)):
        scores = ridge.fit(record, shown).scores(record)
        assert tau_b(scores[judged], record.configurations.value[judged]) > 0.9


def test_repeats_are_merged_by_the_mean_of_logarithms():
    rows = [[[1, 0], [1, 0]], [[0, 1], [1, 0]], [[1, 0], [0, 1]], [[0, 1], [0, 1]]]
    ops = [("dot", "f32[4,8]{1,0}"), ("dot", "f32[4,8]{1,0}")]
    twice = graphs.layouts([0, 1], [*rows, rows[0]], [100, 200, 300, 600, 400])
    once = graphs.layouts([0, 1], rows, [200, 200, 300, 600])
    one = graphs.make_record("r", ops, [], configurations=twice)
    other = graphs.make_record("r", ops, [], configurations=once)
    fitted = Ridge().fit(one, np.arange(5)).scores(one)
    assert fitted[:4] == pytest.approx(Ridge().fit(other, np.arange(4)).scores(other))
    assert fitted[4] == fitted[0]


def test_what_is_not_shown_and_not_measured_is_not_seen():
    record, shown = noisy(), np.arange(0, 27, 2)
    runtimes = record.configurations.runtime_ns.copy()
    runtimes[1::2] = 0
    hidden = record.replace(configurations=replace(record.configurations, runtime_ns=runtimes))
    expected = Ridge().fit(record, shown).scores(record)
    assert Ridge().fit(hidden, np.arange(27)).scores(hidden).tolist() == expected.tolist()


def test_scores_that_are_right_are_followed():
    record = noisy(0.02)
    shown, judged = split_shown(layout_graph().configurations, 5, seed=1)
    truth = np.log(layout_graph().configurations.value)
    scores = FewShot(Fixed(5 - 3 * truth)).fit(record, shown).scores(record)  # any scale and sign
    alone = Ridge(known=True).fit(record, shown).scores(record)
    assert tau_b(scores[judged], truth[judged]) > 0.9
    assert tau_b(alone[judged], truth[judged]) < 0.5


@pytest.mark.parametrize("silent", [np.zeros(27), np.full(27, 7.0)])
def test_scores_that_say_nothing_leave_the_ridge(silent):
    record, shown = noisy(), np.arange(0, 27, 3)
    fitted = FewShot(Fixed(silent)).fit(record, shown)
    assert fitted.values.tolist() == Ridge(known=True).fit(record, shown).values.tolist()
    assert fitted.name == "fewshot"


def test_scores_of_chance_count_by_their_error_to_the_fourth():
    record, shown = noisy(), np.arange(0, 27, 2)
    noise = np.random.default_rng(3).normal(size=27)
    alone = Ridge(known=True).fit(record, shown)
    x, y = design(record, known=True), np.log(record.configurations.value[shown])
    values, errors = few._fit(x, shown, y, np.stack([np.ones(27), noise], axis=1))
    one, other = alone.loo**-4, np.sqrt(np.mean(errors**2)) ** -4
    expected = (one * alone.values + other * values) / (one + other)
    assert FewShot(Fixed(noise)).fit(record, shown).values == pytest.approx(expected)


def test_a_graph_s_regression_knows_nothing_of_another():
    fitted = Ridge().fit(layout_graph(), np.arange(9))
    with pytest.raises(UsageError, match=r"ridge was fitted to layout:test:default/train/made, and knows nothing of"):
        fitted.scores(layout_graph("other"))


def test_three_configurations_are_too_few():
    with pytest.raises(UsageError, match="expected at least 4 distinct measured configurations shown, found 3"):
        Ridge().fit(layout_graph(), np.array([0, 1, 2, 2]))
