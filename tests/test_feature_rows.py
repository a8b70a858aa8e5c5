from __future__ import annotations

import pytest

from tpugraph_db import columns
from tpugraph_db.feature_rows import (
    ATTRIBUTE_COLUMNS,
    LAYOUT_COLUMNS,
    SHAPE_COLUMNS,
    attribute_row,
    layout_row,
    sequence,
    shape_row,
)


def of_shape(text: str) -> dict[str, int]:
    """The columns that are not 0, by name."""
    names = columns.OP_COLUMNS[SHAPE_COLUMNS] + columns.OP_COLUMNS[LAYOUT_COLUMNS]
    row = zip(names, [*shape_row(text), *layout_row(text)], strict=True)
    return {name: number for name, number in row if number}


def of_attributes(opcode: str, text: str) -> dict[str, int]:
    """The columns that differ from those of no attributes."""
    row, usual = attribute_row(opcode, text), attribute_row("add", "")
    named = zip(columns.OP_COLUMNS[ATTRIBUTE_COLUMNS], row, usual, strict=True)
    return {name: number for name, number, nothing in named if number != nothing}


def test_the_sum_of_nothing_is_0_and_its_product_1():
    assert sequence([], 2) == [0, 0, 0, 1]
    row = dict(zip(columns.OP_COLUMNS[ATTRIBUTE_COLUMNS], attribute_row("add", ""), strict=True))
    assert {name for name, number in row.items() if number} == {name for name in row if name.endswith("_product")}
    assert set(row.values()) == {0, 1}


def test_sum_and_product_are_of_all_numbers_and_wrap_around():
    assert sequence([2, 3, 4], 2) == [2, 3, 9, 24]
    assert sequence([2**62, 2**62], 1) == [2**62, -(2**63), 0]
    assert sequence([2**32, 2**31], 1) == [2**32, 2**32 + 2**31, -(2**63)]


def test_the_product_of_very_many_numbers_takes_no_more_than_their_count():
    assert sequence([2**62 + 1] * 200_000, 1)[2] == pow(2**62 + 1, 200_000, 2**64)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("f32[]", {"shape_element_type_is_f32": 1, "shape_dimensions_product": 1}),
        (
            "bf16[8,3]{0,1:T(8,128)}",
            {
                "shape_element_type_is_bf16": 1,
                "shape_dimensions_0": 8,
                "shape_dimensions_1": 3,
                "shape_dimensions_sum": 11,
                "shape_dimensions_product": 24,
                "layout_minor_to_major_1": 1,
            },
        ),
        ("(f32[8]{0}, (s32[], s32[]))", {"shape_element_type_is_tuple": 1, "shape_dimensions_product": 1,
                                         "shape_tuple_shapes_size": 2}),
        ("token[]", {"shape_element_type_is_token": 1, "shape_dimensions_product": 1}),
        ("opaque[]", {"shape_element_type_is_opaque_type": 1, "shape_dimensions_product": 1}),
        ("f8e4m3fn[2]", {"shape_dimensions_0": 2, "shape_dimensions_sum": 2, "shape_dimensions_product": 2}),
        ("s32[<=5]{0}", {"shape_element_type_is_s32": 1, "shape_dimensions_0": 5, "shape_dimensions_sum": 5,
                         "shape_dimensions_product": 5}),
        ("u8[0]", {"shape_element_type_is_u8": 1}),
    ],
)  # fmt: skip
def test_shapes(text, found):
    assert of_shape(text) == found


def test_a_seventh_dimension_counts_in_sum_and_product_alone():
    found = of_shape("f32[2,1,1,1,1,1,3]{6,5,4,3,2,1,0}")
    assert (found["shape_dimensions_sum"], found["shape_dimensions_product"]) == (10, 6)
    assert [found.get(f"layout_minor_to_major_{i}") for i in range(6)] == [6, 5, 4, 3, 2, 1]


def test_a_size_without_a_bound_is_the_least_number():
    found = of_shape("f32[?,3]")
    assert (found["shape_dimensions_0"], found["shape_dimensions_sum"]) == (-(2**63), 3 - 2**63)


