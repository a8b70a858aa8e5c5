import math

import numpy as np
import pytest

from tests import graphs, real
from tpugraph_db.configurations import Configurations
from tpugraph_db.models.features.targets import merged, ungradable

A, B, C = [[1, 0]], [[0, 1]], [[-1]]


def test_repeats_are_merged_by_their_geometric_mean():
    targets = merged(graphs.layouts([1], [A, B, A, C], [10, 5, 40, 30]))
    assert targets.index.tolist() == [0, 1, 3]
    assert np.exp(targets.log_runtime) == pytest.approx([20, 5, 30])
    assert targets.counts.tolist() == [2, 1, 1]
    assert (targets.index.dtype, targets.log_runtime.dtype, targets.counts.dtype) == (np.int64, np.float64, np.int64)
    assert len(targets) == 3


def test_what_was_not_measured_is_no_target():
    targets = merged(graphs.layouts([1], [A, B, C, A], [0, 5, 0, 40]))
    assert targets.index.tolist() == [1, 3]  # 3 is the first measured A
    assert targets.log_runtime.tolist() == [math.log(5), math.log(40)]


def test_tiles_are_merged_by_what_ranks():
    targets = merged(graphs.two_computations().configurations)
    assert (targets.index.tolist(), targets.counts.tolist()) == ([0, 1], [1, 2])
    assert targets.log_runtime == pytest.approx([math.log(5), math.log(3)])


def test_no_configurations_no_targets():
    assert len(merged(graphs.layouts([], [], []))) == 0
    assert len(merged(graphs.layouts([1], [A, B], [0, 0]))) == 0


@pytest.mark.parametrize(
    ("configurations", "reason"),
    [
        (graphs.layouts([], [], []), "no configurations"),
        (graphs.layouts([1], [A, B], [0, 0]), "hidden runtimes"),
        (graphs.layouts([1], [A, B], [3, 0]), "one distinct configuration"),
        (graphs.layouts([1], [A, A], [3, 4]), "one distinct configuration"),
        (graphs.layouts([], [[], []], [3, 4]), "one distinct configuration"),
        (graphs.layouts([1], [[[0.0]], [[-0.0]]], [3, 4]), "constant columns"),
        (graphs.tiles([[0.0], [-0.0]], [3, 4], [1, 1]), "constant columns"),
        (graphs.layouts([1], [[[0.0]], [[-0.0]], B], [3, 4, 0]), "constant columns"),
        (graphs.tiles([[0.0], [-0.0], [8.0]], [3, 4, 0], [1, 1, 1]), "constant columns"),
        (graphs.layouts([1], [A, B], [3, 3]), "equal runtimes"),
        (graphs.tiles([[8], [16]], [10, 20], [1, 2]), "equal runtimes"),
        (graphs.layouts([1], [A, B], [3, 4]), None),
        (graphs.tiles([[8], [16]], [10, 10], [1, 2]), None),
    ],
)
def test_why_a_graph_cannot_be_graded(configurations, reason):
    assert ungradable(configurations) == reason


def test_configurations_of_no_kind_are_refused():
    class Odd(Configurations):
        choice_rows = np.array([b"a", b"b"])

    with pytest.raises(TypeError, match="unknown kind: Odd"):
        ungradable(Odd(np.array([1, 2])))


def test_real_graphs(data):
    unet = real.record(data, "unet3d").configurations
    targets = merged(unet)
    assert (len(targets), int(targets.counts.sum()), ungradable(unet)) == (681, 1_159, None)
    assert ungradable(real.record(data, "xla hidden").configurations) == "hidden runtimes"
    assert ungradable(real.record(data, "tile 2 ops").configurations) == "hidden runtimes"
