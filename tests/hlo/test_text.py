from __future__ import annotations

import pytest

from tests.hlo import hlo_texts
from tpugraph_db.hlo.module import Computation, Instruction, Module
from tpugraph_db.hlo.text import decode, parse


def op(name, opcode, shape, *operands, line=0, **more):
    return Instruction(name, opcode, shape, list(operands), line=line, **more)


def read(text: str) -> Module:
    return parse(text, "x.hlo")


def entry(text: str) -> dict[str, Instruction]:
    module = read(text)
    found = next(computation for computation in module.computations if computation.name == module.entry)
    return {one.name: one for one in found.instructions}


def in_entry(*lines: str) -> str:
    body = "\n".join(f"  {line}" for line in ("ROOT %p = f32[2]{0} parameter(0)", *lines))
    return f"HloModule m\n\nENTRY %main (p: f32[2]) -> f32[2] {{\n{body}\n}}\n"


def without_lines(module: Module) -> Module:
    for computation in module.computations:
        computation.line = 0
        for one in computation.instructions:
            one.line = 0
    return module


TILED = "f32[8,128]{1,0:T(8,128)S(1)}"

THE_SAME = Module(
    name="with_shapes",
    attributes="input_output_alias={ {0}: (1, {}, must-alias) }",
    entry="main.9",
    computations=[
        Computation(
            "add.3",
            [
                op("x.1", "parameter", "f32[]", attributes="parameter(0)"),
                op("y.2", "parameter", "f32[]", attributes="parameter(1)"),
                op("sum", "add", "f32[]", "x.1", "y.2"),
            ],
            root="sum",
        ),
        Computation(
            "main.9",
            [
                op("p0.4", "parameter", TILED, attributes="parameter(0)"),
                op("c.5", "constant", "f32[]", attributes="constant(0)"),
                op(
                    "r.6",
                    "reduce",
                    "f32[8]{0}",
                    "p0.4",
                    "c.5",
                    attributes="dimensions={1}, to_apply=add.3",
                    calls=[("to_apply", "add.3")],
                ),
                op("t.7", "tuple", "(f32[8]{0}, f32[8,128]{1,0})", "r.6", "p0.4"),
            ],
            root="t.7",
        ),
    ],
)


@pytest.mark.parametrize("style", hlo_texts.STYLES)
def test_each_style_is_the_same_module(style):
    assert without_lines(read(hlo_texts.STYLES[style])) == THE_SAME


def test_lines():
    module = read(hlo_texts.PLAIN)
    assert [computation.line for computation in module.computations] == [3, 9]
    assert [[one.line for one in computation.instructions] for computation in module.computations] == [
        [4, 5, 6],
        [10, 11, 12, 13],
    ]


def test_lines_where_the_text_is_free():
    first, second = read(hlo_texts.FREE).computations
    assert (first.line, [one.line for one in first.instructions]) == (3, [3, 3, 4])
    assert (second.line, [one.line for one in second.instructions]) == (4, [6, 7, 8, 11])


def test_windows_line_ends():
    assert read(hlo_texts.PLAIN.replace("\n", "\r\n")) == read(hlo_texts.PLAIN)


def test_metadata():
    ops = entry(hlo_texts.METADATA)
    assert {name: (one.op_name, one.source_file, one.source_line) for name, one in ops.items()} == {
        "x.1": ("x", "", 0),
        "a": ("jit(f)/neg", "/home/me/train.py", 8),
        "b": ('jit(f)/"sin" {é}', '/lib/"odd" name.py', 121),
        "c": ("exp", "model.py", 66),
        "d": ("g", "own.py", 5),
        "e": ("", "own.py", 6),
        "f": ("h", "", 0),
    }
    assert [one.attributes for one in ops.values()] == [
        "parameter(0)",
        "",
        "",
        "",
        'backend_config={"outer":["1"]}',
        "",
        "sharding={replicated}",
    ]


