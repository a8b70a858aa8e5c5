from __future__ import annotations

import pytest

from tpugraph_db.hlo.proto.calls import calls, text


@pytest.mark.parametrize(
    ("opcode", "names", "on_predicate", "said"),
    [
        ("reduce", ["add"], False, "to_apply=add"),
        ("fusion", ["f"], False, "calls=f"),
        ("while", ["body", "cond"], False, "condition=cond, body=body"),
        ("select-and-scatter", ["ge", "add"], False, "select=ge, scatter=add"),
        ("conditional", ["yes", "no"], True, "true_computation=yes, false_computation=no"),
        ("conditional", ["a", "b"], False, "branch_computations={a, b}"),
        ("conditional", ["a", "b", "c"], False, "branch_computations={a, b, c}"),
        ("custom-call", ["f"], False, "called_computations={f}"),
        ("newer", ["f", "g"], False, "calls={f, g}"),
        ("while", ["body"], False, "calls=body"),
    ],
)
def test_calls_are_printed_as_hlo_has_them(opcode, names, on_predicate, said):
    called = calls(opcode, names, on_predicate)
    assert text(called) == said
    assert sorted(name for _, name in called) == sorted(names)
