from dataclasses import replace
from math import log

import numpy as np
import pytest

from tests import graphs, real
from tpugraph_db.errors import DataError
from tpugraph_db.models.features.choices import UNITS, default_choices, describe

FREE = [-1]


def negated(rows, shape="f32[4,8]{1,0}"):
    """0 parameter -> 1 negate, configurable -> 2 tanh."""
    ops = [("parameter", shape), ("negate", shape), ("tanh", shape)]
    configurations = graphs.layouts([1], [[row] for row in rows], [1] * len(rows))
    return graphs.make_record("negated", ops, [(1, 0), (2, 1)], configurations=configurations)


def column(record, name):
    described = describe(record)
    return described.values[:, described.columns.index(name)].tolist()


def test_the_default_is_the_configuration_that_the_source_says():
    configurations = graphs.diamond().configurations
    said = replace(configurations, is_default=np.array([False, False, True, False]))
    assert default_choices(said).tolist() == [0, 3]


def test_else_it_is_the_row_that_leaves_the_op_to_the_compiler():
    configurations = graphs.layouts([0], [[[1, 0]], [[1, 0]], [FREE]], [1, 2, 3])
    assert default_choices(configurations).tolist() == [1]


def test_else_it_is_the_most_frequent_row_and_the_first_of_those_that_tie():
    assert default_choices(graphs.diamond().configurations).tolist() == [0, 2]
    tied = graphs.layouts([0], [[[1, 0]], [[0, 1]]], [1, 2])
    assert default_choices(tied).tolist() == [0]


def test_a_source_that_says_that_none_is_the_default_does_not_name_one():
    configurations = replace(graphs.diamond().configurations, is_default=np.zeros(4, np.bool_))
    assert default_choices(configurations).tolist() == [0, 2]


def test_no_configurations_have_no_default():
    assert default_choices(graphs.layouts([1, 2], [], [])).tolist() == [-1, -1]
    assert default_choices(graphs.layouts([], [], [])).tolist() == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("constrained", [0, 1, 1]),
        ("not_default", [0, 1, 1]),
        ("differs", [0, 1, 0]),
        ("row_major", [0, 0, 1]),
        ("log_bytes", [log(129)] * 3),
        ("log_bytes_differs", [0, log(129), 0]),
        ("log_minor", [log(9), log(5), log(9)]),
        ("log_second", [log(5), log(9), log(5)]),
        ("own_log_minor", [log(9)] * 3),
        ("own_log_second", [log(5)] * 3),
        ("minor_gain", [0, log(5) - log(9), 0]),
        ("second_gain", [0, log(9) - log(5), 0]),
        ("log_write_reach", [0, log(1 + 4), 0]),
        ("log_read_reach", [0, log(1 + 8), 0]),
        ("write_lost", [0, 0, 0]),
        ("read_lost", [0, 0, 0]),
        ("producers_agree", [1, 0, 1]),
        ("consumers_agree", [1, 0, 1]),
        ("input_given", [0, 0, 0]),
        ("input_default", [0, 0, 0]),
    ],
)
def test_columns_of_a_matrix_left_alone_turned_and_kept(name, expected):
    assert column(negated([FREE, [0, 1], [1, 0]]), name) == pytest.approx(expected)


def test_lines_are_lost_where_rows_are_a_page_apart():
    assert column(negated([FREE, [0, 1]], "f32[13,1024]{1,0}"), "write_lost") == [0, 1]


def test_two_minor_most_dimensions_that_are_the_op_s_own_do_not_differ():
    assert column(negated([[2, 1], [1, 2]], "f32[4,8,16]{2,1,0}"), "differs") == [0, 1]


def test_layouts_of_input_and_kernel_are_given_and_the_default_s_or_not():
    none = [-1] * 6
    rows = [[*none, 1, 0], [*none, 1, 0], [*none, 0, 1], [*none, *none, 1, 0]]
    record = negated(rows)
    assert column(record, "input_given") == [1, 1, 0]
    assert column(record, "input_default") == [1, 0, 0]
    assert column(record, "kernel_given") == [0, 0, 1]
    assert column(record, "kernel_default") == [0, 0, 0]


def test_neighbours_of_other_dimensions_do_not_count():
    ops = [("parameter", "f32[8]{0}"), ("broadcast", "f32[4,8]{1,0}")]
    record = graphs.make_record("b", ops, [(1, 0)], configurations=graphs.layouts([1], [[[1, 0]]], [1]))
    assert column(record, "producers_agree") == [0]


def test_columns_are_those_with_units_and_all_values_finite():
    described = describe(graphs.diamond())
    assert described.columns == tuple(UNITS)
    assert described.values.shape == (4, len(UNITS))
    assert described.values.dtype == np.float32
    assert np.isfinite(described.values).all()


def test_a_graph_without_configurable_ops_has_no_choices():
    assert describe(graphs.chain()).values.shape == (0, len(UNITS))


def test_tiles_are_no_choices():
    with pytest.raises(DataError, match="expected layouts of ops, found tile sizes"):
        describe(graphs.two_computations())


@pytest.mark.parametrize("name", ["unet3d", "unet_3d.4x4.bf16"])
def test_real_choices_are_finite_and_mostly_constrain(data, name):
    described = describe(real.record(data, name))
    assert np.isfinite(described.values).all()
    assert described.values[:, described.columns.index("constrained")].mean() > 0.9
