from __future__ import annotations

import pytest

from tpugraph_db.hlo.text import program

HLO = "HloModule m\n\nENTRY e {\n  p = f32[2] parameter(0)\n  ROOT q = f32[2] add(OPERANDS)\n}\n"


@pytest.mark.parametrize(
    "operands",
    ["p, p", "%p, p", "f32[2] p, f32[2] p", "f32[2] %p, %p", "f32[2] %p,p", "f32[2] %p,f32[2] %p", "p /*x*/, p"],
)
def test_operands_are_read_however_they_are_written(operands):
    assert program(HLO.replace("OPERANDS", operands), "x.hlo").operands.tolist() == [[], [0, 0]]
