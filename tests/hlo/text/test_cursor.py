from __future__ import annotations

import pytest

from tpugraph_db.errors import DataError
from tpugraph_db.hlo.text.cursor import Cursor


def test_spaces_and_comments_are_passed():
    cursor = Cursor(" /* a\n b */ // c\n\t%x.1-y = {", "x.hlo")
    assert (cursor.name("a name"), cursor.line()) == ("x.1-y", 3)
    assert cursor.take("=")
    assert not cursor.take("}")
    assert cursor.take("{")
    assert cursor.ended()


def test_a_word_is_a_whole_one():
    assert not Cursor("ROOTS", "x.hlo").word("ROOT")
    assert Cursor(" ROOT %a", "x.hlo").word("ROOT")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true, b", "true"),
        ("%add.1\n  c", "%add.1"),
        ('{a="}", b={[1]}} x', '{a="}", b={[1]}}'),
        ('"a\\"b", c', '"a\\"b"'),
        ("[2,4]<=[4,2]T(1,0), d", "[2,4]<=[4,2]T(1,0)"),
        ("mesh['x'=2,'y'=4] {'y'}, e", "mesh['x'=2,'y'=4] {'y'}"),
        ("b01f_01io->b01f", "b01f_01io->b01f"),
        ("{/* { */}", "{/* { */}"),
        ("1}", "1"),
    ],
)
def test_values(text, value):
    assert Cursor(text, "x.hlo").value() == value


def test_an_error_shows_the_line():
    cursor = Cursor("ab\ncd ef", "x.hlo")
    cursor.at = 6
    error = cursor.error("a number")
    assert str(error) == "x.hlo: line 2, column 4: expected a number, found 'cd ef'"
    assert isinstance(error, DataError)


def test_an_error_on_a_line():
    assert Cursor("a\n\n  b c\n", "x.hlo").error_on(3, "d").key == "line 3, column 3"
