"""What views show, without a terminal."""

import numpy as np
import pytest

from tests import graphs
from tests.analytics.made import layers
from tests.explore.driving import ROOT, SAMPLE
from tpugraph_db.analytics.hot import hot, hot_groups
from tpugraph_db.explore.hot_table import group_table, hot_table, plain_table
from tpugraph_db.explore.op_page import choice_facts, hot_place, next_hot, op_page, written_facts
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.overview import overview
from tpugraph_db.formats import read


def values(table, name):
    """A column as a result has it: numbers, texts, None."""
    column = table.column(name)
    cells = column.rank.tolist() if column.is_number else [column.value(row) for row in range(table.rows)]
    return [None if cell is None or cell != cell else cell for cell in cells]


@pytest.mark.parametrize(
    "record", [graphs.chain(), graphs.diamond(), graphs.lowered(), layers(3)], ids=lambda r: r.name
)
@pytest.mark.parametrize("by", ["flops", "cost", "fanout"])
def test_the_hot_table_has_the_rows_of_hot(record, by):
    graph = Opened("g", record)
    table, rows = hot_table(graph, by), hot(record, graph.figure(by), len(record))
    for column in set(table.names) & set(rows.columns):
        at = rows.columns.index(column)
        assert values(table, column) == [row[at] for row in rows.rows], column
    expected = {"op", "opcode", "shape", by, "block", "copies", "provenance"}
    assert expected <= set(table.names)
    assert table.ops.tolist() == values(table, "op")


@pytest.mark.parametrize("group", ["opcode", "block", "source"])
def test_groups_are_those_of_hot(group):
    graph = Opened("g", layers(3))
    table, rows = group_table(graph, "flops", group), hot_groups(graph.record, graph.figure("flops"), group, 99)
    assert values(table, "flops") == [row[2] for row in rows.rows]
    assert values(table, group) == ["none" if row[0] is None else str(row[0]) for row in rows.rows]


def test_before_anything_is_counted_ops_stand_as_in_the_file():
    table = plain_table(Opened("g", graphs.lowered()))
    assert values(table, "name")[:3] == ["a", "b", "add"]
    assert values(table, "source")[8:] == ["/home/me/model.py:12", "/home/me/model.py:13", None]


def test_neighbours_of_the_diamond():
    graph = Opened("g", graphs.diamond())
    page = op_page(graph, 1, "flops")
    assert [op.op for op in page.producers] == [0]
    assert [(op.op, op.opcode, op.shape, op.is_call, op.share) for op in page.consumers] == [
        (3, "add", "f32[]", False, None)
    ]
    assert page.facts[:2] == (("", "convolution bf16[4,8,16]"), ("computation", "0"))
    graph.figure("flops")
    assert op_page(graph, 1, "flops").consumers[0].share == graph.figure("flops").shares[3]


def test_calls_are_marked():
    page = op_page(Opened("g", graphs.lowered()), 9, "flops")
    assert [(op.op, op.is_call) for op in page.producers] == [(2, True), (6, False), (8, False)]
    assert ("source", "/home/me/model.py:13") in page.facts
    assert ("attributes", "dimensions={1}, to_apply=sum") in page.details


def test_layouts_of_an_op_by_the_mean_of_their_slowdowns():
    """The convolution has p in configurations of slowdown 3, 2 and 3, and q in one of 1: (18) ** (1/3) = 2.621."""
    facts = choice_facts(Opened("g", graphs.diamond()), 1)
    assert facts == [
        ("layouts", "mean slowdown, measured"),
        ("{0,1} - -", "×1.000, 1 config"),
        ("{1,0} - -", "×2.621, 3 configs"),
    ]
    assert choice_facts(Opened("g", graphs.diamond()), 0) == []
    assert choice_facts(Opened("g", graphs.two_computations()), 0) == []


def test_hot_spots_one_after_the_other():
    graph = Opened("g", graphs.diamond())
    order = graph.order("fanout").tolist()
    assert order == [0, 1, 2, 3]
    assert [next_hot(graph, op, "fanout", step) for op, step in ((0, 1), (1, -1), (3, 1), (0, -1))] == [1, 0, 3, 0]
    assert hot_place(graph, 2, "fanout") == 2


def test_a_file_has_no_predictions():
    assert written_facts(Opened("g", graphs.chain()), 0) == []
    assert Opened("g", graphs.chain()).shares_written() == []


def test_figures_that_a_graph_has():
    assert Opened("g", graphs.chain()).figure_names == ["cost", "flops", "bytes", "bytes_accessed", "fanout"]
    assert "sensitivity" in Opened("g", graphs.diamond()).figure_names
    assert "modelled" in Opened("g", graphs.chain(), machine="tpu_v4").figure_names
    assert Opened("g", graphs.chain(), machine="tpu_v4").figure("modelled").unit == "ns"


def test_an_error_is_not_kept():
    graph, calls = Opened("g", graphs.chain()), []

    def make():
        calls.append(1)
        if len(calls) == 1:
            raise OSError("gone")
        return "made"

    with pytest.raises(OSError, match="gone"):
        graph.once("key", make)
    assert [graph.once("key", make), graph.once("key", make), len(calls)] == ["made", "made", 2]


def test_the_program_at_a_glance():
    """Seven ops in three slices of two, two and three: sums 1, 4 and 2."""
    found = overview(np.array([1, np.nan, 0, 4, 1, 1, 0]), 3)
    assert found.starts.tolist() == [0, 2, 4, 7]
    assert found.parts.tolist() == [0.25, 1.0, 0.5]
    assert found.dearest.tolist() == [0, 3, 4]
    assert [found.slice_of(op) for op in range(7)] == [0, 0, 1, 1, 2, 2, 2]


def test_a_glance_at_one_op():
    found = overview(np.array([0.0]), 80)
    assert (found.starts.tolist(), found.parts.tolist(), found.slice_of(0)) == ([0, 1], [0.0], 0)


def test_a_program_of_the_sample():
    graph = Opened(SAMPLE, read(ROOT / SAMPLE))
    assert hot_table(graph, "flops").column("name").text(0) == "dot_general.14"
    assert choice_facts(graph, 115)
