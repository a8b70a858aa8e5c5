from __future__ import annotations

import pytest

from tpugraph_db.hlo.shape import DEEPEST, Shape, ShapeError, parse, read

CANONICAL = [
    "f32[]",
    "pred[2,3]",
    "bf16[8,128]{1,0}",
    "f32[8,128]{0,1:T(8,128)S(1)}",
    "f32[8]{0:T(256)(4,1)}",
    "bf16[2,3,4]{2,1,0:T(8,128)(2,1)S(3)}",
    "s4[10]{0:E(4)}",
    "f32[2,3]{1,0:T(2,*)}",
    "f32[2,3]{1,0:D(D,C)}",
    "f32[8,128]{1,0:T(8,128)SC(0:4,8)L(1)M(1024)P(s32[2]{0:T(2)})}",
    "f32[]{:T(128)}",
    "f32[<=8,?]{1,0}",
    "f8e4m3b11fnuz[4]",
    "f4e2m1fn[3]",
    "u2[5]",
    "c128[7]{0}",
    "token[]",
    "opaque[]",
    "()",
    "(f32[2]{0}, s32[])",
    "((f32[2]{0}, ()), (s32[], token[]), f32[1]{0})",
    "b(f32[8]{0})",
]


@pytest.mark.parametrize("text", CANONICAL)
def test_text_is_what_xla_prints(text):
    assert parse(text).text == text


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("f32[]{}", "f32[]"),
        ("f32[ 2, <=3 ]{1, 0}", "f32[2,<=3]{1,0}"),
        (" ( f32[2] ,s32[]) ", "(f32[2], s32[])"),
        ("(f32[], /*index=5*/f32[])", "(f32[], f32[])"),
    ],
)
def test_spaces_and_comments_are_not_kept(written, canonical):
    assert parse(written).text == canonical


def test_an_array():
    assert parse("f32[8,<=128]{0,1:T(8,128)S(1)}") == Shape(
        "f32", dims=(8, 128), dynamic=(False, True), minor_to_major=(0, 1), layout_rest=":T(8,128)S(1)"
    )


def test_a_tuple():
    shape = parse("(f32[2]{0}, (s32[], token[]))")
    assert (shape.dtype, shape.dims, shape.minor_to_major) == ("tuple", (), None)
    assert [part.text for part in shape.parts] == ["f32[2]{0}", "(s32[], token[])"]
    assert shape.plain == "(f32[2], (s32[], token[]))"


def test_no_layout_is_not_an_empty_one():
    assert parse("f32[]").minor_to_major is None
    assert parse("f32[]{}").minor_to_major == ()


@pytest.mark.parametrize(
    ("text", "elements", "size"),
    [
        ("f32[]", 1, 4),
        ("pred[3]", 3, 3),
        ("bf16[8,128]", 1024, 2048),
        ("f32[0,5]", 0, 0),
        ("c128[2]", 2, 32),
        ("f8e5m2fnuz[7]", 7, 7),
        ("s4[5]{0}", 5, 5),
        ("s4[5]{0:E(4)}", 5, 3),
        (f"s4[5]{{0:E({'4' * 5_000})}}", 5, 5),
        ("f32[<=8]", 8, 32),
        ("f32[?]", None, None),
        ("token[]", 1, None),
        ("()", 0, 0),
        ("(f32[2], (s8[3], pred[]))", 6, 12),
        ("(f32[2], token[])", 3, None),
        ("b(f32[8])", 8, 32),
        ("f32[999999999999999999,10]", 9999999999999999990, 39999999999999999960),
    ],
)
def test_elements_and_bytes(text, elements, size):
    assert (parse(text).elements, parse(text).bytes) == (elements, size)


def test_the_same_text_is_the_same_object():
    assert parse("f32[31,7]{1,0}") is parse("f32[31,7]{1,0}")


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("f32", 0),
        ("x32[2]", 0),
        (f"f{'3' * 5_000}[2]", 0),
        ("f32[2", 0),
        ("f32[2]{0", 6),
        ("f32[2,]", 4),
        ("f32[-2]", 4),
        ("f32[<=?]", 4),
        ("f32[2]{1}", 7),
        ("f32[2,3]{0}", 9),
        ("f32[2]{a}", 6),
        ("f32[2] f32[3]", 7),
        ("(f32[2] s32[])", 8),
        ("(f32[2],)", 8),
        ("(f32[2]", 7),
        ("token[2]", 6),
        ("b(f32[2], f32[3])", 0),
        ("f32[2]{٠}", 6),
    ],
)
def test_what_is_no_shape_is_refused_where_it_goes_wrong(text, offset):
    with pytest.raises(ShapeError) as refused:
        parse(text)
    assert refused.value.offset == offset


def test_nested_too_deep():
    fits = "(" * DEEPEST + ")" * DEEPEST
    assert parse(fits).text == fits
    with pytest.raises(ValueError, match="at most 100 tuples inside each other"):
        parse("(" * 10_000 + ")" * 10_000)


def test_a_shape_in_a_longer_text():
    text = "x = f32[2]{0} negate(y)"
    assert read(text, 4) == (parse("f32[2]{0}"), 13)


def test_the_brace_of_a_computation_is_no_layout():
    assert read("f32[2]{\n p = f32[2] parameter(0)", 0) == (parse("f32[2]"), 6)
