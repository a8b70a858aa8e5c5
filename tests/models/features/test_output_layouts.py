import numpy as np
import pytest

from tests import graphs
from tpugraph_db.errors import DataError
from tpugraph_db.models.features.output_layouts import (
    choice_ops,
    choice_rows,
    layout_configurations,
    output_bytes,
    output_layouts,
    own_layouts,
)


def test_rows_and_ops_of_choices():
    configurations = graphs.diamond().configurations
    assert choice_rows(configurations).tolist() == [[0, 2], [1, 2], [0, 3], [0, 2]]
    assert choice_ops(configurations).tolist() == [1, 1, 2, 2]


def test_output_bytes_count_elements_and_their_size():
    assert output_bytes(graphs.diamond()).tolist() == [4 * 8 * 4, 4 * 8 * 16 * 2, 4 * 16 * 4, 4]
    assert output_bytes(graphs.two_computations()).tolist() == [4, 4, 4, 4, 64, 4, 4, 0]


def test_an_op_without_a_layout_has_the_row_major_one():
    record = graphs.make_record("r", [("copy", "f32[4,8,16]"), ("copy", "f32[4,8]{0,1}"), ("tuple", "tuple[]")], [])
    layouts = own_layouts(record).tolist()
    assert layouts == [[2, 1, 0, -1, -1, -1], [0, 1, -1, -1, -1, -1], [-1] * 6]


def test_what_a_choice_leaves_open_goes_on_as_the_op_s_own_layout():
    # slot 0 is {2,1,0}, given {1,0} and {0,1}; slot 1 is {0,1}, given no output layout
    expected = [[1, 0, 2, -1, -1, -1], [0, 1, 2, -1, -1, -1], [0, 1, -1, -1, -1, -1], [0, 1, -1, -1, -1, -1]]
    assert output_layouts(graphs.diamond()).tolist() == expected


def test_a_choice_of_more_dimensions_than_the_op_has_is_cut():
    configurations = graphs.layouts([0], [[[5, 1, 0]]], [1])
    record = graphs.make_record("r", [("dot", "f32[4,8]{1,0}")], [], configurations=configurations)
    assert np.isfinite(output_layouts(record)).all()


def test_tiles_have_no_layouts():
    with pytest.raises(
        DataError, match=r"tile:test//?.*two: configurations: expected layouts of ops, found tile sizes"
    ):
        layout_configurations(graphs.two_computations())
