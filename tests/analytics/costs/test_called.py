import numpy as np
import pytest

from tests.analytics.costs.programs import counted

LOOP = """\
test {{
  tp = (s32[], f32[4]) parameter(0)
  ti = s32[] get-tuple-element(tp), index=0
  tn = s32[] constant({limit})
  ROOT lt = pred[] compare(ti, tn), direction={direction}
}}

body {{
  bp = (s32[], f32[4]) parameter(0)
  bi = s32[] get-tuple-element(bp), index=0
  step = s32[] constant({step})
  bn = s32[] add(bi, step)
  bv = f32[4] get-tuple-element(bp), index=1
  bm = f32[4] multiply(bv, bv)
  ROOT bt = (s32[], f32[4]) tuple(bn, bm)
}}
"""
ENTRY = """\
  start = s32[] constant(0)
  v = f32[4] parameter(0)
  t = (s32[], f32[4]) tuple(start, v)
  w = (s32[], f32[4]) while(t), condition=test, body=body"""
BODY, TEST = (1 + 4, 0, 12 + 48 + 16), (1, 0, 9)
"""One run of each: an add of s32[], a product of f32[4], a table of two parts; a comparison."""

FUSED = """\
fused {
  p0 = f32[16] parameter(0)
  p1 = f32[16] parameter(1)
  e = f32[16] exponential(p0)
  m = f32[16] multiply(e, p1)
  ROOT n = f32[16] add(m, p1)
}
"""


def loop(limit=10, step=1, direction="LT"):
    return LOOP.format(limit=limit, step=step, direction=direction)


def times(count):
    return tuple(count * body + (count + 1) * test for body, test in zip(BODY, TEST, strict=True))


@pytest.mark.parametrize(
    ("limit", "step", "direction", "trips"), [(10, 1, "LT", 10), (10, 3, "LT", 4), (10, 5, "LE", 3), (-4, -2, "GT", 2)]
)
def test_trip_counts_that_the_program_tells(limit, step, direction, trips):
    found = counted(ENTRY, loop(limit, step, direction))
    assert found.costs.trips[found.at("w")] == trips
    assert found.own("w") == (0, 0, 0)
    assert found.total("w") == times(trips)
    assert (found.runs("bm"), found.runs("lt"), found.runs("w")) == (trips, trips + 1, 1)


def test_a_trip_count_that_the_compiler_says():
    said = ENTRY + ', backend_config={"known_trip_count":{"n":"7"}}'
    assert counted(said, loop(direction="EQ")).total("w") == times(7)


@pytest.mark.parametrize("direction", ["EQ", "NE"])
def test_an_unknown_trip_count_counts_once_and_is_said(direction):
    found = counted(ENTRY, loop(step=3, direction=direction))
    assert found.costs.trips[found.at("w")] == -1
    assert found.total("w") == tuple(np.add(BODY, TEST))
    assert found.runs("bm") == 1


def test_a_start_that_is_not_constant_is_unknown():
    found = counted(ENTRY.replace("s32[] constant(0)", "s32[] parameter(1)"), loop())
    assert found.costs.trips.tolist().count(-1) == 1


def test_without_trips_a_body_counts_once():
    assert counted(ENTRY, loop(), count_trips=False).total("w") == tuple(np.add(BODY, TEST))


def test_self_times_runs_is_the_program():
    found = counted(ENTRY, loop())
    whole = found.costs.program()
    assert [found.costs.of_program(figure).sum() for figure in ("flops", "transcendentals", "bytes_accessed")] == [
        *whole
    ]
    assert whole == tuple(np.add(times(10), (0, 0, 16)))


def test_a_fusion_reads_its_operands_and_writes_its_output():
    lines = "a = f32[16] parameter(0)\n  b = f32[16] parameter(1)\n  f = f32[16] fusion(a, b), kind=kLoop, calls=fused"
    found = counted(lines, FUSED)
    assert found.own("f") == (0, 0, 3 * 64)
    assert found.total("f") == (32, 16, 3 * 64)
    assert found.own("m") == (16, 0, 0)
    assert found.costs.program() == (32, 16, 192)
    assert found.costs.fused.tolist() == [True] * 5 + [False] * 3


