from pathlib import Path

import pytest

from tests.analytics.costs.programs import counted
from tpugraph_db.analytics.costs.formulas import FORMULAS
from tpugraph_db.hlo.vocabulary import OPCODES


@pytest.mark.parametrize("opcode", ["add", "maximum", "shift-left", "subtract"])
def test_one_flop_an_element(opcode):
    found = counted(f"a = f32[3,5] parameter(0)\n  b = f32[3,5] {opcode}(a, a)")
    assert found.own("b") == (15, 0, 3 * 15 * 4)


@pytest.mark.parametrize("opcode", ["tanh", "exponential", "rsqrt", "erf", "sinh"])
def test_transcendentals_are_no_flops(opcode):
    assert counted(f"a = bf16[3,5] parameter(0)\n  b = bf16[3,5] {opcode}(a)").own("b") == (0, 15, 2 * 15 * 2)


def test_types_of_other_widths():
    found = counted(
        "a = f32[8] parameter(0)\n  c = pred[8] compare(a, a), direction=EQ\n  d = s4[8]{0:E(4)} convert(a)"
    )
    assert found.own("c") == (8, 0, 32 + 32 + 8)
    assert found.own("d") == (8, 0, 32 + 4)


def test_select_reads_all_three():
    lines = "a = f32[8] parameter(0)\n  p = pred[] parameter(1)\n  s = f32[8] select(p, a, a)"
    assert counted(lines).own("s") == (8, 0, 1 + 32 + 32 + 32)


def test_an_opcode_that_nobody_knows():
    found = counted("a = f32[8] parameter(0)\n  h = f32[8] hypot(a, a)")
    assert found.costs.unknown("flops") == {"hypot": 1}
    assert found.costs.coverage("flops") == (1, 2)
    assert found.costs.program() == (0, 0, 0)


def test_every_opcode_has_a_formula_and_is_documented():
    gone = {"trace", "tuple-select"}  # of the dataset's table; HLO has them no more
    assert set(FORMULAS) == OPCODES - gone
    page = (Path(__file__).parents[3] / "docs" / "costs.md").read_text(encoding="utf-8")
    assert {opcode for opcode in FORMULAS if f"`{opcode}`" not in page} == set()