def test_calls():
    ops = entry(hlo_texts.CALLS)
    assert {name: one.calls for name, one in ops.items() if one.calls} == {
        "fusion": [("calls", "one")],
        "while": [("condition", "test"), ("body", "two")],
        "if": [("true_computation", "one"), ("false_computation", "two")],
        "switch": [("branch_computations", "one"), ("branch_computations", "two")],
        "call": [("to_apply", "two")],
        "map": [("to_apply", "both")],
        "window": [("to_apply", "both")],
        "select": [("select", "both"), ("scatter", "both")],
        "sort": [("to_apply", "both")],
        "sum": [("to_apply", "both")],
        "custom": [("called_computations", "one"), ("called_computations", "two")],
        "start": [("calls", "one")],
    }
    assert {name: one.control_predecessors for name, one in ops.items() if one.control_predecessors} == {
        "fusion": ["i", "p"]
    }


def test_attributes_are_kept_as_text():
    ops = entry(hlo_texts.CALLS)
    assert {
        name: one.attributes for name, one in ops.items() if not one.calls or name in ("call", "custom", "sum")
    } == {
        "x": "parameter(0)",
        "i": "parameter(1)",
        "p": "parameter(2)",
        "z": "constant(0)",
        "call": 'to_apply=two, frontend_attributes={a="%not_a_name, {",b="\\"}"}',
        "sum": "channel_id=1, replica_groups=[1,2]<=[2], to_apply=both",
        "custom": 'custom_call_target="f, calls=%x", called_computations={one, two}',
        "done": "",
        "root": 'origin={{"v" {0}}}',
    }


def test_constants():
    assert [one.attributes for one in entry(hlo_texts.CONSTANTS).values()] == [
        "constant(-1)",
        "constant(1e-30)",
        "constant(nan)",
        "constant({(1, -2), (0, inf)})",
        "constant({...})",
        "constant({ { 1, 0 }, { 0, 1 } })",
        "constant({ { 1, 2 }, { 3, 4 } })",
        "constant({})",
        "constant({ {1, 2}, {3, 4} })",
        "constant((1, 2))",
        "",
    ]


def test_computations_in_place():
    module = read(hlo_texts.IN_PLACE)
    assert [(c.name, c.root, [one.name for one in c.instructions]) for c in module.computations] == [
        ("_", "n", ["x", "n"]),
        ("_.1", "x.1", ["x.1"]),
        ("_.2", "x.2", ["x.2"]),
        ("_.3", "y", ["x.3", "y"]),
        ("main", "z", ["x.4", "i", "y.1", "z"]),
    ]
    root = module.computations[-1].instructions[-1]
    assert root.operands == ["i", "y.1", "y.1"]
    assert root.calls == [("branch_computations", "_.1"), ("branch_computations", "_.3")]
    assert root.attributes == "branch_computations={_.1, _.3}"


def test_the_short_form_of_an_async_op():
    wrapped, main = read(hlo_texts.ASYNC).computations
    assert (wrapped.name, wrapped.root) == ("async_wrapped", "custom-call")
    assert wrapped.instructions == [
        op("async_param", "parameter", "f32[1]{0}", line=6, attributes="parameter(0)"),
        op("async_param.1", "parameter", "f32[1]{0}", line=6, attributes="parameter(1)"),
        op(
            "custom-call",
            "custom-call",
            "f32[2]{0}",
            "async_param",
            "async_param.1",
            line=6,
            attributes='custom_call_target="f"',
            op_name="n",
        ),
    ]
    assert [one.opcode for one in main.instructions[2:]] == ["async-start", "async-update", "copy-start", "async-done"]
    assert main.instructions[2].calls == [("calls", "async_wrapped")]
    assert main.instructions[2].attributes == 'async_execution_thread="t", calls=async_wrapped, sharding={replicated}'


