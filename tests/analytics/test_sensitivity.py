"""Sensitivity, why and configs of graphs whose effects are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests import graphs
from tests.analytics.measured import SLOWER, known_effects, measured
from tpugraph_db.analytics import variance
from tpugraph_db.analytics.configs import configs, op_choices
from tpugraph_db.analytics.figures import figure
from tpugraph_db.analytics.hot import hot
from tpugraph_db.analytics.named_config import find_config
from tpugraph_db.analytics.observed import observe
from tpugraph_db.analytics.sensitivity import sensitivity, split
from tpugraph_db.analytics.why import why
from tpugraph_db.errors import DataError, NotFoundError
from tpugraph_db.formats import read

MADE = known_effects()
EXAMPLES = Path(__file__).parents[2] / "examples/data/npz/layout/cpu/random"


@pytest.fixture(scope="module")
def found():
    return sensitivity(MADE, permutations=999)


def changed(**changes):
    return MADE.replace(configurations=replace(MADE.configurations, **changes))


def chosen(slot, layout):
    """(d,) bool: which distinct configurations give this output layout to a slot."""
    configs, index = MADE.configurations, observe(MADE).index
    return (configs.choices(slot)[configs.codes[index, slot]][:, :2] == layout).all(axis=1)


def test_known_effects_are_recovered(found):
    rows = found.top().to_dicts()
    assert [row["op"] for row in rows[:3]] == [1, 3, 4]
    assert sorted(row["op"] for row in rows[3:]) == [2, 6, 7, 8, 9]
    slow, group, other = rows[:3]
    whole = np.var(found.observed.log_runtime)
    assert slow["share"] == pytest.approx(np.var(SLOWER * chosen(0, [1, 0])) / whole, abs=0.03)
    assert group["share"] == pytest.approx(np.var(np.log(0.9) * chosen(2, [0, 1])) / whole, abs=0.03)
    assert slow["low"] < slow["share"] < slow["high"]
    assert max(slow["p"], slow["q"], group["p"]) < 0.01
    assert all((row["low"], row["share"] < 0.01, row["p"] > 0.05) == (0, True, True) for row in rows[3:])
    assert (group["group"], other["group"], slow["group"]) == (0, 0, None)
    assert group["share"] == other["share"]
    assert (group["best"], group["best_effect"]) == ("{0,1} - -", pytest.approx(-10, abs=1))
    assert (slow["best"], slow["best_effect"]) == ("- - -", 0)
    assert {row["provenance"] for row in rows} == {"measured"}
    assert found.constant == 1
    assert found.model.explained > 0.9


def test_rows_that_are_cut_off_are_counted(found):
    assert (len(found.top(2)), found.top(2).total) == (2, 8)


def test_on_noise_nothing_is_found():
    random = np.random.default_rng(5)
    tests = [
        sensitivity(measured(random.integers(0, 3, (40, 6)), 14 + random.normal(size=40)), permutations=99)
        for _ in range(30)
    ]
    assert np.mean([(one.p <= 0.05).any() for one in tests]) <= 0.2  # 0.05, and 3.8 standard errors


def test_ops_that_do_nothing_are_not_called_guilty_for_what_was_set_with_them():
    """Choices of a real search, which sets a tenth, a third or two thirds of the ops at once; runtimes are made.

    Every second op does nothing. As if there were no other ops, most of these look guilty.
    """
    record = read(EXAMPLES / "test/gnn_convolution.npz")
    codes, random = observe(record).codes, np.random.default_rng(6)
    alone, ours = [], []
    for draw in range(6):
        log_runtime = 14 + 0.05 * random.normal(size=len(codes))
        for slot in range(1, codes.shape[1], 2):
            effects = np.abs(random.normal(0, 0.15, codes.max() + 1)) * (np.arange(codes.max() + 1) > 0)
            log_runtime += effects[codes[:, slot]]
        made = replace(record.configurations, runtime_ns=np.rint(np.exp(log_runtime)).astype(np.int64))
        of = split(record.replace(configurations=made))
        plain = np.broadcast_to(log_runtime, of.left.shape)
        alone.append(variance.p_values(of.factors, plain, np.zeros_like(of.strata), 99, draw)[::2])
        ours.append(variance.p_values(of.factors, of.left, of.strata, 99, draw)[::2])
    assert (np.array(alone) <= 0.05).mean() > 0.5
    assert (np.array(ours) <= 0.05).mean() < 0.15  # 0.05, and 3.9 standard errors of 72 tests


def test_repeats_are_merged_as_the_mean_of_logarithms():
    codes = np.array([[0], [1], [0], [2]])
    record = measured(codes, np.log([100, 300, 400, 500]))
    observed = observe(record)
    assert observed.index.tolist() == [0, 1, 3]
    assert np.exp(observed.log_runtime) == pytest.approx([200, 300, 500])


def test_unmeasured_ones_are_left_out_and_a_sample_keeps_the_default():
    runtimes = np.array(MADE.configurations.runtime_ns)
    runtimes[1::2] = 0
    observed = observe(changed(runtime_ns=runtimes))
    assert (observed.index % 2 == 0).all()
    few = observe(MADE, [7], most=5)
    assert (len(few), few.default) == (5, 0)
    assert 7 in few.index


def test_few_configurations_are_tested_exactly():
    rows = sensitivity(graphs.diamond()).top().to_dicts()
    assert [(row["op"], row["choices"]) for row in rows] == [(1, 2), (2, 2)]
    assert [row["p"] for row in rows] == pytest.approx([2 / 3, 1])  # of 3! orders 2 do as well, twice that by Holm
    assert rows[0]["best"] == "{0,1} - -"


def test_without_noise_the_one_op_that_acts_has_all_of_it():
    codes = np.indices((3, 3)).reshape(2, -1).T
    acts, nothing = sensitivity(measured(codes, np.log([1000, 2000, 1500])[codes[:, 0]])).top().to_dicts()
    assert (acts["op"], acts["share"], acts["low"], acts["high"]) == (1, *[pytest.approx(1, abs=1e-6)] * 3)
    assert nothing["share"] == pytest.approx(0, abs=1e-6)
    square = np.indices((2, 2)).reshape(2, -1).T
    assert [row[5] for row in sensitivity(measured(square, np.log([1000, 2000])[square[:, 0]])).top()] == [1, 0]


def test_of_two_configurations_nothing_can_be_said():
    (row,) = sensitivity(measured(np.array([[0], [1]]), np.log([100, 200]))).top().to_dicts()
    assert (row["share"], row["low"], row["high"], row["p"], row["best"]) == (None, None, None, 1, "- - -")


def test_a_figure_of_every_op():
    of = figure(MADE, "sensitivity")
    assert (of.provenance, of.totals) == ("measured", None)
    assert np.isnan(of.values[[0, 5]]).all()
    assert of.values[3] == of.values[4]
    assert [row["op"] for row in hot(MADE, of, 3).to_dicts()] == [1, 3, 4]


def test_why_adds_up():
    found = why(MADE, 2, 1)
    rows = found.top().to_dicts()
    parts = {row["part"]: row["log_ratio"] for row in rows if row["part"] != "op"}
    ops = [row for row in rows if row["part"] == "op"]
    assert sum(row["log_ratio"] or 0 for row in ops) == pytest.approx(parts["explained"])
    assert parts["explained"] + parts["unexplained"] == pytest.approx(parts["measured"])
    runtimes = MADE.configurations.runtime_ns
    assert parts["measured"] == pytest.approx(np.log(runtimes[2] / runtimes[1]))
    assert abs(parts["unexplained"]) < found.margin
    assert ops[0]["op"] == 1
    assert ops[0]["percent"] == pytest.approx(20, abs=2)
    assert {row["provenance"] for row in ops} == {"learned"}
    assert [row["provenance"] for row in rows[-2:]] == ["measured", "measured"]
    (group,) = [row for row in ops if row["op"] == 3]
    assert (group["vs_layout"], group["log_ratio"]) == ("{0,1} - -", pytest.approx(-np.log(0.9), abs=0.01))
    assert next(row for row in ops if row["op"] == 4)["log_ratio"] is None  # it is 3's


def test_why_with_fewer_rows_still_adds_up():
    whole, cut = why(MADE, "worst", "best").top(), why(MADE, "worst", "best").top(1).to_dicts()
    assert [row["part"] for row in cut[:2]] == ["op", "others"]
    assert cut[0]["log_ratio"] + cut[1]["log_ratio"] == pytest.approx(cut[2]["log_ratio"])
    assert cut[1]["name"] == f"{sum(row[0] == 'op' for row in whole) - 1} ops"


def test_a_choice_that_stands_nowhere_else_is_unexplained():
    codes = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [0, 2], [1, 3]])
    found = why(measured(codes, 14 + codes.sum(axis=1) / 10), 5, 0)
    rows = found.top().to_dicts()
    assert (rows[1]["op"], rows[1]["log_ratio"], rows[1]["configs"]) == (2, None, 0)
    assert rows[0]["op"] == 1
    assert found.explained + found.unexplained == pytest.approx(found.measured)


def test_a_configuration_against_itself():
    rows = why(MADE, 3, 3).top().to_dicts()
    assert [(row["part"], row["log_ratio"]) for row in rows[:3]] == [
        ("explained", 0),
        ("unexplained", 0),
        ("measured", 0),
    ]


def test_configurations_by_name():
    diamond = graphs.diamond()
    assert [find_config(diamond, name) for name in ("best", "median", "worst", 2)] == [1, 2, 3, 2]
    assert find_config(MADE, "default") == 0


def test_the_fastest_and_what_they_set():
    rows = configs(graphs.diamond(), 2).to_dicts()
    assert [(row["config"], row["runtime_ns"], row["slowdown"], row["rank"]) for row in rows] == [
        (1, 10, 1, 0),
        (2, 20, 2, 1),
    ]
    assert [(row["differs"], row["ops"], row["is_default"]) for row in rows] == [(0, [], None), (2, [1, 2], None)]
    assert configs(graphs.diamond(), 2).total == 4
    default = next(row for row in configs(MADE, 200).to_dicts() if row["is_default"])
    assert (default["config"], default["differs"]) == (0, 0)


def test_tiles_show_their_bounds():
    row = configs(graphs.two_computations(), 1).to_dicts()[0]
    assert (row["config"], row["output_bounds"][:2]) == (1, [16, 64])
    assert "ops" not in row


def test_choices_of_an_op():
    rows = op_choices(MADE, 1).to_dicts()
    slow = rows[-1]
    assert (slow["layout"], slow["effect"]) == ("{1,0} - -", pytest.approx(20, abs=1))
    assert slow["low"] < 20 < slow["high"]
    (default,) = [row for row in rows if row["is_default"]]
    assert (default["layout"], default["effect"]) == ("- - -", 0)
    inside, slowdown = chosen(0, [1, 0]), MADE.configurations.slowdown[observe(MADE).index]
    assert slow["configs"] == inside.sum()
    assert slow["slowdown"] == pytest.approx(np.exp(np.log(slowdown[inside]).mean()), rel=1e-3)  # 2 were repeated
    assert MADE.configurations.slowdown[slow["best_config"]] == pytest.approx(slow["best"])


@pytest.mark.parametrize(
    ("verb", "record", "message"),
    [
        (sensitivity, graphs.chain(), "chain: configurations: expected at least 2, found none"),
        (sensitivity, graphs.two_computations(), "expected layouts of ops, found tile sizes"),
        (sensitivity, changed(runtime_ns=np.zeros(120, np.int64)), "runtimes: expected measured configurations"),
        (
            sensitivity,
            changed(runtime_ns=np.full(120, 7)),
            "runtimes: expected at least 2 that differ, found all equal",
        ),
        (sensitivity, measured(np.zeros((3, 2), int), np.log([5.0, 6, 7])), "expected at least 2 distinct, found 1"),
        (sensitivity, measured(np.zeros((3, 0), int), np.log([5.0, 6, 7])), "configurable ops: expected at least 1"),
        (configs, graphs.chain(), "configurations: expected at least 2, found none"),
        (configs, changed(runtime_ns=np.zeros(120, np.int64)), "runtimes: expected measured"),
        (lambda record: op_choices(record, 0), MADE, "op 0: expected a configurable op"),
        (lambda record: op_choices(record, 5), MADE, "op 5: expected at least 2 layouts, found 1"),
        (lambda record: why(record, "best", "worst"), graphs.diamond(), "at least 3 distinct measured ones beside"),
        (
            lambda record: why(record, 1, 2),
            changed(runtime_ns=np.eye(120, dtype=np.int64)[2]),
            "configuration 1: expected",
        ),
    ],
)
def test_what_cannot_be_answered(verb, record, message):
    with pytest.raises(DataError, match=message):
        verb(record)


@pytest.mark.parametrize(
    ("record", "config", "message"),
    [
        (graphs.diamond(), "default", "the source does not say which configuration is the compiler's own"),
        (graphs.diamond(), "4", "has no configuration 4: expected 0 to 3"),
        (graphs.diamond(), "bset", "did you mean best?"),
        (changed(is_default=np.zeros(120, bool)), "default", "no default configuration: none is marked"),
    ],
)
def test_configurations_that_are_not_there(record, config, message):
    with pytest.raises(NotFoundError, match=message.replace("?", r"\?")):
        why(record, config, 0)
