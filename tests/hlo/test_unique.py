from __future__ import annotations

import pytest

from tpugraph_db.hlo.module import Computation, Instruction
from tpugraph_db.hlo.unique import Uniquer, rename_repeated


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (["a", "a", "a"], ["a", "a.1", "a.2"]),
        (["a.1", "a.1", "a"], ["a.1", "a.0", "a.2"]),
        (["a.7", "a.7", "a.7"], ["a.7", "a.0", "a.1"]),
        (["a.1.2", "a.1.2"], ["a.1.2", "a.1.0"]),
        (["a.01", "a.1"], ["a.1", "a.0"]),
        (["a", "a.0", "a.1", "a"], ["a", "a.1", "a.2", "a.3"]),
    ],
)
def test_another_number_where_a_name_is_taken(wanted, given):
    """As jaxlib 0.10.2 names them."""
    uniquer = Uniquer()
    assert [uniquer.name(name) for name in wanted] == given


def test_who_refers_to_a_name_follows_it():
    def computation(name: str) -> Computation:
        p = Instruction("p", "parameter", "f32[]", [])
        n = Instruction("n", "add", "f32[]", ["p", "p"], control_predecessors=["p"])
        return Computation(name, [p, n], "n")

    first, second = computation("f"), computation("g")
    rename_repeated([first, second])
    assert first == computation("f")
    assert second.root == "n.1"
    assert [one.name for one in second.instructions] == ["p.1", "n.1"]
    assert second.instructions[1].operands == ["p.1", "p.1"]
    assert second.instructions[1].control_predecessors == ["p.1"]
