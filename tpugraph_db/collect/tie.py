"""Which HLO op each site became: the named scope that it stands in is in the op's metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tpugraph_db.collect.sites import SCOPE, Site
from tpugraph_db.hlo import shape
from tpugraph_db.program import Program

_NUMBER = re.compile(re.escape(SCOPE) + r"(\d+)\)*/[^/]*$")
"""Transforms put what they have made in brackets: ``jit(f)/transpose(jvp(tpudb.site.3))/dot_general``."""


def tie(program: Program, sites: Sequence[Site]) -> dict[int, int]:
    """Number of a site -> index of its HLO op, for the sites that became exactly one op of their opcode and shape."""
    opcodes, shapes, named = program.opcodes.tolist(), program.shapes.tolist(), program.op_name.tolist()
    found: dict[int, list[int]] = {site.number: [] for site in sites}
    for index, name in enumerate(named):
        match = _NUMBER.search(name)
        if match and opcodes[index] == sites[int(match[1])].opcode:
            found[int(match[1])].append(index)
    single = {number: ops[0] for number, ops in found.items() if len(ops) == 1}
    return {number: op for number, op in single.items() if shape.parse(shapes[op]).dims == sites[number].dims}
