"""Rows of a query on the screen, and the op of a row."""

import pytest

from tpugraph_db.explore.answers import answer_note, answer_table, op_in
from tpugraph_db.stores.result import Result
from tpugraph_db.stores.values import Node, Path, Relationship

GRAPH = "layout:a/b/c"
DOT = Node(("Op",), {"graph": GRAPH, "index": 7, "opcode": "dot", "uid": f"{GRAPH}#7"})


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (DOT, (GRAPH, 7)),
        (f"{GRAPH}#12", (GRAPH, 12)),
        ("dot.3#4", ("open", 4)),
        (["x#5", "y#6"], ("open", 5)),
        (Path((DOT,), ()), (GRAPH, 7)),
        (3, None),
        (None, None),
        (f"{GRAPH}/config/3", None),
        (Node(("Graph",), {"id": GRAPH}), None),
        (Node(("Config",), {"graph": GRAPH, "index": 3}), None),
        (True, None),
    ],
)
def test_the_op_of_a_cell(value, place):
    assert op_in(["x"], [value], "open") == place


def test_an_index_counts_where_its_column_says_that_it_is_one():
    assert op_in(["op"], [3], "open") == ("open", 3)
    assert op_in(["op"], [3], None) is None
    assert op_in(["o.graph", "o.index"], [GRAPH, 3], "open") == (GRAPH, 3)
    assert op_in(["graph", "dot"], [GRAPH, "dot#2"], None) == (GRAPH, 2)


def test_the_current_cell_comes_first():
    assert op_in(["a", "b"], ["x#1", "y#2"], "open", "b") == ("open", 2)
    assert op_in(["a", "b"], ["x#1", 5], "open", "b") == ("open", 1)


def test_cells_in_short():
    row = (DOT, Relationship("FEEDS", {}), Path((DOT, DOT), ()), {"a": [1]}, [DOT, None], 70_950_719_034, 2**60, 0.25)
    table = answer_table(Result(tuple("abcdefgh"), [row], 1))
    shown = [column.text(0) for column in table.columns]
    assert shown[:4] == ["(op 7 dot)", "[:FEEDS]", "(op 7 dot) - (op 7 dot)", '{"a": [1]}']
    assert shown[5:] == ["70950719034", str(2**60), "0.25"]


def test_hostile_text_is_harmless_and_a_column_may_be_left_out():
    table = answer_table(Result(("graph", "n"), [("g", "\x1b[2J[red]")], 1), "graph")
    assert table.names == ("n",)
    assert table.column("n").text(0) == r"\x1b[2J[red]"


def test_truncation_is_said():
    assert answer_note(Result(("a",), [(1,)] * 500, 12_034), 0.5) == "showing 500 of 12,034, 0.50 s"
    assert answer_note(Result(("a",), [(1,)], 1), 0.5) == "1 row, 0.50 s"
