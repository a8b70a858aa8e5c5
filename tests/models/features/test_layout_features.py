import numpy as np
import pytest

from tests import graphs, real
from tpugraph_db.errors import DataError
from tpugraph_db.models.features.layout_features import REACHES, elements, graph_columns, slower_columns

FREE = [-1]


def two_slots(rows, runtimes=None):
    """0 parameter f32[4,8] -> 1 negate -> 2 transpose-free tanh -> 3 dot f32[16,1024] -> 4 abs; 1 and 3 are slots."""
    ops = [
        ("parameter", "f32[4,8]{1,0}"),
        ("reshape", "f32[4,8]{1,0}"),
        ("tanh", "f32[4,8]{1,0}"),
        ("dot", "f32[16,1024]{1,0}"),
        ("abs", "f32[16,1024]{1,0}"),
    ]
    configurations = graphs.layouts([1, 3], rows, runtimes or [1] * len(rows))
    return graphs.make_record("two", ops, [(1, 0), (2, 1), (3, 2), (4, 3)], configurations=configurations)


NONE, SMALL, LARGE, BOTH = [FREE, FREE], [[0, 1], FREE], [FREE, [0, 1]], [[0, 1], [0, 1]]
ALL = 32 + 16384
"""Elements of both configurable ops."""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("write_over_0", [0, 32, 16384, ALL]),
        ("write_over_1", [0, 32, 16384, ALL]),  # a reach of 4 and of 16
        ("write_over_12", [0, 0, 16384, 16384]),
        ("write_over_64", [0, 0, 0, 0]),
        ("write_lost", [0, 0, 16384, 16384]),  # 16 rows, 4096 bytes apart
        ("read_over_1", [0, 32, 16384, ALL]),  # a reach of 8 and of 1024
        ("read_over_12", [0, 0, 16384, 16384]),
        ("read_over_512", [0, 0, 16384, 16384]),
        ("read_over_4096", [0, 0, 0, 0]),
        ("read_lost", [0, 0, 16384, 16384]),
        ("other_bytes", [0, 32, 16384, ALL]),
        ("dot_bytes", [0, 0, 16384, 16384]),
        ("reshape_bytes", [0, 32, 0, 32]),
        ("convolution_bytes", [0, 0, 0, 0]),
    ],
)
def test_columns_are_shares_of_what_configurable_ops_write(name, expected):
    column = slower_columns(two_slots([NONE, SMALL, LARGE, BOTH]))[name]
    assert column.tolist() == pytest.approx([value / ALL for value in expected])


def test_counts_are_shares_of_the_configurable_ops():
    columns = slower_columns(two_slots([NONE, [[1, 0], FREE], BOTH]))
    assert columns["constrained"].tolist() == [0, 0.5, 1]
    assert columns["differs"].tolist() == [0, 0, 1]


def test_columns_are_less_those_of_the_default_choices():
    # most frequent at both ops is {0,1}: with no free row it is the default, and row-major is what differs from it
    columns = slower_columns(two_slots([BOTH, BOTH, [[1, 0], [0, 1]]]))
    assert columns["write_over_0"].tolist() == pytest.approx([0, 0, -32 / ALL])
    assert columns["other_bytes"].tolist() == pytest.approx([0, 0, 32 / ALL])


def test_configurations_do_not_depend_on_each_other_but_for_the_default():
    rows = [NONE, SMALL, LARGE, BOTH]
    whole, some = slower_columns(two_slots(rows)), slower_columns(two_slots([NONE, BOTH]))
    assert {name: column[[0, 3]].tolist() for name, column in whole.items()} == {
        name: column.tolist() for name, column in some.items()
    }


def test_columns_of_the_graph_are_the_same_for_every_configuration():
    columns = graph_columns(two_slots([NONE, SMALL]))
    assert {name: column.tolist() for name, column in columns.items()} == {
        "log_ops": pytest.approx([np.log(6)] * 2),
        "log_elements": pytest.approx([np.log(1 + 3 * 32 + 2 * 16384)] * 2),
        "log_slots": pytest.approx([np.log(3)] * 2),
    }


def test_tuples_have_no_elements():
    assert elements(graphs.two_computations()).tolist() == [1, 1, 1, 1, 16, 1, 1, 0]


@pytest.mark.parametrize("record", [graphs.chain(), two_slots([])], ids=["no configurable op", "no configuration"])
def test_a_graph_without_configurations_has_empty_columns(record):
    assert all(column.shape == (0,) for column in slower_columns(record).values())


def test_tiles_are_refused():
    with pytest.raises(DataError, match="expected layouts of ops, found tile sizes"):
        slower_columns(graphs.two_computations())


def test_every_reach_has_a_column():
    names = slower_columns(two_slots([NONE]))
    assert {f"{way}_over_{reach}" for way in ("write", "read") for reach in REACHES} < set(names)


def test_columns_of_a_real_graph_are_finite_and_vary(data):
    columns = slower_columns(real.record(data, "unet3d"))
    assert all(np.isfinite(column).all() for column in columns.values())
    assert np.ptp(columns["other_bytes"]) > 0
