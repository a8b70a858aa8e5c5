from __future__ import annotations

import numpy as np
import pytest

from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo.tuned_layouts import layouts


def node(*tensors: list[int]) -> bytes:
    return pb.NodeLayout(tensors=[pb.NodeLayout.Tensor(dims=dims) for dims in tensors]).SerializeToString()


def of(*runs: list[bytes], ops: int = 2):
    messages = [
        pb.ConfigProfile(module_config=pb.HloModuleConfig(layout_config=pb.LayoutConfig(nodes=nodes))) for nodes in runs
    ]
    return layouts(
        messages,
        op_ids=np.arange(ops),
        runtime_ns=np.arange(len(runs)) + 5,
        is_default=np.arange(len(runs)) == 0,
    )


def row(output: list[int], source: list[int] = [], kernel: list[int] = []) -> list[int]:  # noqa: B006
    return [dim for layout in (output, source, kernel) for dim in (*layout, *[-1] * (6 - len(layout)))]


def test_rows_are_padded_with_minus_1_and_coded_in_the_order_of_the_runs():
    conv, reshape = node([4, 0], [4, 0], [3, 4]), node([1, 0], [0])
    left = node([], [], [])
    configs = of([conv, reshape], [left, reshape], [conv, node()])
    assert configs.codes.tolist() == [[0, 0], [1, 0], [0, 1]]
    assert configs.codes.dtype == np.uint8
    assert configs.offsets.tolist() == [0, 2, 4]
    np.testing.assert_array_equal(configs.config_features(0), [row([4, 0], [4, 0], [3, 4]), row([1, 0], [0])])
    np.testing.assert_array_equal(configs.config_features(1), [row([]), row([1, 0], [0])])
    np.testing.assert_array_equal(configs.choices(1), [row([1, 0], [0]), row([])])
    assert (configs.runtime_ns.tolist(), configs.is_default.tolist()) == ([5, 6, 7], [True, False, False])


def test_one_row_written_in_two_ways_is_one_choice():
    configs = of([node([]), node()], [node(), node([], [], [])])
    assert configs.distinct == 1


def test_a_layouts_first_six_dimensions_are_kept():
    configs = of([node([6, 5, 4, 3, 2, 1, 0])], ops=1)
    assert configs.config_features(0)[0, :6].tolist() == [6, 5, 4, 3, 2, 1]


def test_no_runs_and_no_ops():
    assert of(ops=3).codes.shape == (0, 3)
    assert of([], [], ops=0).codes.shape == (2, 0)


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ([[node()]], "layouts of 1 ops in a run, of 2 in config_index_to_node"),
        ([[node([], [], [], []), node()]], "layouts of 4 tensors of an op"),
    ],
)
def test_runs_of_another_form_are_refused(runs, message):
    with pytest.raises(ValueError, match=message):
        of(*runs)
