from __future__ import annotations

import pytest

from tpugraph_db.hlo.text.attributes import Tail, canonical, names, pairs, simple
from tpugraph_db.hlo.text.cursor import Cursor


def test_what_attributes_say():
    written = ", condition=%c, body=b, control-predecessors={%x, y}, dimensions={0,1}, hue=1, hue=2"
    assert simple(written) == Tail(
        attributes="condition=c, body=b, dimensions={0,1}, hue=1, hue=2",
        calls=[("condition", "c"), ("body", "b")],
        control_predecessors=["x", "y"],
        unknown=["hue", "hue"],
    )


def test_none():
    assert simple("") == Tail("", [], [], [])


@pytest.mark.parametrize(
    ("value", "found"), [("%f", ["f"]), ("f", ["f"]), ("{%f, /*index=1*/g}", ["f", "g"]), ("{}", []), ("{ f }", ["f"])]
)
def test_names(value, found):
    assert names(value) == found


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{%a, b}", "{a, b}"),
        ('{x="50%\\"%a" y=%b}', '{x="50%\\"%a" y=b}'),
        ("{f32[], /*index=5*/f32[]}", "{f32[], f32[]}"),
        ("{\n  {1, 2},\n  {3, 4}\n}", "{ {1, 2}, {3, 4} }"),
        ('"a\nb"', '"a\nb"'),
        ('{"a"  b \t\n  \n %c /**/  d}', '{"a"  b c  d}'),
    ],
)
def test_canonical(written, text):
    assert canonical(written) == text


def test_pairs():
    cursor = Cursor(" , a = 1, b={x=%y}\n c", "x.hlo")
    assert list(pairs(cursor)) == [("a", "1"), ("b", "{x=y}")]
    assert cursor.name("c") == "c"
