"""Our figures against XLA's own cost analysis."""

import numpy as np
import pytest

from benchmarks.xla_costs import PLAIN, one_op_costs
from tests.analytics.costs import programs as programs_by_hand
from tests.hlo import oracle, programs
from tpugraph_db.analytics.costs import op_costs_of
from tpugraph_db.analytics.costs.elementwise import ARITHMETIC, TRANSCENDENTAL
from tpugraph_db.analytics.costs.readings import BINARY
from tpugraph_db.formats import read
from tpugraph_db.formats.identity import Identity
from tpugraph_db.hlo import text
from tpugraph_db.hlo.record import record

OWN = {
    "batch-norm-grad": "XLA counts no flops",
    "batch-norm-inference": "XLA counts no flops",
    "batch-norm-training": "XLA counts no flops",
    "ragged-dot": "XLA takes the rows away",
    "scan": "XLA counts one step",
    "topk": "XLA counts no flops, which is not what it takes",
}
"""Opcodes whose flops are meant to differ."""
SIZES = {"dynamic-reshape": "XLA's CPU keeps sizes beside a dynamic array", "set-dimension-size": "the same"}
"""Opcodes whose bytes differ by the device's own way of storing."""

SAID = {"compare": ", direction=EQ", "reduce-precision": ", exponent_bits=5, mantissa_bits=10"}


def test_every_opcode_one_by_one():
    made = read(oracle.EVERY_OPCODE)
    xla = one_op_costs(made.program, oracle.EVERY_OPCODE.read_text())
    ours = op_costs_of(made, count_trips=False)
    for op, (name, opcode) in enumerate(zip(made.program.names, made.program.opcodes, strict=True)):
        if name not in xla or opcode == "custom-call":
            continue
        flops, moved, transcendentals = xla[name]
        if opcode not in OWN:
            assert (ours.total_flops[op], ours.total_transcendentals[op]) == (flops, transcendentals), name
        if opcode not in SIZES:
            assert ours.total_bytes_accessed[op] == moved, name


def test_every_elementwise_opcode():
    lines = ["  x = f32[3,5]{1,0} parameter(0)"]
    for opcode in (*ARITHMETIC, *TRANSCENDENTAL):
        given = ", ".join(["x"] * operands(opcode))
        lines.append(f"  r.{opcode} = f32[3,5]{{1,0}} {opcode}({given}){SAID.get(opcode, '')}")
    made = programs_by_hand.read("\n".join(lines), functions="")
    xla = one_op_costs(made.program, "HloModule m\n\nENTRY ")
    ours = op_costs_of(made)
    for op, name in enumerate(made.program.names):
        if name != "x":
            assert (ours.flops[op], ours.bytes_accessed[op], ours.transcendentals[op]) == xla[name], name


def operands(opcode):
    return 3 if opcode in ("clamp", "select") else 2 if opcode in BINARY else 1


def test_what_differs_is_meant_to():
    made = read(oracle.EVERY_OPCODE)
    ours = op_costs_of(made, count_trips=False)
    assert set(OWN) | set(SIZES) <= set(made.opcodes.tolist())
    assert np.isnan(ours.flops[made.opcodes == "custom-call"]).all()
    assert not set(PLAIN) & set(OWN)


@pytest.mark.parametrize("name", ["mlp", "conv_net", "reductions", "slices"])
def test_totals_of_programs(name):
    import jax

    function, shapes = programs.PROGRAMS[name]
    said = jax.jit(function).lower(*shapes).compile().cost_analysis()
    made = record(text.program(programs.optimized(name), name), Identity(None, "none", name, "0" * 64))
    ours = op_costs_of(made, count_trips=False).program()
    expected = [said.get(key, 0.0) for key in ("flops", "transcendentals", "bytes accessed")]
    np.testing.assert_allclose(ours, expected, rtol=1e-6)
