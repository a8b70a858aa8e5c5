from dataclasses import replace

import numpy as np
import pytest

from tests import graphs, real
from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.repeats import repeat_tau, true_values

A, B, C = [[1, 0]], [[0, 1]], [[-1]]


def everything(configurations):
    return np.arange(len(configurations))


def test_the_two_truths_of_layouts():
    twice = replace(graphs.diamond().configurations, repeat_runtime_ns=np.array([30, 40, 0, 20]))
    assert true_values(twice, "run").tolist() == [30, 10, 20, 30]
    assert true_values(twice, "repeat") == pytest.approx([30, 40, np.nan, 20], nan_ok=True)


def test_a_second_run_of_tiles_is_normalised_too():
    twice = replace(graphs.two_computations().configurations, repeat_runtime_ns=np.array([8, 15, 0]))
    assert true_values(twice, "repeat") == pytest.approx([4, 5, np.nan], nan_ok=True)


def test_one_run_is_no_second_truth():
    with pytest.raises(UsageError, match="second run: these configurations were measured once only"):
        true_values(graphs.diamond().configurations, "repeat")


def test_two_runs_by_hand():
    # of 30, 10, 20 and 30, 40, 20 one pair agrees and two do not; the fourth was not run again
    twice = replace(graphs.diamond().configurations, repeat_runtime_ns=np.array([30, 40, 20, 0]))
    assert repeat_tau(twice, everything(twice)) == pytest.approx(-1 / 3)
    assert repeat_tau(twice, np.array([0, 2])) == 1
    assert repeat_tau(twice, np.array([0, 0, 3])) is None


def test_repeats_within_a_file_by_hand():
    # first and second: A 10, 20; B 30, 15; C 40, 50. Of A < B < C the second keeps A < C and B < C. The third A is more
    one = graphs.layouts([1], [A, B, C, A, C, B, A], [10, 30, 40, 20, 50, 15, 99])
    assert repeat_tau(one, everything(one)) == pytest.approx(1 / 3)
    assert repeat_tau(one, np.array([4, 0, 2, 3])) == 1  # A and C alone
    assert repeat_tau(one, np.array([0, 0, 1, 1])) is None  # a number that stands there twice is one measurement


def test_what_was_not_measured_is_no_repeat():
    one = graphs.layouts([1], [A, B, A, B], [0, 30, 20, 15])
    assert repeat_tau(one, everything(one)) is None


def test_a_real_graph_is_noisy(data):
    one = real.record(data, "unet_3d.4x4.bf16").configurations
    assert 0.2 < repeat_tau(one, everything(one)) < 0.8
