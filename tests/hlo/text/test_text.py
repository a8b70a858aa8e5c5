from __future__ import annotations

import pytest

from tests.hlo import hlo_texts
from tests.hlo.seen import Op, computations, ops, roots
from tpugraph_db.hlo.text import decode, program, read


def seen(text: str) -> dict[str, Op]:
    return ops(program(text, "x.hlo"))


def in_entry(*lines: str) -> str:
    body = "\n".join(f"  {line}" for line in ("ROOT %p = f32[2]{0} parameter(0)", *lines))
    return f"HloModule m\n\nENTRY %main (p: f32[2]) -> f32[2] {{\n{body}\n}}\n"


TILED = "f32[8,128]{1,0:T(8,128)S(1)}"


@pytest.mark.parametrize("style", hlo_texts.STYLES)
def test_each_style_is_the_same_program(style):
    same = program(hlo_texts.STYLES[style], "x.hlo", "before_optimizations")
    assert computations(same) == {
        "add.3": {
            "x.1": Op("parameter", "f32[]", attributes="parameter(0)"),
            "y.2": Op("parameter", "f32[]", attributes="parameter(1)"),
            "sum": Op("add", "f32[]", ["x.1", "y.2"]),
        },
        "main.9": {
            "p0.4": Op("parameter", TILED, attributes="parameter(0)"),
            "c.5": Op("constant", "f32[]", attributes="constant(0)"),
            "r.6": Op(
                "reduce",
                "f32[8]{0}",
                ["p0.4", "c.5"],
                "dimensions={1}, to_apply=add.3",
                [("to_apply", "add.3")],
            ),
            "t.7": Op("tuple", "(f32[8]{0}, f32[8,128]{1,0})", ["r.6", "p0.4"]),
        },
    }
    assert roots(same) == {"add.3": "sum", "main.9": "t.7"}
    assert (same.module, same.stage, same.entry) == ("with_shapes", "before_optimizations", 1)
    assert same.module_attributes == "input_output_alias={ {0}: (1, {}, must-alias) }"


def test_windows_line_ends():
    assert program(hlo_texts.PLAIN.replace("\n", "\r\n"), "x.hlo") == program(hlo_texts.PLAIN, "x.hlo")


def test_metadata():
    found = seen(hlo_texts.METADATA)
    assert {name: one.source for name, one in found.items()} == {
        "x.1": ("x", "", 0),
        "a": ("jit(f)/neg", "/home/me/train.py", 8),
        "b": ('jit(f)/"sin" {é}', '/lib/"odd" name.py', 121),
        "c": ("exp", "model.py", 66),
        "d": ("g", "own.py", 5),
        "e": ("", "own.py", 6),
        "f": ("h", "", 0),
    }
    assert [one.attributes for one in found.values()] == [
        "parameter(0)",
        "",
        "",
        "",
        'backend_config={"outer":["1"]}',
        "",
        "sharding={replicated}",
    ]


