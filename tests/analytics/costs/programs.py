"""HLO written by hand, and what its ops cost."""

from __future__ import annotations

from dataclasses import dataclass

from tpugraph_db.analytics.costs import Costs, op_costs_of
from tpugraph_db.formats.identity import Identity
from tpugraph_db.hlo import text
from tpugraph_db.hlo.record import record
from tpugraph_db.record import GraphRecord

FUNCTIONS = """\
add {
  ax = f32[] parameter(0)
  ay = f32[] parameter(1)
  ROOT as = f32[] add(ax, ay)
}

less {
  lx = f32[] parameter(0)
  ly = f32[] parameter(1)
  ROOT ls = pred[] compare(lx, ly), direction=LT
}

mixed {
  mx = f32[] parameter(0)
  my = f32[] parameter(1)
  mt = f32[] tanh(mx)
  mm = f32[] multiply(mt, my)
  ROOT ma = f32[] add(mm, my)
}
"""

OF_TWO = """\
two {
  a0 = f32[] parameter(0)
  a1 = f32[] parameter(1)
  b0 = f32[] parameter(2)
  b1 = f32[] parameter(3)
  c0 = f32[] add(a0, b0)
  c1 = f32[] multiply(a1, b1)
  ROOT c = (f32[], f32[]) tuple(c0, c1)
}
"""
"""A function that reduces two arrays at once, for ``to_apply=two``."""


@dataclass(frozen=True)
class Counted:
    """The costs of a program, by the names of its ops."""

    record: GraphRecord
    costs: Costs

    def at(self, name: str) -> int:
        assert self.record.program
        return self.record.program.names.tolist().index(name)

    def own(self, name: str) -> tuple[float, float, float]:
        """Flops, transcendentals, bytes: self."""
        at = self.at(name)
        return self.costs.flops[at], self.costs.transcendentals[at], self.costs.bytes_accessed[at]

    def total(self, name: str) -> tuple[float, float, float]:
        at, costs = self.at(name), self.costs
        return costs.total_flops[at], costs.total_transcendentals[at], costs.total_bytes_accessed[at]

    def runs(self, name: str) -> float:
        return self.costs.runs[self.at(name)]


def read(entry: str, functions: str = FUNCTIONS) -> GraphRecord:
    """The record of an entry's lines; the last is its root."""
    *lines, last = entry.strip().splitlines()
    body = "\n".join([*lines, f"  ROOT {last.strip()}"])
    program = text.program(f"HloModule m\n\n{functions}\nENTRY main {{\n{body}\n}}\n", "m.hlo")
    return record(program, Identity(None, "none", "m", "0" * 64))


def counted(entry: str, functions: str = FUNCTIONS, *, count_trips: bool = True) -> Counted:
    """The costs of an entry's ops."""
    made = read(entry, functions)
    return Counted(made, op_costs_of(made, count_trips=count_trips))
