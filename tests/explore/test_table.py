"""Sorting, filtering, and what cells say."""

import numpy as np
import pytest

from tpugraph_db.errors import NotFoundError
from tpugraph_db.explore.table import Arrangement, Numbers, Table, Words, arranged_rows, table_of
from tpugraph_db.stores.result import Result

NAN = float("nan")
TABLE = Table(
    (
        Numbers("op", np.arange(4)),
        Words.of("opcode", ["dot", "add", None, "dot"]),
        Numbers("share", np.array([0.5, NAN, 0.1, 0.4])),
    ),
    4,
    np.arange(4),
)


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        (Arrangement(), [0, 1, 2, 3]),
        (Arrangement("share"), [0, 3, 2, 1]),
        (Arrangement("share", reverse=True), [2, 3, 0, 1]),
        (Arrangement("opcode"), [1, 0, 3, 2]),
        (Arrangement("opcode", reverse=True), [0, 3, 1, 2]),
        (Arrangement(filter="DO"), [0, 3]),
        (Arrangement(filter="opcode=do"), []),
        (Arrangement(filter="opcode=dot share>0.4"), [0]),
        (Arrangement(filter="share<0.45"), [2, 3]),
        (Arrangement(filter="op=2"), [2]),
        (Arrangement(filter="share>x"), []),
        (Arrangement("share", reverse=True, filter="dot"), [3, 0]),
        (Arrangement("nosuch"), [0, 1, 2, 3]),
    ],
)
def test_arranged(asked, rows):
    assert TABLE.arranged(asked).tolist() == rows


def test_equal_texts_of_a_coded_table_are_one():
    words = Words.coded("shape", ["a", None, "a", "b"], np.array([3, 2, 1, 0]))
    assert [words.text(row) for row in range(4)] == ["b", "a", "", "a"]
    np.testing.assert_array_equal(words.rank, [1, 0, NAN, 0])


def test_what_would_move_a_terminal_is_shown():
    words = Words.of("name", ["\x1b[2J[red]a[/]\n"])
    assert words.text(0) == r"\x1b[2J[red]a[/]\n"
    assert words.value(0) == "\x1b[2J[red]a[/]\n"


def test_a_table_of_rows():
    table = table_of(("op", "name", "ops"), [(3, None, [1, 2]), (None, "x", None)], "op")
    assert [[column.text(row) for column in table.columns] for row in range(2)] == [["3", "", "1, 2"], ["", "x", ""]]
    assert table.ops is not None
    assert table.ops.tolist() == [3, -1]


def test_a_table_of_nothing():
    table = table_of(("op", "name"), [], "op")
    assert table.arranged(Arrangement("op", filter="a")).tolist() == []
    assert [column.width for column in table.columns] == [1, 1]


def test_rows_arranged():
    result = Result(("op", "name"), [(0, "b"), (1, "a")], 2)
    assert arranged_rows(result, Arrangement("name")).rows == [(1, "a"), (0, "b")]
    assert arranged_rows(result, Arrangement(filter="b")).total == 1
    with pytest.raises(NotFoundError, match="no column 'nam'; there is op, name; did you mean name"):
        arranged_rows(result, Arrangement("nam"))
