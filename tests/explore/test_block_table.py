"""Repeated blocks of a made graph: three layers of dot, tanh, add."""

from collections import Counter

from tests import graphs
from tests.analytics.made import layers
from tpugraph_db.analytics.hot import block_rows
from tpugraph_db.explore.block_table import blocks_note, blocks_table, copies_table, copy_table, place_in_block
from tpugraph_db.explore.opened import Opened


def texts(table, name):
    column = table.column(name)
    return [column.text(row) for row in range(table.rows)]


def test_a_block_its_copies_and_their_ops():
    graph = Opened("g", layers(3))  # 0 parameter, 1 constant, 2-4, 5-7, 8-10, 11 copy; 256 bytes each
    table = blocks_table(graph, "bytes")
    assert (texts(table, "block"), texts(table, "copies"), texts(table, "ops")) == (["0"], ["×3"], ["3"])
    assert texts(table, "bytes") == ["2,304"]  # 9 ops
    assert texts(table, "share") == ["75.0 %"]  # of 12
    assert Counter(texts(table, "opcodes")[0].split(", ")) == Counter(["add 1", "dot 1", "tanh 1"])
    assert blocks_note(graph) == "1 repeated blocks hold 9 of 12 ops; Enter opens one"
    copies = copies_table(graph, "bytes", 0)
    assert (texts(copies, "first"), texts(copies, "last")) == (["2", "5", "8"], ["4", "7", "10"])
    assert texts(copies, "bytes") == ["768"] * 3
    assert copy_table(graph, "bytes", 0, 1).ops.tolist() == [5, 6, 7]
    assert [place_in_block(graph, op) for op in (0, 2, 6, 10)] == [None, (0, 0), (0, 1), (0, 2)]


def test_the_same_sums_in_the_same_order_as_the_command():
    graph = Opened("g", layers(4))
    rows = block_rows(graph.record, graph.figure("flops")).rows
    table = blocks_table(graph, "flops")
    assert [int(value) for value in table.column("block").rank] == [row[0] for row in rows]
    assert [float(value) for value in table.column("flops").rank] == [row[3] for row in rows]


def test_nothing_repeats():
    graph = Opened("g", graphs.diamond())
    assert blocks_table(graph, "bytes").rows == 0
    assert blocks_note(graph).startswith("nothing repeats")