def test_a_start_that_is_no_async_op_stays():
    module = read(in_entry("%q = f32[2]{0} negate-start(%p)"))
    assert [one.opcode for one in module.computations[0].instructions] == ["parameter", "negate-start"]
    assert module.unknown == {"negate-start": 1}


@pytest.mark.parametrize(
    "shape",
    [
        "f32[2]{0:T(8,128)(2,1)S(1)}",
        "((f32[2]{0}, ()), (s32[]{:T(128)}, token[]), b(f32[1]{0}))",
        "f32[<=2,?]{1,0}",
        "(((f32[8]{0:T(8)}, f32[8]{0:T(8)(4,1)}), u32[]{:S(2)}))",
    ],
)
def test_shapes(shape):
    assert entry(in_entry(f"%q = {shape} negate({shape} %p)"))["q"].shape == shape
    assert entry(in_entry(f"q = {shape} negate(p)"))["q"].operands == ["p"]


def test_comments_that_count():
    parts = ", ".join([*["f32[]"] * 5, "/*index=5*/f32[]"])
    ops = entry(in_entry(f"%q = ({parts}) tuple(%p, %p, %p, %p, %p, /*index=5*/%p)"))
    assert ops["q"].shape == "(f32[], f32[], f32[], f32[], f32[], f32[])"
    assert ops["q"].operands == ["p"] * 6
    assert entry(in_entry(f"%q = f32[] g(({parts}) %p, /*index=5*/f32[] %p)"))["q"].operands == ["p", "p"]


def test_what_is_not_known_is_kept_and_counted():
    module = read(in_entry("%q = f32[] frob(%p), size=3", "%r = f32[] frob(%q), size=3, hue={1}"))
    assert module.unknown == {"frob": 2, "size": 2, "hue": 1}
    assert module.computations[0].instructions[2].attributes == "size=3, hue={1}"


def test_the_order_is_as_written():
    module = read(in_entry("%z = f32[] negate(%p)", "%a = f32[] negate(%p)"))
    assert [one.name for one in module.computations[0].instructions] == ["p", "z", "a"]


def test_without_root_it_is_the_last():
    module = read("HloModule m\n\nENTRY e {\n  p = f32[] parameter(0)\n  n = f32[] negate(p)\n}\n")
    assert module.computations[0].root == "n"


def test_one_computation_needs_no_entry_and_no_module():
    module = read("f {\n  ROOT p = f32[] parameter(0)\n}\n")
    assert (module.name, module.entry, module.attributes) == ("", "f", "")


def test_one_computation_without_entry_that_fits_the_module():
    layout = "entry_computation_layout={(f32[2]{0}, s32[])->f32[2]{0}}, replica_count=2"
    text = f"HloModule m, {layout}\n\nf {{\n  s = s32[] parameter(1)\n  ROOT p = f32[2]{{0}} parameter(0)\n}}\n"
    assert read(text).entry == "f"


def test_equal_attributes_of_lines_that_go_on_differently():
    """The tables of what was seen must not take one for the other."""
    ops = entry(
        in_entry(
            '%a = f32[] g(%p), k=1, metadata={op_name="1"}',
            '%b = f32[] g(%p), k=1, metadata={op_name="2"}, largest=true',
            "%c = f32[] g(%p), k=1",
            '%d = f32[] g(%p), custom_call_target="k=1, metadata={op_name=3", largest=true',
            '%e = f32[] g(%p), k=1, metadata={op_name="1"}',
            '%f = f32[] g(%p), metadata={op_name="1"}',
        )
    )
    assert {name: (one.attributes, one.op_name) for name, one in ops.items() if name != "p"} == {
        "a": ("k=1", "1"),
        "b": ("k=1, largest=true", "2"),
        "c": ("k=1", ""),
        "d": ('custom_call_target="k=1, metadata={op_name=3", largest=true', ""),
        "e": ("k=1", "1"),
        "f": ("", "1"),
    }


def test_decode():
    assert decode("\ufeffé".encode(), "x.hlo") == "é"
