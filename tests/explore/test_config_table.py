"""Configurations, two of them compared, and the ops that matter, as tables."""

from dataclasses import replace

import numpy as np
import pytest

from tests import graphs
from tests.analytics.measured import known_effects
from tpugraph_db.analytics.sensitivity import sensitivity
from tpugraph_db.analytics.why import why
from tpugraph_db.explore.config_table import config_table, configs_note, named_configs, pair_of, place_note
from tpugraph_db.explore.predictions import agreement
from tpugraph_db.explore.table import Arrangement
from tpugraph_db.explore.why_table import sensitivity_note, sensitivity_table, why_note, why_table


def texts(table, name):
    column = table.column(name)
    return [column.text(row) for row in range(table.rows)]


def test_the_fastest_first_with_place_and_names():
    table = config_table(graphs.diamond(), {}, [])  # runtimes 30, 10, 20, 30 ns
    assert texts(table, "config") == ["1", "2", "0", "3"]
    assert texts(table, "rank") == ["0", "1", "2", "2"]
    assert texts(table, "slowdown") == ["1", "2", "3", "3"]
    assert texts(table, "over") == ["0.00 %", "100.0 %", "200.0 %", "200.0 %"]
    assert texts(table, "is") == ["best", "median", "", "worst"]
    assert texts(table, "differs") == ["0", "2", "1", "1"]  # from the best, (q, r): (p, s), (p, r), (p, r)
    assert table.ops is None


def test_what_is_chosen_shows_without_another_table():
    chosen = []
    table = config_table(graphs.diamond(), {}, chosen)
    assert texts(table, "ij") == ["", "", "", ""]
    chosen += [0, 1]
    assert texts(table, "ij") == ["J", "", "I", ""]
    assert table.arranged(Arrangement(sort="ij")).tolist()[:2] == [0, 2]
    note = "I 0: 2 of 4 are faster, 3 times the best; J 1: 0 of 4 are faster, 1 times the best"
    assert place_note(graphs.diamond(), chosen) == note


def test_the_layout_of_an_op_in_each():
    table = config_table(graphs.diamond(), {}, [], op=1)
    assert texts(table, "op 1") == ["{0,1} - -", "{1,0} - -", "{1,0} - -", "{1,0} - -"]
    assert "op 0" not in config_table(graphs.diamond(), {}, [], op=0).names


def test_predicted_against_measured():
    ranks = np.array([2.0, 0.0, 1.0, 3.0])
    record = graphs.diamond()
    assert texts(config_table(record, {"gcn_rank": ranks}, []), "gcn_rank") == ["0", "1", "2", "3"]
    # 6 pairs, one tied in what was measured, all others agree: 5 / sqrt(6 * 5)
    assert agreement(record.configurations, "gcn_rank", ranks) == "gcn: tau 0.913, its first is 1 times the best"
    turned = agreement(record.configurations, "gcn_rank", np.array([0.0, np.nan, 1.0, np.nan]))
    assert turned == "gcn: tau -1, its first is 3 times the best"
    assert agreement(record.configurations, "gcn_rank", np.full(4, np.nan)).startswith("gcn: none of those")


def test_those_that_were_not_measured_come_last():
    record = graphs.diamond()
    some = graphs.layouts([1], [[[1, 0]], [[0, 1]], [[1, 0]]], [0, 7, 0])
    table = config_table(record.replace(configurations=some), {}, [])
    assert texts(table, "config") == ["1", "0", "2"]
    assert texts(table, "runtime_ns") == ["7", "", ""]
    hidden = record.replace(configurations=graphs.layouts([1], [[[1, 0]], [[0, 1]]], [0, 0]))
    assert texts(config_table(hidden, {"gcn_rank": np.array([1.0, 0.0])}, []), "config") == ["1", "0"]
    assert named_configs(hidden) == {}
    assert "none of 2 configurations is measured" in configs_note(hidden, {})
    assert "tpudb predict --write ranks them" in configs_note(hidden, {})


def test_none_says_what_to_do():
    assert configs_note(graphs.chain(), {}).startswith("no configurations: tpudb collect")
    assert config_table(graphs.chain(), {}, []).rows == 0


def test_tiles():
    table = config_table(graphs.two_computations(), {}, [])  # values 5, 3, 3
    assert texts(table, "config") == ["1", "2", "0"]
    assert texts(table, "output_bounds") == ["16,64", "16,64", "8,128"]


def test_which_two_are_compared():
    record = graphs.diamond()
    assert pair_of(record, [3, 2], 0) == (3, 2)
    assert pair_of(record, [3], 0) == (0, 3)
    assert pair_of(record, [], 0) == (0, 1)  # the best, where no default is known


def test_tens_of_thousands():
    runtimes = np.random.default_rng(0).integers(1_000, 2_000, 50_000)
    rows = [[[1, 0] if at % 2 else [0, 1]] for at in range(2)]
    configs = graphs.layouts([1], rows, [1, 2])
    many = replace(configs, runtime_ns=runtimes, codes=np.arange(50_000)[:, None].astype(np.uint8) % 2)
    table = config_table(graphs.diamond().replace(configurations=many), {}, [])
    assert table.rows == 50_000
    assert float(table.column("slowdown").rank[0]) == 1.0
    assert (np.diff(table.column("runtime_ns").rank) >= 0).all()


@pytest.fixture(scope="module")
def made():
    return known_effects()


def test_why_with_sums_and_what_is_left(made):
    found = why(made, "worst", "best")
    table = why_table(found)
    parts = texts(table, "part")
    assert parts[-4:] == ["explained", "unexplained", "measured", "again"]
    assert table.ops[parts.index("op")] == 1  # 20 % slower with {1,0}
    assert table.column("percent").rank[0] == pytest.approx(20, abs=4)
    assert texts(table, "percent")[0].startswith("+")
    assert (table.ops[[parts.index(part) for part in parts[-4:]]] == -1).all()
    assert f"is unexplained; learned of {found.fitted} others" in why_note(found)
    assert " slower than " in why_note(found)


def test_sensitivity(made):
    found = sensitivity(made, permutations=99)
    table = sensitivity_table(found)
    assert table.ops[0] == 1
    assert texts(table, "op")[0] == "1"
    assert "1 configurable ops have one layout throughout" in sensitivity_note(found)