@pytest.mark.parametrize(
    ("opcode", "text", "found"),
    [
        ("parameter", "parameter(7), sharding={replicated}", {"parameter_number": 7}),
        ("add", 'backend_config={"dimensions={1}":1}', {}),
        ("add", "a={b={}, dimensions={1}}", {}),
        ("reduce", "dimensions={1}, to_apply=f, replica_groups={{0,1},{2}}", {"dimensions_0": 1}),
        ("transpose", "dimensions={2,0,1}", {"dimensions_0": 2, "dimensions_2": 1}),
        ("broadcast", "dimensions={}", {}),
        ("iota", "iota_dimension=3", {"dimensions_0": 3}),
        ("reshape", "inferred_dimension=2", {"dimensions_0": 2}),
        ("sort", "dimensions={1}, is_stable=true, to_apply=f", {"dimensions_0": 1, "is_stable": 1}),
        ("convolution", "", {"feature_group_count": 1, "batch_group_count": 1}),
        ("custom-call", 'custom_call_target="f"', {"feature_group_count": 1, "batch_group_count": 1}),
        ("convolution", "feature_group_count=4, batch_group_count=2",
         {"feature_group_count": 4, "batch_group_count": 2}),
        ("slice", "slice={[0:8], [1:9:2], [3:4]}",
         {"slice_dims_start_1": 1, "slice_dims_start_sum": 4, "slice_dims_start_product": 0,
          "slice_dims_stride_0": 1, "slice_dims_stride_1": 2, "slice_dims_stride_sum": 4,
          "slice_dims_stride_product": 2, "slice_dims_limit_0": 8, "slice_dims_limit_1": 9,
          "slice_dims_limit_sum": 21, "slice_dims_limit_product": 288}),
        ("dynamic-slice", "dynamic_slice_sizes={1,4}",
         {"dynamic_slice_sizes_0": 1, "dynamic_slice_sizes_1": 4, "dynamic_slice_sizes_sum": 5,
          "dynamic_slice_sizes_product": 4}),
        ("pad", "padding=-1_2x3_0_1",
         {"padding_config_edge_padding_low_0": -1, "padding_config_edge_padding_low_1": 3,
          "padding_config_edge_padding_low_sum": 2, "padding_config_edge_padding_low_product": -3,
          "padding_config_edge_padding_high_0": 2, "padding_config_edge_padding_high_sum": 2,
          "padding_config_edge_padding_high_product": 0}),
    ],
)  # fmt: skip
def test_attributes(opcode, text, found):
    assert of_attributes(opcode, text) == found


def test_a_window():
    found = of_attributes("reduce-window", "window={size=3x2 stride=2x1 pad=0_1x-1_0 rhs_dilate=1x4 rhs_reversal=0x1}")
    assert found == {
        "window_size_0": 3, "window_size_1": 2, "window_size_sum": 5, "window_size_product": 6,
        "window_stride_0": 2, "window_stride_1": 1, "window_stride_sum": 3, "window_stride_product": 2,
        "window_padding_low_1": -1, "window_padding_low_sum": -1, "window_padding_low_product": 0,
        "window_padding_high_0": 1, "window_padding_high_sum": 1, "window_padding_high_product": 0,
        "window_window_dilation_0": 1, "window_window_dilation_1": 4, "window_window_dilation_sum": 5,
        "window_window_dilation_product": 4, "window_base_dilation_0": 1, "window_base_dilation_1": 1,
        "window_base_dilation_sum": 2, "window_window_reversal_1": 1, "window_window_reversal_true_count": 1,
        "window_window_reversal_false_count": 1,
    }  # fmt: skip


def test_dimension_labels():
    found = of_attributes("convolution", "dim_labels=0bf1_io10->f?b")
    prefix = "convolution_dim_numbers"
    assert found == {
        f"{prefix}_input_batch_dim": 1, f"{prefix}_input_feature_dim": 2, f"{prefix}_input_spatial_dims_1": 3,
        f"{prefix}_kernel_output_feature_dim": 1, f"{prefix}_kernel_spatial_dims_0": 3,
        f"{prefix}_kernel_spatial_dims_1": 2, f"{prefix}_output_batch_dim": 2,
        "feature_group_count": 1, "batch_group_count": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "dimensions={a}", "dimensions=1", "dimensions={1_0}", "dimensions={9223372036854775808}", "dimensions={1,}",
        f"dimensions={{{'9' * 5_000}}}", "window={size=3x3 stride=2}", "window=3", "window={size=3 pad=1}",
        "dim_labels=b0f", "dim_labels=xyz_01->b", "slice={[0]}", "slice={0:1}", "slice={[0:1:2:3]}",
        "padding=1", "padding=1_2x", "feature_group_count=many", "dynamic_slice_sizes={1.5}", "iota_dimension=",
    ],
)  # fmt: skip
def test_what_hlo_does_not_write_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        attribute_row("add", text)
