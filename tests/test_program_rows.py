from dataclasses import replace

import numpy as np
import pytest

from tests import graphs
from tpugraph_db import program_rows
from tpugraph_db.packed import Coded

PROGRAM = graphs.lowered().program


def of_shape(text):
    """The shape columns of an op whose output this is."""
    columns = program_rows.op_columns(replace(PROGRAM, shapes=Coded.of([text] * len(PROGRAM))))
    return [columns[name][0] for name in ("shape", "dtype", "dims", "elements", "bytes", "layout")]


def calling(opcode, *attributes):
    """The program whose op 9 calls computation 0 under these attributes."""
    opcodes = PROGRAM.opcodes.tolist()
    opcodes[9] = opcode
    calls = np.array([[9, 0]] * len(attributes)).reshape(-1, 2)
    return replace(PROGRAM, opcodes=Coded.of(opcodes), calls=calls, call_kinds=Coded.of(attributes))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f32[]", ["f32[]", "f32", [], 1, 4, "{}"]),
        ("bf16[4,8]{0,1:T(8,128)(2,1)S(1)}", ["bf16[4,8]", "bf16", [4, 8], 32, 64, "{0,1}"]),
        ("f32[4,8]", ["f32[4,8]", "f32", [4, 8], 32, 128, None]),
        ("s32[0]{0}", ["s32[0]", "s32", [0], 0, 0, "{0}"]),
        ("s32[<=8,2]{1,0}", ["s32[<=8,2]", "s32", [8, 2], 16, 64, "{1,0}"]),
        ("s32[?]{0}", ["s32[?]", "s32", None, None, None, "{0}"]),
        ("(f32[2]{0}, (s8[3]{0}, pred[]))", ["(f32[2], (s8[3], pred[]))", "tuple", None, 6, 12, None]),
        ("()", ["()", "tuple", None, 0, 0, None]),
        ("token[]", ["token[]", "token", None, 1, None, None]),
    ],
)
def test_shapes(text, expected):
    assert of_shape(text) == expected


def test_what_is_not_said_is_absent():
    columns = program_rows.op_columns(PROGRAM)
    first = {name: columns[name][0] for name in ("op_name", "source_file", "source_line")}
    assert first == {"op_name": None, "source_file": None, "source_line": None}
    assert columns["attributes"][2] is None
    assert columns["operands"][:5] == [[], [], [0, 1], [], [3, 3]]


@pytest.mark.parametrize(("size", "kept"), [(4_000, 4_000), (4_001, 4_000)])
def test_long_attributes_are_cut(size, kept):
    program = replace(PROGRAM, attributes=Coded.of(["x" * size] * len(PROGRAM)))
    text = program_rows.op_columns(program)["attributes"][0]
    assert len(text) == kept
    assert text.endswith("...") == (size > kept)


def test_computations():
    assert program_rows.computation_columns(PROGRAM, "g") == {
        "uid": ["g/computation/0", "g/computation/1", "g/computation/2"],
        "graph": ["g"] * 3,
        "index": [0, 1, 2],
        "name": ["sum", "fused", "main"],
        "kind": ["reducer", "fusion", "entry"],
        "ops": [3, 2, 6],
        "root": [2, 4, 10],
    }


@pytest.mark.parametrize(
    ("opcode", "attribute", "kind"),
    [
        ("while", "body", "while_body"),
        ("while", "condition", "while_condition"),
        ("conditional", "branch_computations", "branch"),
        ("conditional", "true_computation", "branch"),
        ("call", "to_apply", "call"),
        ("map", "to_apply", "map"),
        ("sort", "to_apply", "comparator"),
        ("select-and-scatter", "select", "comparator"),
        ("select-and-scatter", "scatter", "reducer"),
        ("scatter", "to_apply", "reducer"),
        ("all-reduce-start", "to_apply", "reducer"),
        ("async-start", "calls", "async"),
        ("custom-call", "called_computations", "custom"),
        ("erf", "calls", "other"),
    ],
)
def test_a_kind_is_what_the_caller_makes_of_it(opcode, attribute, kind):
    assert program_rows.computation_kinds(calling(opcode, attribute)) == [kind, "unused", "entry"]


def test_the_first_caller_says_the_kind():
    program = replace(
        PROGRAM, calls=np.array([[9, 0], [7, 0], [9, 2]]), call_kinds=Coded.of(["to_apply", "calls", "to_apply"])
    )
    assert program_rows.computation_kinds(program) == ["fusion", "unused", "entry"]


def test_a_call_of_one_kind_is_one():
    calls, kinds = program_rows.calls(calling("conditional", *["branch_computations"] * 2, "calls"))
    assert (calls.tolist(), sorted(kinds)) == ([[9, 0], [9, 0]], ["branch_computations", "calls"])


def test_a_program_without_calls():
    calls, kinds = program_rows.calls(calling("add"))
    assert (calls.shape, kinds) == ((0, 2), [])
