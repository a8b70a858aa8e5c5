import pytest

from tpugraph_db.collect.profile import named_alike, whole_names
from tpugraph_db.collect.profiled import own_times
from tpugraph_db.hlo import text

BEFORE = """\
HloModule jit_f

inner {
  p = f32[8] parameter(0)
  ROOT a = f32[8] tanh(p), metadata={op_name="tanh"}
}

body {
  q = f32[8] parameter(0)
  ROOT b = f32[8] call(q), to_apply=inner, metadata={op_name="closed_call"}
}

ENTRY main {
  x = f32[8] parameter(0), metadata={op_name="x"}
  c = f32[8] call(x), to_apply=body, metadata={op_name="jit(f)/g"}
  ROOT d = f32[8] negate(c), metadata={op_name="jit(f)/neg"}
}
"""
AFTER = """\
HloModule jit_f, is_scheduled=true

ENTRY main {
  x = f32[8]{0} parameter(0)
  t = f32[8]{0} tanh(x), metadata={op_name="jit(f)/g/closed_call/tanh"}
  s = f32[8]{0} sine(t), metadata={op_name="tanh"}
  ROOT n = f32[8]{0} negate(s), metadata={op_name="jit(f)/neg"}
}
"""


def read(hlo):
    return text.program(hlo, "x.hlo")


def test_names_are_whole_once_calls_are_inlined():
    named = dict(zip(read(BEFORE).names, whole_names(read(BEFORE)), strict=True))
    assert named == {
        "p": "",
        "a": "jit(f)/g/closed_call/tanh",
        "q": "",
        "b": "jit(f)/g/closed_call",
        "x": "x",
        "c": "jit(f)/g",
        "d": "jit(f)/neg",
    }


def test_which_ops_are_named_alike():
    assert named_alike(read(AFTER), read(BEFORE)).tolist() == [False, True, False, True]


@pytest.mark.parametrize(
    ("events", "times"),
    [
        ([], {}),
        ([(0, 4, "a"), (4, 9, "b")], {"a": 4, "b": 5}),
        ([(0, 10, "loop"), (1, 4, "call"), (2, 3, "add"), (10, 12, "add")], {"loop": 7, "call": 2, "add": 3}),
        ([(2, 3, "add"), (1, 4, "call"), (0, 10, "loop")], {"loop": 7, "call": 2, "add": 1}),
        ([(0, 5, "outer"), (0, 5, "inner")], {"outer": 0, "inner": 5}),
    ],
)
def test_time_inside_is_counted_once(events, times):
    assert dict(own_times(events)) == times
