import numpy as np
import pytest

from tests import graphs, real
from tpugraph_db import columns
from tpugraph_db.configurations import TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.formats import read_all
from tpugraph_db.models.features.tile_features import TILE_NUMBERS, number_of_tiles, registers, tile_columns


def kernel(ops, edges, output, kernels=(), features=()):
    """A tile kernel; ``output`` and ``kernels`` are tiles by configuration, ``features`` (op, column, value)."""
    table = np.zeros((len(output), 24), np.float32)
    for row, tile in zip(table, output, strict=True):
        row[8 : 8 + len(tile)] = tile
    for row, tile in zip(table, kernels, strict=False):
        row[: len(tile)] = tile
    ones = np.ones(len(output), np.int64)
    configurations = TileConfigurations(runtime_ns=ones, features=table, normalizer_ns=ones)
    record = graphs.make_record("k", ops, edges, configurations=configurations, collection="tile:test", splits=None)
    changed = record.features.copy()
    for op, column, value in features:
        changed[op, columns.OP_COLUMNS.index(column)] = value
    return record.replace(features=changed)


def copied(output):
    """A copy into 2 x 3 x 2 registers: 2, 20 / 8 and 200 / 128."""
    ops = [("parameter", "f32[64,64]{1,0}"), ("copy", "f32[2,20,200]{2,1,0}")]
    return kernel(ops, [(1, 0)], output)


def convolved(kernels):
    """f32[32,1000] x f32[1000,4096] -> f32[32,4096], whose kernel is 125 x 32 registers, summed along the 125."""
    ops = [
        ("parameter", "f32[32,1000]{1,0}"),
        ("parameter", "f32[1000,4096]{1,0}"),
        ("convolution", "f32[32,4096]{1,0}"),
    ]
    kept = [(2, "convolution_dim_numbers_kernel_output_feature_dim", 1)]
    return kernel(ops, [(2, 0), (2, 1)], [[4, 32]] * len(kernels), kernels, kept)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("bf16[32,5,5,256]{3,2,1,0}", [32, 5, 1, 2, 0, 0]),
        ("f32[32,5,5,256]{3,0,2,1}", [5, 5, 4, 2, 0, 0]),  # from the most major: dimensions 1, 2, 0, 3
        ("f32[4096]{0}", [4, 0, 0, 0, 0, 0]),
        ("f32[]", [0] * 6),
        ("tuple[]", [0] * 6),
    ],
)
def test_registers_count_128_elements_along_the_minor_dimension_and_8_along_the_next(shape, expected):
    assert registers(graphs.make_record("r", [("copy", shape)], [])).tolist() == [expected]


def test_tiles_are_counted_along_each_dimension_the_last_ones_too():
    assert number_of_tiles(copied([[2, 3, 2], [1, 3, 2], [1, 2, 2], [1, 1, 1], []])).tolist() == [1, 2, 4, 12, 1]


def test_waste_is_what_the_last_tiles_reach_beyond_the_output():
    assert tile_columns(copied([[2, 3, 2], [2, 2, 2]]))["waste"].tolist() == pytest.approx([0, 4 / 3 - 1])


def test_shares_count_from_the_minor_dimension():
    made = tile_columns(copied([[1, 3, 2], [2, 1, 1]]))
    shares = [made[f"output_share_{place}"].tolist() for place in range(4)]
    assert shares == [[1, 0.5], [1, pytest.approx(1 / 3)], [0.5, 1], [1, 1]]


def test_the_last_op_that_the_tiles_fit_is_divided_and_no_parameter():
    ops = [("copy", "f32[16,256]{1,0}"), ("tanh", "f32[8,128]{1,0}"), ("parameter", "f32[64,1024]{1,0}")]
    assert number_of_tiles(kernel(ops, [(1, 0)], [[1, 1], [2, 1]])).tolist() == [4, 2]


def test_tiles_that_fit_no_op_divide_the_largest_of_them():
    assert number_of_tiles(kernel([("copy", "f32[8]{0}")], [], [[4, 2], [1, 1]])).tolist() == [1, 8]


def test_steps_are_tiles_times_the_parts_that_a_convolution_sums():
    made = tile_columns(convolved([[125, 32], [25, 32], [50, 8]]))
    assert np.exp(made["log_steps"]) == pytest.approx([1, 5, 3])
    time = [1 * (100 + 128 + 4000), 5 * (100 + 128 + 800), 3 * (100 + 128 + 400)]
    assert np.exp(made["log_time"]) == pytest.approx(time)
    assert made["kernel_share_0"].tolist() == [1, 1, 0.25]
    assert np.exp(made["log_registers"]) == pytest.approx([1 + 128 + 4000] * 3)


def test_columns_of_the_file_are_kept_as_logarithms():
    made = tile_columns(copied([[2, 3, 1]]))
    assert made["log_output_bounds_1"].tolist() == pytest.approx([np.log(4)])
    assert len([name for name in made if name.removeprefix("log_") in columns.TILE_COLUMNS]) == 24


def test_layouts_are_refused():
    with pytest.raises(DataError, match="expected tile sizes, found layouts of ops"):
        tile_columns(graphs.diamond())


@pytest.mark.parametrize("name", ["tile train", "tile valid", "tile 52 ops", "tile 21 ops", "tile 2 ops"])
def test_columns_of_real_kernels_are_finite(data, name):
    assert all(np.isfinite(column).all() for column in tile_columns(real.record(data, name)).values())


def test_no_real_tile_is_larger_than_the_array_that_it_divides(data):
    for record in read_all(data / "tuning" / "op_tuning_data.pb"):
        assert tile_columns(record)["waste"].min() >= 0


def test_names_of_the_columns_in_their_order():
    assert tuple(tile_columns(copied([[1, 1, 1]]))) == TILE_NUMBERS
