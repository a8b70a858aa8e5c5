"""Cramer's V and groups, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analytics.measured import measured
from tpugraph_db.analytics.confounded import components, cramers_v, factors, runs
from tpugraph_db.analytics.observed import observe


def of(codes):
    return observe(measured(np.array(codes), 10 + np.arange(len(codes)) / 10))


def test_v_of_a_table_by_hand():
    """Table [[3, 1], [1, 3]]: phi2 = 9/16 * 2 + 1/16 * 2 - 1 = 0.25; less 1/7, over 1 - 1/7."""
    one, other = np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.array([0, 0, 0, 1, 0, 1, 1, 1])
    assert cramers_v([one, other])[0, 1] == pytest.approx(np.sqrt((1 / 4 - 1 / 7) / (6 / 7)))
    assert cramers_v([one, np.arange(8) % 2]).tolist() == [[1, 0], [0, 1]]


def test_what_determines_each_other_is_one_even_where_nothing_repeats():
    assert cramers_v([np.arange(5), np.array([3, 1, 4, 0, 2])]).tolist() == [[1, 1], [1, 1]]


def test_the_same_in_pieces(monkeypatch):
    levels = list(np.random.default_rng(0).integers(0, 4, (6, 50)))
    whole = cramers_v(levels)
    monkeypatch.setattr("tpugraph_db.analytics.confounded._COLUMNS", 5)
    assert np.allclose(cramers_v(levels), whole)
    assert [(at.start, at.stop) for at in runs(np.array([4, 4, 2, 9, 1]), 6)] == [(0, 1), (1, 3), (3, 4), (4, 5)]


def test_groups_are_transitive():
    joined = np.zeros((5, 5), bool)
    joined[0, 3] = joined[3, 4] = joined[1, 2] = True
    assert components(joined).tolist() == [0, 1, 1, 0, 0]


def test_ops_chosen_together_are_one_factor():
    codes = [[0, 1, 0, 2], [0, 2, 0, 1], [1, 1, 0, 2], [1, 2, 0, 1], [0, 1, 0, 2], [2, 2, 0, 1]]
    found = factors(of(codes))
    assert [factor.slots for factor in found] == [(0,), (1, 3)]
    assert found[1].levels.tolist() == [0, 1, 0, 1, 1]  # the fifth configuration repeats the first
    assert found[1].first.tolist() == [0, 1]
