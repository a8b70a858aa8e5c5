from dataclasses import replace

import numpy as np
import pytest

from tests import graphs, real
from tests.formats.files import arrays_of, refusal, save, written
from tpugraph_db import columns
from tpugraph_db.errors import DataError
from tpugraph_db.formats.validate import check
from tpugraph_db.packed import Coded, Strings
from tpugraph_db.rows import graph_rows

DIAMOND, TWO = graphs.diamond(), graphs.two_computations()
LAYOUT, TILE = arrays_of(written(DIAMOND)), arrays_of(written(TWO))
NO_CIRCLE = (
    "edge_index: expected edges without a circle, found a circle; "
    "a computational graph has none; check that rows are (consumer, producer)"
)


def changed(array, at, value):
    copy = array.copy()
    copy[at] = value
    return copy


@pytest.mark.parametrize(
    "record", [graphs.chain(), DIAMOND, TWO, graphs.lowered()], ids=["chain", "diamond", "two", "lowered"]
)
def test_a_literal_graph_is_right(record):
    check(record, "here")


@pytest.mark.parametrize("name", real.FILES)
def test_a_real_graph_is_right(data, name):
    check(real.record(data, name), "here")


def test_a_message_says_where():
    with pytest.raises(DataError, match=r"^here: config_runtime: "):
        check(DIAMOND.replace(configurations=graphs.layouts([], [[]], [-1])), "here")


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("names", {"names": Strings.of([*"0123456789", "x" * 1_001])}),
        ("opcodes", {"opcodes": Coded.of([*["add"] * 10, "x" * 1_001])}),
        ("computations", {"computation_names": Strings.of(["", "x", "图" * 333 + "xx"])}),
    ],
)
def test_names_that_the_engines_do_not_index(key, changes):
    record = graphs.lowered()
    with pytest.raises(DataError, match=f"^here: {key}: expected at most 1,000 bytes each, found 1,001 bytes$"):
        check(record.replace(program=replace(record.program, **changes)), "here")


@pytest.mark.parametrize("shape", [f"(f32[], s8[{2**57},2])", f"(f32[], f9999[{2**57}])"])
def test_a_shape_of_a_program_that_no_store_holds(shape):
    record = graphs.lowered()
    shapes = Coded.of([*["f32[]"] * 10, shape])
    expected = r"less than 2\*\*58 elements and 2\*\*63 bytes"
    with pytest.raises(DataError, match=rf"^here: shapes: expected {expected}, found \(f32"):
        check(record.replace(program=replace(record.program, shapes=shapes)), "here")


def test_no_ops(tmp_path):
    nothing = {
        "node_feat": np.empty((0, 140), np.float32),
        "node_opcode": np.empty(0, np.uint8),
        "edge_index": np.empty((0, 2), np.int64),
        "node_splits": None,
        "node_config_ids": np.empty(0, np.int64),
        "node_config_feat": np.empty((4, 0, 18), np.float32),
    }
    path = save(tmp_path / "x.npz", DIAMOND, nothing)
    assert refusal(path) == "node_opcode: expected at least one op, found none"


def test_an_opcode_outside_the_table(tmp_path):
    path = save(tmp_path / "x.npz", DIAMOND, {"node_opcode": np.array([1, 120, 121, 0], np.uint8)})
    assert refusal(path) == "node_opcode: expected numbers up to 120, found 121"


@pytest.mark.parametrize(("consumer", "producer", "found"), [(4, 0, 4), (3, -1, -1), (2**40, 0, 2**40)])
def test_an_edge_out_of_range(tmp_path, consumer, producer, found):
    path = save(tmp_path / "x.npz", DIAMOND, {"edge_index": np.array([[1, 0], [consumer, producer]])})
    assert refusal(path) == f"edge_index: expected op indices 0 to 3, found {found} in row 1"


@pytest.mark.parametrize("edges", [[[1, 1]], [[1, 0], [0, 1]], [[1, 0], [2, 1], [0, 2]]], ids=["self", "pair", "three"])
def test_a_circle(tmp_path, edges):
    assert refusal(save(tmp_path / "x.npz", DIAMOND, {"edge_index": np.array(edges)})) == NO_CIRCLE


def test_edges_in_another_order_than_the_ops_are_right():
    check(DIAMOND.replace(edges=np.array([[0, 1], [0, 2], [1, 3], [2, 3]])), "here")


