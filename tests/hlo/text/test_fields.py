from __future__ import annotations

import pytest

from tpugraph_db.hlo.text.fields import fields, line_number, unescape


def test_fields():
    text = 'op_type="a" op_name="b c=\\"d\\" {" source_line=3 profile_info={kind={1}} last = x'
    assert fields(text) == {"op_type": "a", "op_name": 'b c="d" {', "source_line": "3", "last": "x"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plain", "plain"),
        (r"\"\'\\", "\"'\\"),
        (r"a\nb\tc\r", "a\nb\tc\r"),
        (r"\303\251 \x41", "é A"),
        (r"\377", "�"),
        ("é\\\\", "é\\"),
        ("\\", "\\"),
    ],
)
def test_unescape(written, meant):
    assert unescape(written) == meant


@pytest.mark.parametrize(("text", "line"), [("66", 66), ("", 0), ("-1", 0), ("1" * 30, 0), ("x", 0)])
def test_line_number(text, line):
    assert line_number(text) == line
