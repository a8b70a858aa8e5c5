from tests.collect.traced import traced
from tpugraph_db.collect.compiled import canonical, fingerprint

MODULE = """\
HloModule jit_f, is_scheduled=true

FileNames
1 "f.py"

StackFrames
1 {file_location_id=1 parent_frame_id=1}


%fused (param_0.1: f32[8]) -> f32[8] {
  %param_0.1 = f32[8]{0} parameter(0)
  ROOT %tanh.7 = f32[8]{0} tanh(%param_0.1), metadata={op_name="jit(f)/{a}\\"}" stack_frame_id=1}
}

ENTRY %main.3 (x.1: f32[8]) -> f32[8] {
  %x.1 = f32[8]{0} parameter(0), metadata={op_name="x"}
  ROOT %fusion = f32[8]{0} fusion(%x.1), kind=kLoop, calls=%fused, backend_config={"a":{"b":"%x"}}
}
"""

CANONICAL = """\
HloModule jit_f, is_scheduled=true


%0 {
  %1 = f32[8]{0} parameter(0)
  ROOT %2 = f32[8]{0} tanh(%1)
}

ENTRY %3 {
  %4 = f32[8]{0} parameter(0)
  ROOT %5 = f32[8]{0} fusion(%4), kind=kLoop, calls=%0, backend_config={"a":{"b":"%x"}}
}
"""


def test_canonical():
    assert canonical(MODULE) == CANONICAL


def test_other_names_are_the_same_program():
    assert fingerprint(MODULE.replace("tanh.7", "tanh.8").replace("param_0.1", "p")) == fingerprint(MODULE)


def test_another_layout_is_another_program():
    assert fingerprint(MODULE.replace("tanh(", "sinh(")) != fingerprint(MODULE)


def test_compiled_twice():
    texts = [traced("attention").lower({}).compile().as_text() for _ in range(2)]
    assert fingerprint(texts[0]) == fingerprint(texts[1])
    other = traced("attention").lower({3: (0, 1, 2, 3)}).compile().as_text()
    assert fingerprint(other) != fingerprint(texts[0])
