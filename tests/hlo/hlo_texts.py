"""Small modules of HLO text, one a form of it."""

from __future__ import annotations

SHAPES_AND_PERCENT = """\
HloModule with_shapes, input_output_alias={ {0}: (1, {}, must-alias) }

%add.3 (x.1: f32[], y.2: f32[]) -> f32[] {
  %x.1 = f32[] parameter(0)
  %y.2 = f32[] parameter(1)
  ROOT %sum = f32[] add(f32[] %x.1, f32[] %y.2)
}

ENTRY %main.9 (p0.4: f32[8,128]) -> (f32[8], f32[8,128]) {
  %p0.4 = f32[8,128]{1,0:T(8,128)S(1)} parameter(0)
  %c.5 = f32[] constant(0)
  %r.6 = f32[8]{0} reduce(f32[8,128]{1,0:T(8,128)S(1)} %p0.4, f32[] %c.5), dimensions={1}, to_apply=%add.3
  ROOT %t.7 = (f32[8]{0}, f32[8,128]{1,0}) tuple(f32[8]{0} %r.6, f32[8,128]{1,0:T(8,128)S(1)} %p0.4)
}

"""

PLAIN = SHAPES_AND_PERCENT.replace("f32[] %", "%").replace("(f32[8,128]{1,0:T(8,128)S(1)} %", "(%")
PLAIN = PLAIN.replace("f32[8]{0} %", "%").replace(", f32[8,128]{1,0:T(8,128)S(1)} %", ", %")
"""The same without the shapes of operands."""

SHORT = """\
HloModule with_shapes, input_output_alias={ {0}: (1, {}, must-alias) }

add.3 {
  x.1 = f32[] parameter(0)
  y.2 = f32[] parameter(1)
  ROOT sum = f32[] add(x.1, y.2)
}

ENTRY main.9 {
  p0.4 = f32[8,128]{1,0:T(8,128)S(1)} parameter(0)
  c.5 = f32[] constant(0)
  r.6 = f32[8]{0} reduce(p0.4, c.5), dimensions={1}, to_apply=add.3
  ROOT t.7 = (f32[8]{0}, f32[8,128]{1,0}) tuple(r.6, p0.4)
}
"""

FREE = """\
// a comment
HloModule with_shapes , input_output_alias = { {0}: (1, {}, must-alias) }
add.3 { x.1 = f32[] parameter( 0 ) y.2 = f32[]
  parameter(1) ROOT sum = f32[] add(f32[] x.1, /*second*/ y.2) }  ENTRY
main.9 (p0.4: f32[8,128]) -> (f32[8], f32[8,128]) {
  p0.4 = f32[8,128]{1,0:T(8,128)S(1)} parameter(0) // its number
  c.5 = f32[] constant(0)
  r.6 = f32[8]{0} reduce(f32[8,128]{1,0:T(8,128)S(1)} p0.4,
     c.5)
     , dimensions =
     {1}, to_apply=add.3 ROOT t.7 = ( f32[8]{0} , f32[8,128]{1,0} ) tuple(r.6, p0.4) }
"""
"""The same with line ends, spaces and comments where only the grammar wants none."""

STYLES = {"shapes": SHAPES_AND_PERCENT, "plain": PLAIN, "short": SHORT, "free": FREE}

METADATA = """\
HloModule jit_f, is_scheduled=true

FileNames
1 "/home/me/train.py"
2 "/lib/\\"odd\\" name.py"

FunctionNames
1 "<module>"
2 "f"

FileLocations
1 {file_name_id=1 function_name_id=1 line=8 end_line=8 column=10 end_column=23}
2 {file_name_id=2 function_name_id=2 line=121 end_line=121 column=11 end_column=95}

StackFrames
1 {file_location_id=1 parent_frame_id=1}
2 {file_location_id=2 parent_frame_id=1}


ENTRY %main.3 (x.1: f32[4]) -> f32[4] {
  %x.1 = f32[4]{0} parameter(0), metadata={op_name="x"}
  %a = f32[4]{0} negate(%x.1), metadata={op_name="jit(f)/neg" stack_frame_id=1}
  %b = f32[4]{0} sine(%a), metadata={op_type="sin" op_name="jit(f)/\\"sin\\" {\\303\\251}" stack_frame_id=2}
  %c = f32[4]{0} exponential(%b), metadata={op_name="exp" source_file="model.py" source_line=66 source_end_line=67}
  %d = f32[4]{0} tanh(%c), metadata={op_name="g" source_file="own.py" source_line=5}, backend_config={"outer":["1"]}
  %e = f32[4]{0} floor(%d), metadata={source_file="own.py" source_line=6 profile_info={profile_type={1}}}
  ROOT %f = f32[4]{0} ceil(%e), sharding={replicated}, metadata={op_name="h" stack_frame_id=77}
}
"""

