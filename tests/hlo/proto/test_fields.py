from __future__ import annotations

import pytest

from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo.proto.fields import dim_labels, padding, quoted, raw_or_quoted, slices, window


def dimension(size: int, **fields: int) -> pb.WindowDimension:
    return pb.WindowDimension(size=size, **({"stride": 1, "window_dilation": 1, "base_dilation": 1} | fields))


@pytest.mark.parametrize(
    ("dimensions", "said"),
    [
        ([dimension(3), dimension(3)], "{size=3x3}"),
        (
            [dimension(3, stride=2, padding_high=1), dimension(2, padding_low=-1)],
            "{size=3x2 stride=2x1 pad=0_1x-1_0}",
        ),
        ([dimension(3, base_dilation=2), dimension(3, window_dilation=3)], "{size=3x3 lhs_dilate=2x1 rhs_dilate=1x3}"),
        ([dimension(3, window_reversal=True)], "{size=3 rhs_reversal=1}"),
    ],
)
def test_windows_say_what_is_not_as_always(dimensions, said):
    assert window(pb.Window(dimensions=dimensions)) == said


def test_dimension_labels():
    message = pb.ConvolutionDimensionNumbers(
        input_batch_dimension=0, input_feature_dimension=3, input_spatial_dimensions=[1, 2],
        kernel_input_feature_dimension=2, kernel_output_feature_dimension=3, kernel_spatial_dimensions=[0, 1],
        output_batch_dimension=1, output_feature_dimension=0, output_spatial_dimensions=[3, 5],
    )  # fmt: skip
    assert dim_labels(message) == "b01f_01io->fb?0"


def test_strides_are_said_where_any_is_not_1():
    one, two = pb.SliceDimensions(limit=8, stride=1), pb.SliceDimensions(start=1, limit=9, stride=2)
    assert slices([one]) == "{[0:8]}"
    assert slices([one, two]) == "{[0:8:1], [1:9:2]}"


def test_padding_inside_is_said_where_any_is():
    edge = pb.PaddingConfig.Dimension(edge_padding_low=-1, edge_padding_high=2)
    inner = pb.PaddingConfig.Dimension(interior_padding=1)
    assert padding(pb.PaddingConfig(dimensions=[edge, edge])) == "-1_2x-1_2"
    assert padding(pb.PaddingConfig(dimensions=[edge, inner])) == "-1_2_0x0_0_1"


def test_strings_have_the_escapes_of_c():
    assert quoted(b"a\"b'\\\n\t\x01\xff") == r'''"a\"b\'\\\n\t\001\377"'''


@pytest.mark.parametrize("text", ["{}", '{"a":{"b":"}"}}', "{a = 1 : i32}"])
def test_a_dictionary_stays_as_it_is(text):
    assert raw_or_quoted(text) == text


@pytest.mark.parametrize("text", ["", "a", "{", "{}{}", "{} ", "}{", '{"}'])
def test_other_texts_are_quoted(text):
    assert raw_or_quoted(text) == quoted(text)
