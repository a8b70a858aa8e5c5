from io import BytesIO

import numpy as np
import pytest

from tests import graphs
from tpugraph_db import columns
from tpugraph_db.errors import DataError
from tpugraph_db.formats import read
from tpugraph_db.models.features.choices import default_choices
from tpugraph_db.models.features.copies import Layouts, copies, reshaped, transposed
from tpugraph_db.models.features.output_layouts import choice_rows

FREE = [-1]


def made(record, op, rows):
    """(op copied, chosen?, old and new layout) under each of the rows of one configurable op."""
    record = record.replace(configurations=graphs.layouts([op], [[row] for row in rows], [1] * len(rows)))
    layouts = Layouts()
    table = choice_rows(record.configurations)
    found = [[] for _ in rows]
    for copy in copies(record, layouts, table):
        old, new = np.broadcast_arrays(copy.old, copy.new, np.empty(len(rows)))[:2]
        for copied, a, b in zip(found, old.tolist(), new.tolist(), strict=True):
            if a != b:
                copied.append((copy.op, copy.is_choice, layouts.all[a], layouts.all[b]))
    return found


def program(text):
    return read("-", name="p", stdin=BytesIO(text.encode()))


def turned(shape, order):
    """0 parameter f32[4,8] -> 1 negate -> 2 transpose or reshape to ``shape`` -> 3 tanh."""
    first = "f32[4,8]{1,0}"
    opcode = "transpose" if order else "reshape"
    ops = [("parameter", first), ("negate", first), (opcode, shape), ("tanh", shape)]
    record = graphs.make_record("t", ops, [(1, 0), (2, 1), (3, 2)])
    features = record.features.copy()
    at = columns.OP_COLUMNS.index("dimensions_0")
    features[2, at : at + len(order)] = order
    return record.replace(features=features)


def test_a_choice_is_written_and_read_back_row_major():
    assert made(graphs.chain(), 1, [FREE, [0, 1], [1, 0]]) == [
        [],
        [(1, True, (1, 0), (0, 1)), (1, False, (0, 1), (1, 0))],
        [],
    ]


def test_a_copy_serves_all_that_need_it():
    shape = "f32[4,8]{1,0}"
    ops = [("parameter", shape), ("negate", shape), ("tanh", shape), ("abs", shape)]
    record = graphs.make_record("two readers", ops, [(1, 0), (2, 1), (3, 1)])
    assert made(record, 1, [[0, 1]]) == [[(1, True, (1, 0), (0, 1)), (1, False, (0, 1), (1, 0))]]


def test_a_transpose_reads_as_it_is_and_what_follows_copies():
    assert made(turned("f32[8,4]{1,0}", [1, 0]), 1, [FREE, [0, 1]]) == [
        [(2, False, (0, 1), (1, 0))],
        [(1, True, (1, 0), (0, 1))],
    ]


def test_a_transpose_that_does_not_say_where_dimensions_go_is_as_any_op():
    written, read = (1, True, (1, 0), (0, 1)), (1, False, (0, 1), (1, 0))
    assert made(turned("f32[8,4]{1,0}", [0, 0]), 1, [FREE, [0, 1]]) == [[], [written, read]]


def test_a_reshape_that_cannot_keep_the_bytes_copies_its_operand():
    assert made(turned("f32[32]{0}", []), 1, [[0, 1]]) == [[(1, True, (1, 0), (0, 1)), (1, False, (0, 1), (1, 0))]]


def test_a_reshape_that_keeps_the_bytes_hands_the_layout_on():
    assert made(turned("f32[4,2,4]{2,1,0}", []), 1, [[0, 1]]) == [
        [(1, True, (1, 0), (0, 1)), (2, False, (0, 2, 1), (2, 1, 0))]
    ]


def test_dimensions_of_size_1_move_nothing():
    shape = "f32[1,8]{1,0}"
    record = graphs.make_record("one", [("parameter", shape), ("negate", shape), ("tanh", shape)], [(1, 0), (2, 1)])
    assert made(record, 1, [[0, 1]]) == [[]]


DOT = """HloModule m

ENTRY e {
  a = f32[2,4,8]{2,1,0} parameter(0)
  n = f32[2,4,8]{2,1,0} negate(a)
  b = f32[2,8,16]{2,1,0} parameter(1)
  ROOT d = f32[2,4,16]{2,1,0} dot(n, b), lhs_batch_dims={0}, lhs_contracting_dims={2}, rhs_batch_dims={0}, \
rhs_contracting_dims={1}
}
"""


def test_a_dot_takes_the_contracted_dimension_last_or_before_the_free_ones():
    written = (1, True, (2, 1, 0))
    assert made(program(DOT), 1, [FREE, [1, 2, 0], [2, 0, 1]]) == [
        [],
        [(*written, (1, 2, 0))],
        [(*written, (2, 0, 1)), (1, False, (2, 0, 1), (2, 1, 0))],
    ]


def test_a_dot_that_contracts_a_middle_dimension_copies_by_itself():
    text = DOT.replace("b = f32[2,8,16]{2,1,0}", "b = f32[2,3,8,16]{3,2,1,0}").replace(
        "f32[2,4,16]{2,1,0} dot", "f32[2,4,3,16]{3,2,1,0} dot"
    )
    record = program(text.replace("rhs_contracting_dims={1}", "rhs_contracting_dims={2}"))
    assert made(record, 1, [FREE]) == [[(2, False, (3, 2, 1, 0), (2, 3, 1, 0))]]


def test_without_the_program_a_dot_reads_row_major():
    record = program(DOT).replace(program=None)
    assert made(record, 1, [[1, 2, 0]])[0][1:] == [(1, False, (1, 2, 0), (2, 1, 0))]


def test_configurations_are_independent_of_each_other():
    record = turned("f32[8,4]{1,0}", [1, 0])
    rows = [FREE, [0, 1], [1, 0]]
    assert made(record, 1, rows) == [made(record, 1, [row])[0] for row in rows]


def test_the_default_choices_may_stand_among_the_rows():
    configurations = graphs.diamond().configurations
    rows = np.vstack([default_choices(configurations), choice_rows(configurations)])
    assert all(copy.new.shape in ((1,), (5,)) for copy in copies(graphs.diamond(), Layouts(), rows))


def test_a_circle_is_refused():
    record = graphs.make_record("c", [("negate", "f32[4,8]{1,0}")] * 2, [(0, 1), (1, 0)])
    with pytest.raises(DataError, match="expected no circle"):
        list(copies(record, Layouts(), np.empty((0, 0), np.int64)))


@pytest.mark.parametrize(
    ("layout", "old", "new", "expected"),
    [
        ((1, 0), (4, 6), (4, 2, 3), (2, 1, 0)),
        ((0, 1), (4, 6), (4, 2, 3), (0, 2, 1)),
        ((1, 0), (4, 6), (24,), (0,)),
        ((0, 1), (4, 6), (24,), None),
        ((2, 1, 0), (4, 6, 5), (24, 5), (1, 0)),
        ((1, 0, 2), (4, 6, 5), (24, 5), (0, 1)),
        ((1,), (1, 6), (6, 1), (0,)),
        ((1, 0), (4, 6), (5, 5), None),
        ((), (), (1, 1), ()),
    ],
)
def test_reshapes(layout, old, new, expected):
    assert reshaped(layout, old, new) == expected


def test_transposes():
    assert transposed((2, 1, 0), [0, 2, 1]) == (1, 2, 0)
    assert transposed((2, 0), [2, 1, 0]) == (0, 2)  # dimension 1 is of size 1