@pytest.mark.parametrize(("value", "text"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
@pytest.mark.parametrize(
    ("record", "key", "at"),
    [(DIAMOND, "node_feat", (2, 5)), (DIAMOND, "node_config_feat", (2, 1, 7)), (TWO, "config_feat", (1, 23))],
    ids=["ops", "layouts", "tiles"],
)
def test_a_value_that_is_not_finite(tmp_path, record, key, at, value, text):
    array = changed(arrays_of(written(record))[key], at, value)
    assert (
        refusal(save(tmp_path / "x.npz", record, {key: array}))
        == f"{key}: expected finite values, found {text} at {at}"
    )


def test_infinities_that_cancel_out(tmp_path):
    array = changed(changed(LAYOUT["node_feat"], (1, 5), np.inf), (3, 6), -np.inf)
    path = save(tmp_path / "x.npz", DIAMOND, {"node_feat": array})
    assert refusal(path) == "node_feat: expected finite values, found inf at (1, 5)"


def test_the_largest_numbers_are_finite():
    check(DIAMOND.replace(features=np.full((4, 140), np.finfo(np.float32).max)), "here")


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([1, 4], "expected op indices 0 to 3, found 4 in row 1"),
        ([-1, 2], "expected op indices 0 to 3, found -1 in row 0"),
        ([2, 2], "expected each op once, found an op twice"),
    ],
)
def test_wrong_configurable_ops(tmp_path, ids, message):
    path = save(tmp_path / "x.npz", DIAMOND, {"node_config_ids": np.array(ids)})
    assert refusal(path) == f"node_config_ids: {message}"


def test_a_negative_runtime(tmp_path):
    path = save(tmp_path / "x.npz", DIAMOND, {"config_runtime": np.array([1, 0, -3, 4])})
    assert refusal(path) == "config_runtime: expected nanoseconds, 0 for not measured, found -3"


@pytest.mark.parametrize("value", [0, -2])
def test_a_normalizer_below_one(tmp_path, value):
    path = save(tmp_path / "x.npz", TWO, {"config_runtime_normalizers": np.array([1, value, 3])})
    assert refusal(path) == f"config_runtime_normalizers: expected at least 1, found {value}"


@pytest.mark.parametrize(
    ("splits", "found"),
    [
        ([0, 3], "[0, 3]... to [3]"),
        ([0, 5], "[0, 5]... to [5]"),
        ([1, 4], "[1, 4]... to [4]"),
        ([0, 2, 2, 4], "[0, 2, 2, 4]... to [4]"),
        ([0, 3, 1, 4], "[0, 3, 1, 4]... to [4]"),
        ([4], "[4]... to [4]"),
        ([], "[]... to []"),
    ],
    ids=str,
)
def test_splits_that_do_not_add_up(tmp_path, splits, found):
    path = save(tmp_path / "x.npz", DIAMOND, {"node_splits": np.array([splits], np.int64)})
    assert refusal(path) == f"node_splits: expected rising counts from 0 to 4 ops, found {found}"


def with_shape(dims, product):
    """The diamond's ops, the second one of a shape."""
    features = DIAMOND.features.copy()
    features[1, columns.DIMENSIONS] = [*dims, *[0] * (6 - len(dims))]
    features[1, columns.DIMENSIONS_SUM], features[1, columns.DIMENSIONS_PRODUCT] = sum(dims), product
    return features


def test_a_shape_whose_bytes_are_no_64_bit_integer(tmp_path):
    path = save(tmp_path / "x.npz", DIAMOND, {"node_feat": with_shape([2**30, 2**28], 2**58)})
    assert refusal(path) == "node_feat: expected shapes of less than 2**58 elements, found 2.8823e+17 in row 1"


def test_the_largest_shape_has_bytes_that_a_store_holds():
    record = DIAMOND.replace(features=with_shape([2**29, 2**28], 2**57))
    check(record, "here")
    assert graph_rows(record, "").ops["bytes"][1] == 2 * 2**57


def test_a_large_number_that_is_no_shape_is_no_property():
    record = DIAMOND.replace(features=with_shape([2, 3], 2**60))
    check(record, "here")
    assert graph_rows(record, "").ops["bytes"][1] is None


@pytest.mark.parametrize("value", [2.0**63, -(2.0**63), 3e38])
def test_a_tile_size_that_is_no_64_bit_integer(tmp_path, value):
    array = changed(TILE["config_feat"], (1, 8), value)
    path = save(tmp_path / "x.npz", TWO, {"config_feat": array})
    assert refusal(path) == f"config_feat: expected tile sizes below 2**63, found {value:g} at (1, 8)"
