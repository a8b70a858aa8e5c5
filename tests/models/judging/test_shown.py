"""Configurations that are shown, and the others, which are judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import graphs
from tests.models.made import layout_graph
from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.shown import split_shown


def test_shown_and_judged_are_all_and_apart():
    configurations = layout_graph().configurations
    shown, judged = split_shown(configurations, 10, seed=0)
    assert (len(shown), len(judged)) == (10, 17)
    assert sorted([*shown, *judged]) == list(range(27))
    assert shown.tolist() == split_shown(configurations, 10, seed=0)[0].tolist()
    assert shown.tolist() != split_shown(configurations, 10, seed=1)[0].tolist()


def test_repeats_stand_on_one_side():
    configurations = graphs.diamond().configurations  # 0 and 3 are one
    for seed in range(5):
        shown, judged = split_shown(configurations, 1, seed)
        assert (0 in shown) == (3 in shown)
        assert len(shown) + len(judged) == 4


def test_what_is_not_measured_stands_on_no_side():
    configurations = replace(graphs.diamond().configurations, runtime_ns=np.array([1, 0, 2, 3]))
    shown, judged = split_shown(configurations, 1, seed=0)
    assert sorted([*shown, *judged]) == [0, 2, 3]


@pytest.mark.parametrize("k", [0, 3, 100, -1])
def test_some_must_be_left_to_judge(k):
    with pytest.raises(
        UsageError, match=f"expected 1 to 2 configurations to show, as the others are judged, found {k}"
    ):
        split_shown(graphs.diamond().configurations, k, seed=0)