def test_calls():
    found = seen(hlo_texts.CALLS)
    assert {name: one.calls for name, one in found.items() if one.calls} == {
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
    assert {name: one.control_predecessors for name, one in found.items() if one.control_predecessors} == {
        "fusion": ["i", "p"]
    }


def test_attributes_are_kept_as_text():
    found = computations(program(hlo_texts.CALLS, "x.hlo"))["main"]
    assert {
        name: one.attributes for name, one in found.items() if not one.calls or name in ("call", "custom", "sum")
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
    assert [one.attributes for one in seen(hlo_texts.CONSTANTS).values()] == [
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
    module = program(hlo_texts.IN_PLACE, "x.hlo")
    assert {name: list(inside) for name, inside in computations(module).items()} == {
        "_": ["x", "n"],
        "_.1": ["x.1"],
        "_.2": ["x.2"],
        "_.3": ["x.3", "y"],
        "main": ["x.4", "i", "y.1", "z"],
    }
    assert roots(module) == {"_": "n", "_.1": "x.1", "_.2": "x.2", "_.3": "y", "main": "z"}
    assert ops(module)["z"] == Op(
        "conditional",
        "f32[]",
        ["i", "y.1", "y.1"],
        "branch_computations={_.1, _.3}",
        [("branch_computations", "_.1"), ("branch_computations", "_.3")],
    )


def test_names_that_computations_share():
    text = "HloModule m\n\nf {\n  a = f32[] parameter(0)\n  ROOT b = f32[] negate(a)\n}\n\nENTRY e {\n"
    text += "  a = f32[] parameter(0)\n  ROOT b = f32[] call(a), to_apply=f, control-predecessors={a}\n}\n"
    assert computations(program(text, "x.hlo")) == {
        "f": {"a": Op("parameter", "f32[]", [], "parameter(0)"), "b": Op("negate", "f32[]", ["a"])},
        "e": {
            "a.1": Op("parameter", "f32[]", [], "parameter(0)"),
            "b.1": Op("call", "f32[]", ["a.1"], "to_apply=f", [("to_apply", "f")], ["a.1"]),
        },
    }


def test_the_short_form_of_an_async_op():
    module = program(hlo_texts.ASYNC, "x.hlo")
    wrapped, main = computations(module).values()
    assert roots(module) == {"async_wrapped": "custom-call", "main": "d"}
    assert wrapped == {
        "async_param": Op("parameter", "f32[1]{0}", attributes="parameter(0)"),
        "async_param.1": Op("parameter", "f32[1]{0}", attributes="parameter(1)"),
        "custom-call": Op(
            "custom-call",
            "f32[2]{0}",
            ["async_param", "async_param.1"],
            'custom_call_target="f"',
            source=("n", "", 0),
        ),
    }
    assert [one.opcode for one in main.values()][2:] == ["async-start", "async-update", "copy-start", "async-done"]
    assert main["s"].operands == ["p", "q"]
    assert main["s"].calls == [("calls", "async_wrapped")]
    assert main["s"].attributes == 'async_execution_thread="t", calls=async_wrapped, sharding={replicated}'
    assert main["s"].source == ("n", "", 0)


def test_short_forms_of_two_async_ops():
    """Names as jaxlib 0.10.2 makes them."""
    start = "= ((f32[2]{0}), f32[2]{0}, s32[]) negate-start(%p)"
    module = program(in_entry(f"%s {start}", f"%t {start}, control-predecessors={{%s}}"), "x.hlo")
    assert {name: list(inside) for name, inside in computations(module).items()} == {
        "async_wrapped": ["async_param", "negate"],
        "async_wrapped.1": ["async_param.1", "negate.1"],
        "main": ["p", "s", "t"],
    }
    assert ops(module)["t"].control_predecessors == ["s"]
    assert module.entry == 2


def test_a_start_that_is_no_async_op_stays():
    module, unknown = read(in_entry("%q = f32[2]{0} negate-start(%p)"), "x.hlo")
    assert module.opcodes.tolist() == ["parameter", "negate-start"]
    assert unknown == {"negate-start": 1}


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
    assert seen(in_entry(f"%q = {shape} negate({shape} %p)"))["q"].shape == shape
    assert seen(in_entry(f"q = {shape} negate(p)"))["q"].operands == ["p"]


def test_comments_that_count():
    parts = ", ".join([*["f32[]"] * 5, "/*index=5*/f32[]"])
    found = seen(in_entry(f"%q = ({parts}) tuple(%p, %p, %p, %p, %p, /*index=5*/%p)"))
    assert found["q"].shape == "(f32[], f32[], f32[], f32[], f32[], f32[])"
    assert found["q"].operands == ["p"] * 6
    assert seen(in_entry(f"%q = f32[] g(({parts}) %p, /*index=5*/f32[] %p)"))["q"].operands == ["p", "p"]


def test_what_is_not_known_is_kept_and_counted():
    lines = ["%q = f32[] frob(%p), size=3", "%r = f32[] frob(%q), size=3, hue={1}", '%s = f32[] g(%r), size="\\""']
    module, unknown = read(in_entry(*lines), "x.hlo")
    assert unknown == {"frob": 2, "g": 1, "size": 3, "hue": 1}
    assert module.attributes.tolist()[1:] == ["size=3", "size=3, hue={1}", 'size="\\""']


def test_the_order_is_as_written():
    assert list(seen(in_entry("%z = f32[] negate(%p)", "%a = f32[] negate(%p)"))) == ["p", "z", "a"]


def test_without_root_it_is_the_last():
    text = "HloModule m\n\nENTRY e {\n  p = f32[] parameter(0)\n  n = f32[] negate(p)\n}\n"
    assert roots(program(text, "x.hlo")) == {"e": "n"}


def test_one_computation_needs_no_entry_and_no_module():
    module = program("f {\n  ROOT p = f32[] parameter(0)\n}\n", "x.hlo")
    assert (module.module, module.entry, module.module_attributes) == ("", 0, "")


def test_one_computation_without_entry_that_fits_the_module():
    layout = "entry_computation_layout={(f32[2]{0}, s32[])->f32[2]{0}}, replica_count=2"
    text = f"HloModule m, {layout}\n\nf {{\n  s = s32[] parameter(1)\n  ROOT p = f32[2]{{0}} parameter(0)\n}}\n"
    assert program(text, "x.hlo").entry == 0


def test_ten_thousand_callers_of_each_other():
    callers = [f"f{k} {{\n  ROOT c{k} = f32[] call(), to_apply=f{k - 1}\n}}\n" for k in range(1, 10_000)]
    text = "\n".join(
        ["HloModule m\n\nf0 {\n  ROOT p = f32[] parameter(0)\n}\n", *callers, "ENTRY e {\n  q = f32[] iota()\n}\n"]
    )
    assert program(text, "x.hlo").calls.tolist() == [[k, k - 1] for k in range(1, 10_000)]


def test_equal_attributes_of_lines_that_go_on_differently():
    """The tables of what was seen must not take one for the other."""
    found = seen(
        in_entry(
            '%a = f32[] g(%p), k=1, metadata={op_name="1"}',
            '%b = f32[] g(%p), k=1, metadata={op_name="2"}, largest=true',
            "%c = f32[] g(%p), k=1",
            '%d = f32[] g(%p), custom_call_target="k=1, metadata={op_name=3", largest=true',
            '%e = f32[] g(%p), k=1, metadata={op_name="1"}',
            '%f = f32[] g(%p), metadata={op_name="1"}',
        )
    )
    assert {name: (one.attributes, one.source[0]) for name, one in found.items() if name != "p"} == {
        "a": ("k=1", "1"),
        "b": ("k=1, largest=true", "2"),
        "c": ("k=1", ""),
        "d": ('custom_call_target="k=1, metadata={op_name=3", largest=true', ""),
        "e": ("k=1", "1"),
        "f": ("", "1"),
    }


def test_decode():
    assert decode("\ufeffé".encode(), "x.hlo") == "é"
