import pytest

from tests.collect.traced import traced
from tests.hlo.programs import PROGRAMS
from tpugraph_db.collect.sites import Site
from tpugraph_db.collect.tie import tie
from tpugraph_db.hlo import text

MODULE = """\
HloModule jit_f

ENTRY main {
  x = f32[2,3]{1,0} parameter(0), metadata={op_name="x"}
  a = f32[3,2]{1,0} transpose(x), dimensions={1,0}, metadata={op_name="jit(f)/tpudb.site.0/transpose"}
  b = f32[6]{0} reshape(a), metadata={op_name="jit(f)/reshape"}
  c = f32[3,2]{1,0} reshape(b), metadata={op_name="jit(f)/jvp(tpudb.site.1)/reshape"}
  d = f32[3,2]{1,0} negate(c), metadata={op_name="jit(f)/tpudb.site.2/dot_general"}
  ROOT e = f32[2,3]{1,0} transpose(d), dimensions={1,0}, metadata={op_name="transpose(jvp(tpudb.site.11))/transpose"}
}
"""


def read(hlo):
    return text.program(hlo, "x.hlo")


def site(number, opcode, *dims):
    return Site(number, opcode, dims)


SITES = [site(0, "transpose", 3, 2), site(1, "reshape", 3, 2), *(site(n, "transpose", 2, 3) for n in range(2, 12))]


def test_the_scope_names_the_op():
    assert tie(read(MODULE), SITES) == {0: 1, 1: 3, 11: 5}


def test_one_op_no_more():
    twice = MODULE.replace("jit(f)/reshape", "jit(f)/tpudb.site.0/reshape")
    assert tie(read(twice), SITES)[0] == 1
    twice = MODULE.replace("tpudb.site.11", "tpudb.site.0")
    assert tie(read(twice), SITES) == {1: 3}


def test_another_shape_is_another_op():
    assert tie(read(MODULE), [site(0, "transpose", 2, 3), *SITES[1:]]) == {1: 3, 11: 5}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_site_of_the_programs_is_one_op(name):
    program = traced(name)
    hlo = read(program.lower({}).as_text("hlo", debug_info=True))
    sites = list(program.sites.values())
    ops = tie(hlo, sites)
    assert list(ops) == [site.number for site in sites]
    assert len(set(ops.values())) == len(sites)
    assert [hlo.opcodes[op] for op in ops.values()] == [site.opcode for site in sites]