def test_a_fusion_reads_what_its_slices_take():
    body = """\
fused {
  p0 = f32[100,8] parameter(0)
  p1 = s32[] parameter(1)
  d = f32[1,8] dynamic-slice(p0, p1, p1), dynamic_slice_sizes={1,8}
  s = f32[1,8] slice(p0), slice={[0:1], [0:8]}
  ROOT m = f32[1,8] multiply(d, s)
}
"""
    lines = "a = f32[100,8] parameter(0)\n  i = s32[] parameter(1)\n"
    found = counted(f"{lines}  f = f32[1,8] fusion(a, i), kind=kLoop, calls=fused", body)
    assert found.own("f") == (0, 0, 32 + 32 + 4 + 32)


def test_a_fusion_that_updates_in_place_writes_the_update():
    body = """\
fused {
  p0 = f32[100,8] parameter(0)
  p1 = f32[1,8] parameter(1)
  p2 = s32[] parameter(2)
  n = f32[1,8] negate(p1)
  ROOT u = f32[100,8] dynamic-update-slice(p0, n, p2, p2)
}
"""
    lines = "a = f32[100,8] parameter(0)\n  b = f32[1,8] parameter(1)\n  i = s32[] parameter(2)\n"
    found = counted(f"{lines}  f = f32[100,8] fusion(a, b, i), kind=kLoop, calls=fused", body)
    assert found.own("f") == (0, 0, 0 + 32 + 4 + 32)


def test_constants_and_results_of_a_fusion():
    body = """\
fused {
  p0 = f32[2] parameter(0)
  one = f32[] constant(1)
  c = f32[2] constant({1, 2})
  s = f32[2] add(p0, c)
  ROOT t = (f32[2], f32[]) tuple(s, one)
}
"""
    found = counted("a = f32[2] parameter(0)\n  f = (f32[2], f32[]) fusion(a), kind=kLoop, calls=fused", body)
    assert found.own("f") == (0, 0, 8 + 4 + 8 + 8)


def test_a_fusion_inside_a_fusion_is_part_of_it():
    outer = (
        FUSED
        + """
outer {
  q = f32[16] parameter(0)
  g = f32[16] fusion(q, q), kind=kLoop, calls=fused
  ROOT r = f32[16] negate(g)
}
"""
    )
    found = counted("a = f32[16] parameter(0)\n  f = f32[16] fusion(a), kind=kLoop, calls=outer", outer)
    assert found.own("g") == (0, 0, 0)
    assert found.total("f")[:2] == (32 + 16, 16)


def test_the_dearest_branch_counts_and_every_branch_runs():
    branches = """\
cheap {
  ROOT c0 = f32[4] parameter(0)
}

dear {
  d0 = f32[4] parameter(0)
  d1 = f32[4] add(d0, d0)
  ROOT d2 = f32[4] add(d1, d1)
}
"""
    lines = "a = f32[4] parameter(0)\n  p = pred[] parameter(1)\n"
    found = counted(
        f"{lines}  i = f32[4] conditional(p, a, a), true_computation=cheap, false_computation=dear", branches
    )
    assert found.total("i") == (8, 0, 2 * 48)
    assert found.runs("d1") == 1


def test_calls_are_counted_for_each_caller():
    twice = "twice {\n  t0 = f32[4] parameter(0)\n  ROOT t1 = f32[4] add(t0, t0)\n}\n"
    lines = "a = f32[4] parameter(0)\n  b = f32[4] call(a), to_apply=twice\n  c = f32[4] call(b), to_apply=twice"
    found = counted(lines, twice)
    assert (found.own("b"), found.total("b"), found.total("c")) == ((0, 0, 0), (4, 0, 48), (4, 0, 48))
    assert found.runs("t1") == 2
    assert found.costs.program() == (8, 0, 96)


def test_what_nothing_calls_does_not_run():
    dead = "dead {\n  e0 = f32[4] parameter(0)\n  ROOT e1 = f32[4] hypot(e0, e0)\n}\n"
    found = counted("a = f32[4] parameter(0)\n  b = f32[4] negate(a)", dead)
    assert found.runs("e1") == 0
    assert found.costs.coverage("flops") == (2, 2)
    assert found.costs.unknown("flops") == {}


def test_what_is_unknown_adds_nothing_to_a_total():
    odd = "odd {\n  o0 = f32[4] parameter(0)\n  o1 = f32[4] hypot(o0, o0)\n  ROOT o2 = f32[4] add(o1, o1)\n}\n"
    found = counted("a = f32[4] parameter(0)\n  b = f32[4] call(a), to_apply=odd", odd)
    assert found.total("b") == (4, 0, 48)
    assert np.isnan(found.total("o1")).all()
