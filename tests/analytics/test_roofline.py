import doctest

import numpy as np
import pytest

from tests import graphs
from tests.analytics.costs.programs import read
from tpugraph_db.analytics import provenance
from tpugraph_db.analytics.costs import contracted, trips
from tpugraph_db.analytics.costs import window as windows
from tpugraph_db.analytics.machines import Machine
from tpugraph_db.analytics.roofline import PROVENANCE, roofline

SLOW = Machine("slow", {"f32": 1e9, "bf16": 4e9}, 1e9, {"peak_flops": "-", "memory_bandwidth": "-"})
"""One flop of f32, and one byte, a nanosecond."""

PROGRAM = """\
  a = f32[64,64] parameter(0)
  b = bf16[64,64] parameter(1)
  d = f32[64,64] dot(a, a), lhs_contracting_dims={1}, rhs_contracting_dims={0}
  e = f32[64,64] dot(b, b), lhs_contracting_dims={1}, rhs_contracting_dims={0}
  n = f32[64,64] tanh(d)
  c = s8[64,64] convert(e)
  f = f32[64,64] fusion(n, e), kind=kLoop, calls=fused
  u = f32[64,64] custom-call(f), custom_call_target="mine"
"""
FUSED = """\
fused {
  p0 = f32[64,64] parameter(0)
  p1 = f32[64,64] parameter(1)
  m = f32[64,64] multiply(p0, p1)
  ROOT s = f32[64,64] sqrt(m)
}
"""
CELLS = 64 * 64
PRODUCT = 2 * CELLS * 64


@pytest.fixture(scope="module")
def made():
    return roofline(read(PROGRAM, FUSED), SLOW)


def at(made, name):
    return made.record.program.names.tolist().index(name)


@pytest.mark.parametrize(
    ("name", "compute", "memory", "bound"),
    [
        ("d", PRODUCT, 3 * 4 * CELLS, "compute"),
        ("e", PRODUCT / 4, (2 + 2 + 4) * CELLS, "compute"),
        ("n", CELLS, 8 * CELLS, "memory"),
        ("f", 2 * CELLS, 12 * CELLS, "memory"),
        ("a", 0, 0, ""),
        ("m", CELLS, 0, ""),
    ],
)
def test_each_op_by_hand(made, name, compute, memory, bound):
    op = at(made, name)
    assert (made.compute_ns[op], made.memory_ns[op]) == pytest.approx((compute, memory))
    assert made.modelled_ns[op] == pytest.approx(0 if name == "m" else max(compute, memory))
    assert made.bound[op] == bound


def test_a_type_without_a_peak_has_no_time(made):
    assert np.isnan(made.modelled_ns[at(made, "c")])
    assert made.assumed[[at(made, "c"), at(made, "d")]].tolist() == [True, False]


def test_a_type_that_another_stands_for():
    machine = Machine("slow", SLOW.peak_flops, 1e9, SLOW.sources, others="bf16")
    made = roofline(read(PROGRAM, FUSED), machine)
    assert made.compute_ns[at(made, "c")] == CELLS / 4
    assert made.assumed[at(made, "c")]


def test_rows_are_the_dearest_first_and_what_is_unknown_last(made):
    rows = made.top(100)
    assert [row[1] for row in rows] == ["d", "e", "f", "n", "c", "u"]
    assert rows.columns == ("op", "name", "opcode", "shape", *PROVENANCE, "provenance")
    first = dict(zip(rows.columns, rows.rows[0], strict=True))
    whole = sum((PRODUCT, PRODUCT / 4, 12 * CELLS, 8 * CELLS))
    assert first["modelled_share"] == pytest.approx(PRODUCT / whole)
    assert (first["runs"], first["flops"], first["bytes_accessed"]) == (1, PRODUCT, 12 * CELLS)
    fusion = dict(zip(rows.columns, rows.rows[2], strict=True))
    assert (fusion["flops"], fusion["transcendentals"]) == (CELLS, CELLS)
    assert rows.rows[-1][5:-1] == (None,) * 3 + (None,) * 5
    assert (len(made.top(2)), made.top(2).total) == (2, 6)


def test_headroom_where_it_was_measured():
    record = read(PROGRAM, FUSED)
    ns = np.zeros(len(record), np.int64)
    names = record.program.names.tolist()
    ns[names.index("d")], ns[names.index("u")] = 3 * PRODUCT, 100
    made = roofline(record.replace(measured_ns=ns), SLOW)
    assert made.headroom[at(made, "d")] == pytest.approx(3)
    assert np.isnan(made.headroom[at(made, "u")])
    assert np.isnan(made.headroom[at(made, "n")])
    assert np.isnan(roofline(record, SLOW).headroom).all()


def test_a_loop_takes_its_body_as_often_as_it_runs():
    functions = """\
test {
  tp = (s32[], f32[4]) parameter(0)
  ROOT lt = pred[] constant(true)
}

body {
  bp = (s32[], f32[4]) parameter(0)
  bi = s32[] get-tuple-element(bp), index=0
  bv = f32[4] get-tuple-element(bp), index=1
  bm = f32[4] multiply(bv, bv)
  ROOT bt = (s32[], f32[4]) tuple(bi, bm)
}
"""
    said = 'backend_config={"known_trip_count":{"n":"5"}}'
    made = roofline(
        read(f"  t = (s32[], f32[4]) parameter(0)\n  w = (s32[], f32[4]) while(t), condition=test, body=body, {said}",
             functions),
        SLOW,
    )  # fmt: skip
    assert made.modelled_ns[at(made, "w")] == 0
    assert made.total_modelled_ns[at(made, "w")] == 5 * (48 + 16)
    assert made.program_ns[at(made, "bm")] == 5 * 48
    assert made.top(1).rows[0][:2] == (at(made, "bm"), "bm")


def test_from_columns():
    made = roofline(graphs.chain(), SLOW)
    assert made.modelled_ns.tolist() == [0, 8192, 8192, 8192]
    assert [row[:4] for row in made.top(1)] == [(1, None, "negate", "f32[8,128]")]


def test_one_op_that_costs_nothing():
    made = roofline(graphs.make_record("one", [("parameter", "f32[]")], []), SLOW)
    assert made.top(10).rows == []


@pytest.mark.parametrize("module", [provenance, contracted, trips, windows])
def test_doctests(module):
    assert doctest.testmod(module).attempted > 0
    assert doctest.testmod(module).failed == 0
