from __future__ import annotations

import pytest

from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo import shape
from tpugraph_db.hlo.proto.shapes import ELEMENT_TYPES, text

ROWS = pb.Shape(element_type=11, dimensions=[2, 3], layout=pb.Layout(minor_to_major=[1, 0]))


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (ROWS, "f32[2,3]{1,0}"),
        (pb.Shape(element_type=11, dimensions=[2, 3]), "f32[2,3]"),
        (pb.Shape(element_type=1), "pred[]"),
        (pb.Shape(element_type=4, layout=pb.Layout()), "s32[]"),
        (pb.Shape(element_type=11, layout=pb.Layout(tiles=[pb.Tile(dimensions=[256])])), "f32[]{:T(256)}"),
        (pb.Shape(element_type=16, dimensions=[2, 3], is_dynamic_dimension=[False, True]), "bf16[2,<=3]"),
        (pb.Shape(element_type=11, dimensions=[-(2**63)], is_dynamic_dimension=[True]), "f32[?]"),
        (pb.Shape(element_type=13, tuple_shapes=[ROWS, pb.Shape(element_type=17)]), "(f32[2,3]{1,0}, token[])"),
        (pb.Shape(element_type=13), "()"),
        (
            pb.Shape(element_type=2, dimensions=[4], layout=pb.Layout(minor_to_major=[0], dim_level_types=[0, 1, 9])),
            "s8[4]{0:D(D,C,9)}",
        ),
        (pb.Shape(element_type=34, tuple_shapes=[ROWS]), "b(f32[2,3]{1,0})"),
        (
            pb.Shape(
                element_type=21,
                dimensions=[8],
                layout=pb.Layout(
                    minor_to_major=[0],
                    tiles=[pb.Tile(dimensions=[8, -(2**63)]), pb.Tile(dimensions=[2, 1])],
                    tail_padding_alignment_in_elements=64,
                    element_size_in_bits=4,
                    memory_space=1,
                    split_configs=[pb.SplitConfig(dimension=0, split_indices=[2, 4])],
                    dynamic_shape_metadata_prefix_bytes=8,
                ),
            ),
            "s4[8]{0:T(8,*)(2,1)L(64)E(4)S(1)SC(0:2,4)M(8)}",
        ),
    ],
)
def test_shapes_are_printed_as_hlo_has_them(message, said):
    assert text(message) == said
    assert shape.parse(said).text == said


def test_an_element_type_that_has_no_name_is_refused():
    with pytest.raises(ValueError, match="element type 0"):
        text(pb.Shape(element_type=13, tuple_shapes=[pb.Shape()]))


def test_flags_of_other_dimensions_are_refused():
    with pytest.raises(ValueError, match="2 dimensions of which 1 are said"):
        text(pb.Shape(element_type=11, dimensions=[2, 3], is_dynamic_dimension=[True]))


def test_every_element_type_is_a_shape():
    for name in set(ELEMENT_TYPES.values()) - {"tuple", "buffer"}:
        assert shape.parse(f"{name}[]").dtype == name
