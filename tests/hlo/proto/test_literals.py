from __future__ import annotations

import struct

import pytest

from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo.proto.literals import constant
from tpugraph_db.hlo.proto.shapes import ELEMENT_TYPES

NUMBERS = {name: number for number, name in ELEMENT_TYPES.items()}


def said(dtype: str, dims: tuple[int, ...] = (), layout: tuple[int, ...] = (), **values: object) -> str:
    shape = pb.Shape(element_type=NUMBERS[dtype], dimensions=dims, layout=pb.Layout(minor_to_major=layout))
    return constant(pb.Literal(shape=shape, **values).SerializeToString())


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.5, "1.5"), (0.1, "0.1"), (1 / 3, "0.333333343"), (1e-5, "1e-05"), (1e20, "1e+20"), (16777216, "16777216"),
     (3.4028234663852886e38, "3.40282347e+38"), (float("inf"), "inf"), (-float("inf"), "-inf"),
     (float("nan"), "nan"), (-float("nan"), "-nan"), (0.0, "0"), (-2.0, "-2")],
)  # fmt: skip
def test_as_few_digits_as_give_the_number_back(value, text):
    assert said("f32", f32s=[value]) == text


@pytest.mark.parametrize(
    ("dtype", "values", "text"),
    [
        ("pred", {"preds": [True]}, "true"),
        ("pred", {"preds": [False]}, "false"),
        ("s8", {"s8s": b"\xfd"}, "-3"),
        ("u8", {"u8s": b"\xc8"}, "200"),
        ("s16", {"s16s": struct.pack("<h", -30_000)}, "-30000"),
        ("u16", {"u16s": b"\xff\xff"}, "65535"),
        ("s32", {"s32s": [-7]}, "-7"),
        ("u32", {"u32s": [2**32 - 1]}, "4294967295"),
        ("s64", {"s64s": [-(2**63)]}, "-9223372036854775808"),
        ("u64", {"u64s": [2**64 - 1]}, "18446744073709551615"),
        ("f16", {"f16s": struct.pack("<e", 1e-3)}, "0.0010004"),
        ("bf16", {"bf16s": b"\xcd\x3d"}, "0.1001"),
        ("f64", {"f64s": [3.141592653589793]}, "3.1415926535897931"),
        ("c64", {"c64s": [1, -2]}, "(1, -2)"),
        ("c128", {"c128s": [0.1, 1e-20]}, "(0.1, 1e-20)"),
    ],
)
def test_scalars(dtype, values, text):
    assert said(dtype, **values) == text


@pytest.mark.parametrize(
    ("dims", "layout", "values", "text"),
    [
        ((3,), (0,), [1, 2, 3], "{1, 2, 3}"),
        ((2, 2), (1, 0), [1, 2, 3, 4], "{ { 1, 2 }, { 3, 4 } }"),
        ((2, 2), (0, 1), [1, 3, 2, 4], "{ { 1, 2 }, { 3, 4 } }"),
        ((1, 2, 1), (), [1, 2], "{ { { 1 }, { 2 } } }"),
        ((0,), (0,), [], "{}"),
        ((2, 0), (1, 0), [], "{ {}, {} }"),
        ((10,), (0,), list(range(10)), "{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}"),
        ((11,), (0,), list(range(11)), "{...}"),
        ((10**18, 0), (1, 0), [], "{...}"),
        ((3,), (0,), [1, 2], "{...}"),
        ((-3,), (0,), [], "{...}"),
        ((1,) * 40, (), [1], "{...}"),
    ],
)
def test_arrays(dims, layout, values, text):
    assert said("s32", dims, layout, s32s=values) == text


def test_truth_values_in_an_array_are_numbers():
    assert said("pred", (2,), (0,), preds=[True, False]) == "{1, 0}"


@pytest.mark.parametrize("dtype", ["tuple", "token", "f8e4m3fn", "s4"])
def test_values_of_other_types_are_left_out(dtype):
    assert said(dtype) == "{...}"


@pytest.mark.parametrize(("dtype", "values"), [("f32", {}), ("s16", {"s16s": b"\x01"}), ("bf16", {"bf16s": b"\x01"})])
def test_values_that_are_not_there_are_left_out(dtype, values):
    assert said(dtype, **values) == "{...}"


def test_a_large_literal_is_not_decoded():
    assert constant(b"\xff" * 2_000) == "{...}"
