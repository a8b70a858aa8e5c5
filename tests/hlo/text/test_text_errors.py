from __future__ import annotations

import time
from contextlib import suppress

import pytest

from tests.hlo import hlo_texts
from tpugraph_db.errors import DataError
from tpugraph_db.hlo.text import decode, program
from tpugraph_db.program import Program

HEAD = "HloModule m\n\nENTRY %main (p: f32[2]) -> f32[2] {\n  %p = f32[2]{0} parameter(0)\n"
"""Its fifth line is what each case adds."""

BEFORE = "the name of an instruction before this one, of the same computation"

WRONG = {
    "nothing": ("", "line 1, column 1", "HloModule and its name", "the end of the text"),
    "no HLO": ("hello world\n", "line 1, column 1", "HloModule and its name", "'hello world'"),
    "no name": ("HloModule , a=1\n", "line 1, column 11", "the module's name", "'HloModule , a=1'"),
    "no computation": ("HloModule m\n", "line 2, column 1", "a computation", "the end of the text"),
    "no brace": ("HloModule m\n\nf (x: f32[]) -> f32[]\n", "line 4, column 1", "{ before the instructions", None),
    "no result": ("HloModule m\n\nf (x: f32[]) {\n", "line 3, column 14", "-> and the result's shape", None),
    "open": (HEAD, "line 5, column 1", "an instruction or }", "the end of the text"),
    "no instruction": ("HloModule m\n\nENTRY e {\n}\n", "line 4, column 1", "an instruction", "'}'"),
    "no equals": (HEAD + "  %q f32[2] negate(%p)\n}\n", "line 5, column 6", "= after the name", None),
    "no shape": (HEAD + "  %q = negate(%p)\n}\n", "line 5, column 8", "a shape", "'  %q = negate(%p)'"),
    "bad type": (HEAD + "  %q = x32[2]{0} negate(%p)\n}\n", "line 5, column 8", "a shape", None),
    "bad layout": (HEAD + "  %q = f32[2]{1} negate(%p)\n}\n", "line 5, column 15", "a layout of 1 dimensions", None),
    "bad size": (HEAD + "  %q = f32[2,-1] negate(%p)\n}\n", "line 5, column 12", "sizes of dimensions", None),
    "bad part": (HEAD + "  %q = (f32[2], f3[2) negate(%p)\n}\n", "line 5, column 17", "a shape", None),
    "bad operand's shape": (HEAD + "  %q = f32[2] negate(f32[2]{7} %p)\n}\n", "line 5, column 29", None, None),
    "no opcode": (HEAD + "  %q = f32[2] (%p)\n}\n", "line 5, column 15", "an opcode", None),
    "no operands": (HEAD + "  %q = f32[2] negate\n}\n", "line 6, column 1", "( after the opcode", None),
    "open operands": (HEAD + "  %q = f32[2] negate(%p\n}\n", "line 6, column 1", "a comma or )", "'}'"),
    "no operand": (HEAD + "  %q = f32[2] add(%p,, %p)\n}\n", "line 5, column 22", "an operand", None),
    "brackets as operand": (HEAD + "  %q = f32[2] add(())\n}\n", "line 5, column 21", "an operand", None),
    "junk behind": (HEAD + "  %q = f32[2] negate(%p) junk\n}\n", "line 6, column 1", "= after the name", None),
    "no attribute": (HEAD + "  %q = f32[2] negate(%p), =1\n}\n", "line 5, column 27", "an attribute", None),
    "no value": (HEAD + "  %q = f32[2] negate(%p), a=\n}\n", "line 6, column 1", "a value", None),
    "open braces": (HEAD + "  %q = f32[2] negate(%p), a={1\n", "line 5, column 29", "a bracket that is closed", None),
    "crossed": (HEAD + "  %q = f32[2] negate(%p), a={(})\n}\n", "line 5, column 31", None, None),
    "open string": (HEAD + '  %q = f32[2] negate(%p), a="b\n}\n', "line 5, column 29", "a string that ends", None),
    "two of a name": (
        HEAD + "  %q = f32[2] negate(%p)\n  %q = f32[2] negate(%p)\n}\n",
        "line 6, column 3",
        "a name that no other instruction of the computation has",
        "'  %q = f32[2] negate(%p)'",
    ),
    "two computations of a name": (
        "HloModule m\n\nf {\n  p = f32[] parameter(0)\n}\n\nENTRY f {\n  p = f32[] parameter(0)\n}\n",
        "line 7, column 1",
        "a name that no other computation has",
        "'ENTRY f {'",
    ),
    "two roots": (
        HEAD + "  ROOT %q = f32[2] negate(%p)\n  ROOT %r = f32[2] negate(%p)\n}\n",
        "line 6, column 3",
        "one ROOT in a computation",
        None,
    ),
    "two entries": (
        HEAD + "}\n\nENTRY f {\n  p = f32[] parameter(0)\n}\n",
        "line 7, column 1",
        "one ENTRY in a module",
        "'ENTRY f {'",
    ),
    "no entry": (
        "HloModule m\n\nf {\n  p = f32[] parameter(0)\n}\n\ng {\n  p = f32[] parameter(0)\n}\n",
        "line 10, column 1",
        "a computation with ENTRY before its name",
        None,
    ),
    "an entry that does not fit": (
        "HloModule m, entry_computation_layout={(f32[2]{0})->f32[2]{0}}\n\nf {\n  p = f32[] parameter(0)\n}\n",
        "line 6, column 1",
        "a computation with ENTRY before its name",
        None,
    ),
    "no such operand": (
        HEAD + "  %q = f32[2] add(%p, %pp), a={%x}\n}\n",
        "line 5, column 24",
        "the name of an instruction before this one, of the same computation",
        "'  %q = f32[2] add(%p, %pp), a={%x}'",
    ),
    "no such operand behind a comma alone": (
        HEAD + "  %q = f32[2] add(f32[2]{0} %p,1,p)\n}\n",
        "line 5, column 32",
        BEFORE,
        None,
    ),
    "its own operand": (HEAD + "  %q = f32[2] negate(%q)\n}\n", "line 5, column 23", BEFORE, None),
    "a later operand": (
        HEAD + "  %q = f32[2] add(%r, %p)\n  %r = f32[2] negate(%p)\n}\n",
        "line 5, column 20",
        BEFORE,
        None,
    ),
    "an operand of another computation": (
        "HloModule m\n\nf {\n  p = f32[] parameter(0)\n}\n\nENTRY g {\n  q = f32[] negate(p)\n}\n",
        "line 8, column 20",
        BEFORE,
        None,
    ),
    "an operand of another computation, names shared": (
        "HloModule m\n\nf {\n  p = f32[] parameter(0)\n  q = f32[] negate(p)\n}\n\n"
        "ENTRY g {\n  q = f32[] iota()\n  r = f32[] negate(p)\n}\n",
        "line 10, column 20",
        BEFORE,
        None,
    ),
    "no such control predecessor": (
        HEAD + "  %q = f32[2] negate(%p), control-predecessors={%p, %x}\n}\n",
        "line 5, column 54",
        BEFORE,
        None,
    ),
    "no such computation": (
        HEAD + "  %q = f32[2] call(%p), to_apply=%f\n}\n",
        "line 5, column 35",
        "the name of a computation before this one",
        "'  %q = f32[2] call(%p), to_apply=%f'",
    ),
    "its own computation": (
        HEAD + "  %q = f32[2] call(%p), to_apply=%main\n}\n",
        "line 5, column 35",
        "the name of a computation before this one",
        None,
    ),
    "a table's row": ('HloModule m\n\nFileNames\n1 "a"\n2 b\n\n', "line 5, column 3", "a bracket or a string", "'2 b'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_shown_where_it_is(case):
    text, place, expected, found = WRONG[case]
    with pytest.raises(DataError) as refused:
        program(text, "x.hlo")
    error = refused.value
    assert (error.where, error.key) == ("x.hlo", place)
    assert expected in (None, error.expected)
    assert found in (None, error.found)


def test_the_line_is_shortened_round_the_place():
    text = HEAD + "  %q = f32[2] add(" + "%p, " * 50 + "?, " + "%p, " * 50 + "%p)\n}\n"
    with pytest.raises(DataError) as refused:
        program(text, "x.hlo")
    around = "%p, " * 10 + "?, " + "%p, " * 14 + "%"
    assert refused.value.found == f"...'{around}'..."


@pytest.mark.parametrize("name", ["METADATA", "CALLS", "IN_PLACE", "CONSTANTS", "FREE"])
def test_cut_anywhere(name):
    text = getattr(hlo_texts, name)
    whole, entry = program(text, "x.hlo"), text.index("ENTRY")
    for end in range(len(text)):
        module = parsed(text[:end])
        assert module == (None if text[end:].strip() else whole) or end <= entry or text[end:].startswith(", exec")


def parsed(text: str) -> Program | None:
    """None where it is refused."""
    with suppress(DataError):
        return program(text, "x.hlo")
    return None


def test_a_byte_that_is_not_utf8():
    with pytest.raises(DataError) as refused:
        decode("HloModule m\naé ".encode() + b"\xff\n", "x.hlo")
    assert str(refused.value) == "x.hlo: line 2, column 4: expected UTF-8, found byte 0xff after 'aé '"


DEEP = {
    "shape": HEAD + f"  %q = {'(' * 10_000}f32[]{')' * 10_000} tuple(%p)\n}}\n",
    "operands": HEAD + f"  %q = f32[] tuple({'(' * 10_000}f32[]{')' * 10_000} %p)\n}}\n",
    "attribute": HEAD + f"  %q = f32[] negate(%p), a={'{' * 10_000}{'}' * 10_000}\n}}\n",
    "module's attribute": f"HloModule m, a={'{' * 10_000}{'}' * 10_000}\n",
    "constant": HEAD + f"  %q = f32[] constant({'(' * 10_000}{')' * 10_000})\n}}\n",
    "parameters": f"HloModule m\n\nf {'(' * 10_000}{')' * 10_000} -> f32[] {{\n",
    "computations": HEAD + "  q = f32[] call(p), to_apply={ x = f32[] parameter(0)\n" * 10_000 + "}\n" * 10_001,
}


@pytest.mark.parametrize("case", DEEP)
def test_nested_too_deep(case):
    with pytest.raises(DataError, match=r"expected at most (20|100) .* inside each other"):
        program(DEEP[case], "x.hlo")


def repeated(part: str, size: int) -> str:
    return part * (size // len(part))


LONG = {
    "junk": lambda size: "x" * size,
    "a name": lambda size: HEAD + "x" * size,
    "an open string": lambda size: HEAD + '%q = f32[] negate(%p), a="' + repeated('\\"', size),
    "open braces": lambda size: HEAD + "%q = f32[] negate(%p), a={" + repeated("{}", size),
    "operands": lambda size: HEAD + "%q = f32[] tuple(" + repeated("%p, ", size) + "%p)\n}\n",
    "a tuple": lambda size: HEAD + "%q = (" + repeated("f32[], ", size) + ") tuple()\n}\n",
    "dimensions": lambda size: HEAD + "%q = f32[" + repeated("1,", size) + "1] negate(%p)\n}\n",
    "attributes": lambda size: HEAD + "%q = f32[] negate(%p)" + repeated(", a=1", size) + "\n}\n",
    "a word in metadata": lambda size: HEAD + "%q = f32[] negate(p), metadata={" + "0" * size + "}\n}\n",
    "spaces in metadata": lambda size: HEAD + "%q = f32[] negate(p), metadata={a" + " " * size + "}\n}\n",
    "spaces in an attribute": lambda size: HEAD + '%q = f32[] negate(p), a={"b"' + " " * size + "}\n}\n",
    "open comments in an attribute": lambda size: HEAD + "%q = f32[] negate(p), a={" + repeated("/* ", size) + "}\n}\n",
    "a constant": lambda size: HEAD + "%q = f32[9] constant({" + repeated("{1, 2}, ", size) + "})\n}\n",
    "comments": lambda size: HEAD + repeated("/**/ ", size) + "}\n",
    "open comments": lambda size: HEAD + repeated("/* ", size) + "}\n",
    "instructions": lambda size: (
        HEAD.replace("\n", " ") + " ".join(f"q{number} = f32[] negate(p)" for number in range(size // 30)) + "}"
    ),
    "computations": lambda size: (
        "HloModule m " + " ".join(f"f{number} {{ p = f32[] parameter(0) }}" for number in range(size // 35))
    ),
}


@pytest.mark.parametrize("case", LONG)
def test_a_long_line_takes_time_in_proportion(case):
    assert taken(LONG[case](300_000)) < 2
    assert taken(LONG[case](1_200_000)) < 8


def taken(text: str) -> float:
    started = time.process_time()
    parsed(text)
    return time.process_time() - started


@pytest.mark.parametrize("case", LONG)
def test_an_error_is_short_whatever_the_text(case):
    try:
        program(LONG[case](100_000), "x.hlo")
    except DataError as error:
        shown = str(error)
    else:
        shown = ""
    assert len(shown) < 300
