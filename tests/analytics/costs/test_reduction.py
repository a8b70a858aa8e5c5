from tests.analytics.costs.programs import OF_TWO, counted

MATRIX = "a = f32[4,8] parameter(0)\n  z = f32[] constant(0)\n"
IMAGE = "a = f32[1,6,6,2] parameter(0)\n  z = f32[] constant(0)\n"


def test_reduce():
    found = counted(f"{MATRIX}  r = f32[4] reduce(a, z), dimensions={{1}}, to_apply=add")
    assert found.own("r") == (32 - 4, 0, 4 * (32 + 1 + 4))


def test_what_is_applied_is_counted_as_often_as_it_is():
    """mixed is a tanh and two flops."""
    found = counted(f"{MATRIX}  r = f32[8] reduce(a, z), dimensions={{0}}, to_apply=mixed")
    assert found.own("r")[:2] == (2 * 24, 24)
    assert found.total("r") == found.own("r")
    assert found.runs("mt") == 0


def test_reduce_of_several():
    found = counted(f"{MATRIX}  r = (f32[4], f32[4]) reduce(a, a, z, z), dimensions={{1}}, to_apply=two", OF_TWO)
    assert found.own("r") == (2 * 28, 0, 4 * (2 * 32 + 2 + 2 * 4))


def test_reduce_window():
    said = "window={size=1x2x2x1 stride=1x2x2x1}, to_apply=add"
    found = counted(f"{IMAGE}  w = f32[1,3,3,2] reduce-window(a, z), {said}")
    assert found.own("w") == (18 * 3, 0, 4 * (72 + 1 + 18))


def test_a_window_that_always_spans_a_dimension():
    """Size 11 over 6 with 5 of padding: each window has all six, so one sum is spread."""
    said = "window={size=1x11x1x1 pad=0_0x5_5x0_0x0_0}, to_apply=add"
    assert counted(f"{IMAGE}  w = f32[1,6,6,2] reduce-window(a, z), {said}").own("w")[0] == 72 / 6 + 5


def test_select_and_scatter():
    lines = f"{IMAGE}  s = f32[1,3,3,2] parameter(1)\n"
    said = "window={size=1x2x2x1 stride=1x2x2x1}, select=less, scatter=add"
    found = counted(f"{lines}  w = f32[1,6,6,2] select-and-scatter(a, s, z), {said}")
    assert found.own("w") == (18 * 3 + 18, 0, 4 * (72 + 18 + 1 + 72))


def test_scatter_touches_what_is_updated():
    lines = "a = f32[100,8] parameter(0)\n  i = s32[5,1] parameter(1)\n  u = f32[5,8] parameter(2)\n"
    said = "update_window_dims={1}, inserted_window_dims={0}, scatter_dims_to_operand_dims={0}, index_vector_dim=1"
    found = counted(f"{lines}  s = f32[100,8] scatter(a, i, u), {said}, to_apply=add")
    assert found.own("s") == (40, 0, 3 * 40 * 4 + 5 * 4)


def test_map_and_scan():
    lines = "a = f32[7] parameter(0)\n  z = f32[] constant(0)\n  m = f32[7] map(a, a), dimensions={0}, to_apply=mixed\n"
    found = counted(f"{lines}  s = (f32[7], f32[]) scan(a, z), dimensions={{0}}, num_carries=1, to_apply=add")
    assert found.own("m") == (14, 7, 3 * 28)
    assert found.own("s") == (7, 0, 28 + 4 + 28 + 4)


def test_sort():
    """10 elements: ceil(log2 10) = 4; one: nothing."""
    lines = (
        "a = f32[10] parameter(0)\n  s = f32[10] sort(a), dimensions={0}, to_apply=less\n  o = f32[1] parameter(1)\n"
    )
    found = counted(f"{lines}  t = f32[1] sort(o), dimensions={{0}}, to_apply=less")
    assert found.own("s") == (40, 0, 80)
    assert found.own("t") == (0, 0, 8)


def test_an_unknown_function_leaves_its_caller_unknown():
    functions = "odd {\n  p = f32[] parameter(0)\n  q = f32[] parameter(1)\n  ROOT h = f32[] hypot(p, q)\n}\n"
    found = counted(f"{MATRIX}  r = f32[4] reduce(a, z), dimensions={{1}}, to_apply=odd", functions)
    assert found.costs.unknown("flops") == {"reduce": 1}
    assert found.own("r")[2] == 4 * 37
