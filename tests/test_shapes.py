import numpy as np
import pytest

from tests import graphs
from tpugraph_db import columns, shapes
from tpugraph_db.shapes import Shape


def row(dtype, dims, layout=()):
    """One op's columns as the dataset makes them: six entries, totals over all of them."""
    features = np.zeros((1, 140), np.float32)
    features[0, columns.DTYPE.start + columns.DTYPES.index(dtype)] = 1
    features[0, columns.DIMENSIONS][: len(dims)] = dims[:6]
    features[0, columns.DIMENSIONS_SUM] = sum(dims)
    features[0, columns.DIMENSIONS_PRODUCT] = np.prod(dims, dtype=np.float64)
    features[0, columns.MINOR_TO_MAJOR][: len(layout)] = layout[:6]
    return features


def shape(dtype, dims, layout=()):
    return shapes.describe(row(dtype, dims, layout))[0]


def layout(dtype, dims, raw):
    return shapes.minor_to_major(row(dtype, dims, raw))[0].tolist()


def test_a_matrix():
    matrix = shape("f32", [8, 128], [1, 0])
    assert matrix == Shape("f32", (8, 128), (1, 0))
    assert (matrix.text, matrix.layout_text, matrix.elements, matrix.bytes) == ("f32[8,128]", "{1,0}", 1024, 4096)


def test_a_scalar():
    scalar = shape("f32", [])
    assert scalar == Shape("f32", (), ())
    assert (scalar.text, scalar.layout_text, scalar.elements, scalar.bytes) == ("f32[]", "{}", 1, 4)


def test_rank_six():
    six = shape("s8", [2, 3, 4, 5, 6, 7], [5, 4, 3, 2, 1, 0])
    assert (six.text, six.layout_text, six.elements) == ("s8[2,3,4,5,6,7]", "{5,4,3,2,1,0}", 5040)


@pytest.mark.parametrize("dims", [[0], [5, 0], [0, 5], [2, 0, 3]], ids=str)
def test_a_dimension_of_size_zero_cannot_be_told(dims):
    assert shape("f32", dims) == Shape("f32", None, None)


def test_seven_dimensions_cannot_be_told():
    assert shape("f32", [2, 2, 2, 2, 2, 2, 3], [6, 5, 4, 3, 2, 1, 0]) == Shape("f32", None, None)


def test_a_seventh_dimension_of_size_one_cannot_be_told():
    assert shape("f32", [2, 2, 2, 2, 2, 2, 1]) == Shape("f32", None, None)


def test_a_gap_between_dimensions_gives_no_shape():
    gap = row("f32", [5])
    gap[0, columns.DIMENSIONS] = [0, 5, 0, 0, 0, 0]
    assert shapes.describe(gap) == [Shape("f32", None, None)]


@pytest.mark.parametrize("dims", [[2.5], [-2], [-2, -3], [1e30]], ids=str)
def test_what_is_no_size_gives_no_shape(dims):
    assert shape("f32", dims) == Shape("f32", None, None)


@pytest.mark.parametrize("dtype", ["tuple", "token", "opaque"])
def test_what_is_no_array_has_no_shape(dtype):
    assert shape(dtype, []) == Shape(dtype, None, None)


def test_an_unknown_shape_has_no_text_size_or_layout():
    unknown = shape("tuple", [])
    assert (unknown.text, unknown.elements, unknown.bytes, unknown.layout_text) == (None, None, None, None)


def test_an_invalid_type_is_unknown():
    assert shape("invalid", []) == Shape(None, None, None)


def test_no_type_at_all_is_unknown():
    assert shapes.describe(np.zeros((1, 140), np.float32)) == [Shape(None, None, None)]


@pytest.mark.parametrize(
    ("dtype", "size"),
    [
        *[("pred", 1), ("s8", 1), ("u8", 1), ("s16", 2), ("u16", 2), ("f16", 2), ("bf16", 2), ("s32", 4), ("u32", 4)],
        *[("f32", 4), ("s64", 8), ("u64", 8), ("f64", 8), ("c64", 8), ("c128", 16)],
    ],
)
def test_bytes_of_ten_elements(dtype, size):
    assert shape(dtype, [10]).bytes == 10 * size


def test_elements_are_exact_where_float32_is_not():
    assert shape("f32", [4097, 4099, 4111], [2, 1, 0]).elements == 4097 * 4099 * 4111


def test_an_elements_count_past_float32_is_still_recognised():
    assert shape("bf16", [3, 7919, 104729, 31], [3, 2, 1, 0]).dims == (3, 7919, 104729, 31)


@pytest.mark.parametrize("raw", [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]], ids=str)
def test_every_permutation_is_a_layout(raw):
    assert layout("f32", [4, 5, 6], raw) == [*raw, -1, -1, -1]


def test_padding_is_told_from_dimension_zero_by_the_rank():
    assert layout("f32", [8], [0]) == [0, -1, -1, -1, -1, -1]
    assert layout("f32", [8, 8], [1, 0]) == [1, 0, -1, -1, -1, -1]
    assert layout("f32", [], []) == [-1] * 6


@pytest.mark.parametrize("raw", [[0, 0], [1, 1], [2, 0], [0.5, 1], [-1, 0]], ids=str)
def test_what_is_no_permutation_is_no_layout(raw):
    assert layout("f32", [8, 8], raw) == [-1] * 6


def test_a_shape_without_a_layout_keeps_its_dimensions():
    assert shape("f32", [8, 8], [0, 0]) == Shape("f32", (8, 8), None)


def test_ranks():
    assert shapes.ranks(graphs.diamond().features).tolist() == [2, 3, 2, 0]


def test_describe_keeps_the_order_of_the_ops():
    described = shapes.describe(graphs.diamond().features)
    assert [s.text for s in described] == ["f32[4,8]", "bf16[4,8,16]", "f32[4,16]", "f32[]"]
    assert [s.layout_text for s in described] == ["{1,0}", "{2,1,0}", "{0,1}", "{}"]
