from __future__ import annotations

import pytest

from tpugraph_db.hlo.text.pattern import LINE

ROWS = {
    "  %a.1 = f32[] parameter(0)": ("", "a.1", "f32[]", "parameter", "0", "", "", "", "", "", "", ""),
    "  ROOT b = (f32[], s32[2]{0:T(8)}) tuple(a, %b)": (
        *("ROOT ", "b", "(f32[], s32[2]{0:T(8)})", "tuple"),
        *("a, %b", "", "", "", "", "", "", ""),
    ),
    '  %c = f32[] exp(f32[] %a), x="}", metadata={op_type="e" op_name="f/e" stack_frame_id=7}, y={1,{"a":[]}}': (
        *("", "c", "f32[]", "exp", "", "f32[] %a"),
        *(', x="}"', "f/e", "", "", "7", ', y={1,{"a":[]}}'),
    ),
    '  %d = f32[] iota(), metadata={op_name="i" source_file="m.py" source_line=3 source_end_line=4}': (
        *("", "d", "f32[]", "iota", "", ""),
        *("", "i", "m.py", "3", "", ""),
    ),
    "  %e = c64[2]{0} constant({(1, 2), (0, inf)})": (
        *("", "e", "c64[2]{0}", "constant", "", "{(1, 2), (0, inf)}"),
        *("", "", "", "", "", ""),
    ),
}


@pytest.mark.parametrize("line", ROWS)
def test_what_a_line_is_made_of(line):
    found = LINE.match(f"{line}\n")
    assert found
    assert found.end() == len(line)
    assert found.groups("") == ROWS[line]


@pytest.mark.parametrize(
    "line",
    [
        "  %a = f32[] negate(%b) ",
        "  %a = f32[] negate(%b), x={\n  }",
        "  %a = f32[] negate(%b)\n  , x=1",
        '  %a = f32[] negate(%b), x="\\""',
        "  %a = f32[] negate(%b), x={/**/}",
        "  %a = f32[] negate(%b), x={[}]",
        '  %a = f32[] negate(%b), metadata={op_name="\\303"}',
        '  %a = f32[] negate(%b), metadata={source_file="f" source_line=1}',
        "  %a=f32[] negate(%b)",
        "  %a = f32[] negate (%b)",
    ],
)
def test_what_is_read_a_mark_at_a_time(line):
    assert not LINE.match(f"{line}\n")