CALLS = """\
HloModule calls

%one (a: f32[4]) -> f32[4] {
  ROOT %a = f32[4]{0} parameter(0)
}

%two (b: f32[4]) -> f32[4] {
  ROOT %b = f32[4]{0} parameter(0)
}

%both (c: f32[], d: f32[]) -> f32[] {
  %c = f32[] parameter(0)
  ROOT %d = f32[] parameter(1)
}

%test (g: f32[4]) -> pred[] {
  %g = f32[4]{0} parameter(0)
  ROOT %h = pred[] constant(false)
}

ENTRY %main (x: f32[4], i: s32[], p: pred[]) -> f32[4] {
  %x = f32[4]{0} parameter(0)
  %i = s32[] parameter(1)
  %p = pred[] parameter(2)
  %z = f32[] constant(0)
  %fusion = f32[4]{0} fusion(%x), kind=kLoop, calls=%one, control-predecessors={%i, %p}
  %while = f32[4]{0} while(%x), condition=%test, body=%two
  %if = f32[4]{0} conditional(%p, %x, %x), true_computation=%one, false_computation=%two
  %switch = f32[4]{0} conditional(%i, %x, %x), branch_computations={%one, %two}
  %call = f32[4]{0} call(%x), to_apply=%two, frontend_attributes={a="%not_a_name, {",b="\\"}"}
  %map = f32[4]{0} map(%x, %x), dimensions={0}, to_apply=%both
  %window = f32[4]{0} reduce-window(%x, %z), window={size=3 pad=1_1}, to_apply=%both
  %select = f32[8]{0} select-and-scatter(%x, %x, %z), window={size=2 stride=2}, select=%both, scatter=%both
  %sort = f32[4]{0} sort(%x), dimensions={0}, is_stable=true, to_apply=%both
  %sum = f32[4]{0} all-reduce(%x), channel_id=1, replica_groups=[1,2]<=[2], to_apply=%both
  %custom = f32[4]{0} custom-call(%x), custom_call_target="f, calls=%x", called_computations={%one, %two}
  %start = ((f32[4]{0}), f32[4]{0}, s32[]) async-start(%x), async_execution_thread="t", calls=%one
  %done = f32[4]{0} async-done(%start)
  ROOT %root = f32[4]{0} add(%fusion, %done), origin={{"v" {0}}}
}, execution_thread="main"
"""

IN_PLACE = """\
HloModule in_place

ENTRY main {
  x = f32[] parameter(0)
  i = s32[] parameter(1)
  y = f32[] call(x), to_apply=
  {
    x = f32[] parameter(0)
    ROOT n = f32[] negate(x)
  }
  ROOT z = f32[] conditional(i, y, y), branch_computations={
  {
    ROOT x = f32[] parameter(0)
  },
  {
    x = f32[] parameter(0)
    ROOT y = f32[] call(x), to_apply=
    {
      ROOT x = f32[] parameter(0)
    }
  }
}
}
"""

CONSTANTS = """\
HloModule constants

ENTRY %main () -> f32[2,2] {
  %a = s32[] constant(-1)
  %b = f32[] constant(1e-30)
  %c = f32[] constant(nan)
  %d = c64[2]{0} constant({(1, -2), (0, inf)})
  %e = f32[1000]{0} constant({...})
  %f = pred[2,2]{1,0} constant({ { 1, 0 }, { 0, 1 } })
  %g = f32[2,2]{1,0} constant({ /*i0=0*/ { 1, 2 }, /*i0=1*/ { 3, 4 } })
  %h = u8[0]{0} constant({})
  %i = f32[2,2]{1,0} constant({
    {1, 2},
    {3, 4}
  }), metadata={op_name="table"}
  %j = (f32[], s32[]) constant((1, 2))
  ROOT %k = f32[2,2]{1,0} add(%g, %i)
}
"""

ASYNC = """\
HloModule asynchronous

ENTRY %main (p: f32[1], q: f32[1]) -> f32[2] {
  %p = f32[1]{0} parameter(0)
  %q = f32[1]{0} parameter(1)
  %s = ((f32[1]{0}, f32[1]{0}), f32[2]{0}, s32[]) custom-call-start(%p, %q), async_execution_thread="t",
    custom_call_target="f", sharding={replicated}, metadata={op_name="n"}
  %u = ((f32[1]{0}, f32[1]{0}), f32[2]{0}, s32[]) custom-call-update(%s)
  %copy = (f32[1]{0}, f32[1]{0}, u32[]) copy-start(%p)
  ROOT %d = f32[2]{0} custom-call-done(%u)
}
"""
