from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tpugraph_db.errors import DataError
from tpugraph_db.hlo import assemble
from tpugraph_db.hlo.module import Computation, Instruction, Module


def parameter(name: str, **fields: object) -> Instruction:
    return Instruction(name, "parameter", "f32[]", [], "parameter(0)", **fields)  # type: ignore[arg-type]


def add(name: str, *operands: str, **fields: object) -> Instruction:
    return Instruction(name, "add", "f32[]", list(operands), **fields)  # type: ignore[arg-type]


def module(*computations: Computation, entry: str = "main") -> Module:
    return Module("m", list(computations), entry)


def main(*instructions: Instruction, root: str | None = None) -> Computation:
    return Computation("main", list(instructions), instructions[-1].name if root is None else root)


INNER = Computation("sum", [parameter("a"), parameter("b"), add("c", "a", "b")], "c")


def test_names_become_indices():
    call = add("r", "p", "q", "p", attributes="to_apply=sum", calls=[("to_apply", "sum")])
    call.op_name, call.source_file, call.source_line = "f/add", "f.py", 3
    outer = main(parameter("p"), parameter("q"), call, add("late", "q", control_predecessors=["r"]), root="r")
    program = assemble.program(module(INNER, outer), "x.hlo", stage="before_optimizations")

    assert (program.module, program.stage, program.entry) == ("m", "before_optimizations", 1)
    assert program.names.tolist() == ["a", "b", "c", "p", "q", "r", "late"]
    assert program.operands.tolist() == [[], [], [0, 1], [], [], [3, 4, 3], [4]]
    assert program.control_predecessors.tolist() == [[]] * 6 + [[5]]
    assert program.opcodes.tolist() == ["parameter"] * 2 + ["add"] + ["parameter"] * 2 + ["add"] * 2
    assert program.attributes[5] == "to_apply=sum"
    assert (program.op_name[5], program.source_file[5], program.source_line[5]) == ("f/add", "f.py", 3)
    assert program.computation_names.tolist() == ["sum", "main"]
    np.testing.assert_array_equal(program.computation_starts, [0, 3, 7])
    np.testing.assert_array_equal(program.computation_roots, [2, 5])
    np.testing.assert_array_equal(program.calls, [[5, 0]])
    assert program.call_kinds.tolist() == ["to_apply"]


def test_the_same_names_may_be_instructions_and_computations():
    program = assemble.program(module(INNER, main(parameter("sum"))), "x.hlo")
    assert program.calls.shape == (0, 2)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (module(main(add("r", "missing"))), "%r: expected operands .* none named 'missing'"),
        (module(main(add("r", "r"))), "%r: .* found none named 'r'"),
        (module(main(add("r", "late"), parameter("late"))), "%r: .* found none named 'late'"),
        (module(INNER, main(add("r", "a"))), "%r: .* found none named 'a'"),
        (module(main(parameter("p"), add("r", "p", control_predecessors=["x"]))), "%r: .* found none named 'x'"),
        (module(main(add("r", calls=[("to_apply", "sum")]))), "%r: expected called computations .* named 'sum'"),
        (module(main(add("r", calls=[("to_apply", "main")]))), "%r: .* found none named 'main'"),
        (module(main(add("r", "x", line=7))), "x.hlo: line 7: expected operands"),
        (module(main(parameter("p"), root="q")), "%main: expected the root .* none named 'q'"),
        (module(replace(main(parameter("p"), root="q"), line=3)), "x.hlo: line 3: expected the root"),
        (module(Computation("main", [], "")), "%main: expected the root"),
        (module(main(parameter("p")), entry="other"), "HloModule: expected an entry .* none named 'other'"),
        (module(), "HloModule: expected an entry computation"),
        (module(main(parameter("p"), parameter("p"))), "names of their own for instructions, found 2 named 'p'"),
        (module(INNER, main(parameter("a"))), "names of their own for instructions, found 2 named 'a'"),
        (module(main(parameter("p")), main(parameter("q"))), "of their own for computations, found 2 named 'main'"),
        (module(main(Instruction("p", "parameter", "f32[2", []))), "%p: expected a shape"),
    ],
)  # fmt: skip
def test_what_is_inconsistent_is_refused(broken, message):
    with pytest.raises(DataError, match=message):
        assemble.program(broken, "x.hlo")


def test_ten_thousand_callers_of_each_other():
    chain = [Computation("f0", [parameter("p0")], "p0")]
    for k in range(1, 10_000):
        caller = add(f"r{k}", calls=[("to_apply", f"f{k - 1}")])
        chain.append(Computation(f"f{k}", [caller], caller.name))
    assert len(assemble.program(Module("m", chain, "f9999"), "x.hlo").calls) == 9_999
