"""Hot spots of small graphs, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests import graphs
from tests.analytics.made import layers
from tpugraph_db.analytics.cost import weighted_sum
from tpugraph_db.analytics.figures import KINDS, Figure, figure
from tpugraph_db.analytics.hot import block_rows, hot, hot_groups
from tpugraph_db.analytics.machines import Machine
from tpugraph_db.errors import NotFoundError, UsageError

DIAMOND = np.array([1.0, 5.0, 3.0, np.nan])
MACHINE = Machine("m", {"f32": 1e9}, 1e9, {"peak_flops": "made up", "memory_bandwidth": "made up"}, "f32")


def of(values, totals=True):
    return Figure("flops", "flops", "structural", values, values if totals else None)


def test_the_most_comes_first_with_share_slack_and_provenance():
    result = hot(graphs.diamond(), of(DIAMOND), 2)
    assert result.total == 3
    assert result.to_dicts() == [
        {"op": 1, "name": None, "opcode": "convolution", "shape": "bf16[4,8,16]", "flops": 5, "share": 5 / 9}
        | {"total": 5, "slack": 0, "block": None, "copies": None, "source": None, "provenance": "structural"},
        {"op": 2, "name": None, "opcode": "dot", "shape": "f32[4,16]", "flops": 3, "share": 3 / 9}
        | {"total": 3, "slack": 2, "block": None, "copies": None, "source": None, "provenance": "structural"},
    ]


def test_names_and_source_lines_of_a_program():
    (row,) = hot(graphs.lowered(), of(np.eye(11)[8]), 1).to_dicts()
    assert (row["name"], row["opcode"], row["source"]) == ("erf.1", "erf", "/home/me/model.py:12")


def test_copies_of_the_block_that_an_op_is_in():
    rows = hot(layers(3), of(np.ones(12)), 12).to_dicts()
    assert [(row["op"], row["block"], row["copies"]) for row in rows] == [
        (0, None, None),
        (1, None, None),
        *[(op, 0, 3) for op in range(2, 11)],
        (11, None, None),
    ]


def test_a_ratio_has_no_share():
    row = hot(graphs.diamond(), of(DIAMOND, totals=False), 1).to_dicts()[0]
    assert (row["flops"], row["share"], row["total"], row["slack"]) == (5, None, None, None)


def test_groups():
    opcodes = hot_groups(layers(2), of(np.arange(9.0)), "opcode", 2)
    assert opcodes.rows == [("add", 2, 11, 11 / 36, "structural"), ("tanh", 2, 9, 9 / 36, "structural")]
    assert opcodes.total == 6
    blocks = hot_groups(layers(2), of(np.arange(9.0)), "block").rows
    assert blocks == [(0, 6, 27, 27 / 36, "structural"), (None, 3, 9, 9 / 36, "structural")]
    source = hot_groups(graphs.lowered(), of(np.ones(11)), "source").rows
    assert [row[:3] for row in source] == [(None, 9, 9), ("/home/me/model.py:12", 1, 1), ("/home/me/model.py:13", 1, 1)]


def test_groups_by_computation():
    # by number where npz has no names
    assert hot_groups(graphs.two_computations(), of(np.arange(8.0)), "computation").rows == [
        (1, 4, 22, 22 / 28, "structural"),
        (0, 4, 6, 6 / 28, "structural"),
    ]
    named = hot_groups(graphs.lowered(), of(np.ones(11)), "computation").rows
    assert [row[:3] for row in named] == [("main", 6, 6), ("sum", 3, 3), ("fused", 2, 2)]


def test_of_a_ratio_a_group_has_its_largest():
    assert hot_groups(graphs.chain(), of(np.array([1.0, 4, 2, np.nan]), totals=False), "opcode").rows == [
        ("negate", 1, 4, None, "structural"),
        ("tanh", 1, 2, None, "structural"),
        ("parameter", 1, 1, None, "structural"),
    ]


def test_blocks_with_what_all_copies_have():
    (row,) = block_rows(layers(2), of(np.arange(9.0))).to_dicts()
    assert row == {
        "block": 0,
        "copies": 2,
        "ops": 3,
        "flops": 27,
        "share": 27 / 36,
        "opcodes": "add 1, dot 1, tanh 1",
        "starts": [2, 5],
        "provenance": "structural",
    }


def test_a_wrong_group_says_what_was_meant():
    with pytest.raises(
        NotFoundError, match="no group 'blok'; there is opcode, block, computation, source; did you mean block"
    ):
        hot_groups(graphs.chain(), of(np.ones(4)), "blok")


def test_every_figure_has_provenance_and_a_value_for_each_op():
    record = graphs.lowered().replace(measured_ns=np.arange(11), configurations=graphs.diamond().configurations)
    for name, kind in KINDS.items():
        found = figure(record, name, MACHINE)
        assert (found.name, found.unit, found.provenance) == (name, kind.unit, kind.provenance)
        assert found.values.shape == (11,)
        assert kind.provenance in ("structural", "modelled", "measured")


def test_figures_by_hand():
    record = graphs.lowered()
    assert figure(record, "fanout").values.tolist() == [1, 1, 0, 1, 0, 1, 1, 1, 2, 1, 0]
    assert figure(record, "cost").values.tolist() == weighted_sum(record.features).tolist()
    sizes = figure(record, "bytes").values.tolist()
    assert sizes[5:10] == [128, 4, 128, 128, 16]
    fusion = figure(record, "flops")  # 4 x 8 squares, in the fusion's body
    assert (fusion.values[4], fusion.values[7], fusion.totals[7]) == (32, 0, 32)
    measured = figure(record.replace(measured_ns=np.array([0, 3] + [0] * 9)), "measured").values
    assert np.isnan(measured[0])
    assert measured[1] == 3


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("modelled", "modelled is of a machine: --machine tpu_v4"),
        ("headroom", "headroom is of a machine"),
    ],
)
def test_what_a_figure_lacks(by, message):
    with pytest.raises(UsageError, match=message):
        figure(graphs.chain(), by)


@pytest.mark.parametrize("by", ["measured", "headroom"])
def test_a_graph_without_a_profile(by):
    with pytest.raises(NotFoundError, match="has no profile of its ops"):
        figure(graphs.chain(), by, MACHINE)


def test_a_wrong_figure_says_what_was_meant():
    with pytest.raises(NotFoundError, match=r"no figure 'flop'; there is cost, .*; did you mean flops"):
        figure(graphs.chain(), "flop")
