import math

import numpy as np
import pytest

from tests import graphs
from tests.models import made
from tpugraph_db import columns
from tpugraph_db.configurations import Configurations
from tpugraph_db.errors import DataError
from tpugraph_db.models.features.inputs import LAYOUT, OF_LAYOUTS, OP_NUMBERS, SIZES, TILE, inputs, sign_log
from tpugraph_db.models.features.states import UNITS
from tpugraph_db.models.features.tile_features import tile_columns

NOTHING = [0] * 6


def numbers(given, name):
    """One of the ops' numbers, undone."""
    return np.expm1(given.op_numbers[:, OF_LAYOUTS.index(name)]).round(3).tolist()


def marked(record, *default):
    """The record, its source saying which configurations are the compiler's own."""
    is_default = np.isin(np.arange(len(record.configurations)), default)
    fields = {**vars(record.configurations), "is_default": is_default}
    return record.replace(configurations=type(record.configurations)(**fields))


def test_sign_log_by_hand():
    found = sign_log(np.array([0, 1, -1, math.e - 1, 1 - math.e]))
    assert found.tolist() == pytest.approx([0, math.log(2), -math.log(2), 1, -1])
    assert found.dtype == np.float32


def test_ops_of_a_layout_graph_by_hand():
    given = inputs(graphs.diamond())
    assert given.kind == LAYOUT
    assert len(given) == 4
    assert given.opcodes.tolist() == graphs.diamond().opcode_numbers.tolist()
    assert given.edges.tolist() == [[1, 0], [2, 0], [3, 1], [3, 2]]
    assert numbers(given, "rank") == [2, 3, 2, 0]
    assert numbers(given, "bytes") == [4 * 8 * 4, 4 * 8 * 16 * 2, 4 * 16 * 4, 4]
    assert np.expm1(given.log_bytes).round(3).tolist() == [4 * 8 * 4, 4 * 8 * 16 * 2, 4 * 16 * 4, 4]
    assert given.op_numbers.shape == (4, len(OF_LAYOUTS)) == (4, 2)


def test_ops_of_a_tile_graph_have_all_their_numbers():
    given = inputs(graphs.two_computations())
    assert given.op_numbers.shape == (8, len(OP_NUMBERS)) == (8, 136)
    features = graphs.two_computations().features
    at = OP_NUMBERS.index("shape_dimensions_1")
    assert np.expm1(given.op_numbers[:, at]).round(3).tolist() == features[:, SIZES[at]].round(3).tolist()


def test_dimension_0_of_a_layout_is_no_padding():
    given = inputs(graphs.diamond())
    assert given.layouts.tolist() == [[2, 1, 0, 0, 0, 0], [3, 2, 1, 0, 0, 0], [1, 2, 0, 0, 0, 0], NOTHING]
    assert not any(name.startswith("layout_minor_to_major") for name in OP_NUMBERS)


def test_choices_of_a_layout_graph_by_hand():
    given = inputs(graphs.diamond())
    assert given.slots.tolist() == [-1, 0, 1, -1]
    assert given.choice_layouts.tolist() == [
        [2, 1, 0, 0, 0, 0, *NOTHING, *NOTHING],
        [1, 2, 0, 0, 0, 0, *NOTHING, *NOTHING],
        [*NOTHING, 1, 2, 0, 0, 0, 0, *NOTHING],
        [*NOTHING, 2, 1, 0, 0, 0, 0, *NOTHING],
    ]
    assert given.choices.tolist() == [[0, 2], [1, 2], [0, 3], [0, 2]]
    assert given.choice_numbers.shape == (4, len(UNITS))


def test_an_op_has_a_slot_where_its_output_is_copied():
    """0 parameter f32[4,8] -> 1 negate, configurable -> 2 transpose -> 3 tanh, which reads row-major."""
    ops = [("parameter", "f32[4,8]{1,0}"), ("negate", "f32[4,8]{1,0}"), ("transpose", "f32[8,4]{1,0}")]
    record = graphs.make_record("turned", [*ops, ("tanh", "f32[8,4]{1,0}")], [(1, 0), (2, 1), (3, 2)])
    features = record.features.copy()
    features[2, columns.OP_COLUMNS.index("dimensions_0")] = 1
    given = inputs(record.replace(features=features, configurations=graphs.layouts([1], [[[1, 0]], [[0, 1]]], [1, 2])))
    assert given.slots.tolist() == [-1, 0, 1, -1]
    assert given.choices.tolist() == [[0, 3], [1, 2]]  # a column-major array is transposed into a row-major one
    assert given.choice_layouts[2:].tolist() == [[0] * 18] * 2
    size = pytest.approx(math.log(4 * 8 * 4))
    assert given.log_copied.tolist() == [[-math.inf] * 2, [size, -math.inf], [-math.inf] * 2, [-math.inf, size]]


def test_the_default_is_the_most_frequent_choice_unless_the_source_says_it():
    assert inputs(graphs.diamond()).default.tolist() == [0, 2]
    assert inputs(marked(graphs.diamond(), 2)).default.tolist() == [0, 3]


def test_a_tile_is_of_the_graph_and_sets_no_op():
    given = inputs(graphs.two_computations())
    assert given.kind == TILE
    assert given.slots.tolist() == [-1] * 8
    assert given.choices.tolist() == [[0], [1], [1]]
    assert given.choice_layouts.shape == (2, 0)
    known = np.stack(list(tile_columns(graphs.two_computations()).values()), axis=1)
    assert given.choice_numbers.tolist() == known[:2].astype(np.float32).tolist()
    assert np.expm1(given.choice_numbers[:, [8, 9]]).round(2).tolist() == [[8, 128], [16, 64]]


def test_the_default_tile():
    assert inputs(graphs.two_computations()).default.tolist() == [1]
    assert inputs(marked(graphs.two_computations(), 0)).default.tolist() == [0]
    assert inputs(marked(graphs.two_computations())).default.tolist() == [1]  # the source says it, and left it out


@pytest.mark.parametrize(
    "record", [graphs.diamond(), graphs.two_computations(), marked(graphs.two_computations(), 0), made.one_op()]
)
def test_arrays_are_of_the_types_that_are_promised(record):
    given = inputs(record)
    kinds = {name: value.dtype for name, value in vars(given).items() if name != "kind"}
    floats = {"op_numbers", "log_bytes", "choice_numbers", "log_copied"}
    assert {name for name, dtype in kinds.items() if dtype == np.float32} == floats
    assert {name for name, dtype in kinds.items() if dtype == np.int64} == set(kinds) - floats


def test_a_graph_without_a_configurable_op_is_refused():
    record = graphs.chain().replace(configurations=graphs.layouts([], [[], []], [1, 2]))
    with pytest.raises(DataError) as error:
        inputs(record)
    assert str(error.value) == (
        "layout:test:default/train/chain: configurable ops: expected at least one, found none; "
        "a network ranks configurations; the model cost ranks ops alone"
    )


@pytest.mark.parametrize("none", [graphs.layouts([1], [], []), graphs.tiles([], [], [])])
def test_a_graph_without_configurations_is_refused(none):
    with pytest.raises(DataError, match="chain: configurations: expected at least one, found none"):
        inputs(graphs.chain().replace(configurations=none))


def test_configurations_of_a_kind_that_is_unknown():
    with pytest.raises(TypeError):
        inputs(graphs.chain().replace(configurations=Configurations(np.array([1, 2]))))
