"""What XLA prints of JAX programs is read as XLA itself holds it."""

from __future__ import annotations

import re

import pytest

from tests.hlo import oracle, programs
from tests.hlo.oracle import xla
from tests.hlo.seen import computations
from tpugraph_db.hlo.text import pattern, program, read
from tpugraph_db.program import Program

SPELT = {
    "clz": "count-leading-zeros",
    "cos": "cosine",
    "exp": "exponential",
    "expm1": "exponential-minus-one",
    "log1p": "log-plus-one",
    "optimization-barrier": "opt-barrier",
    "population-count": "popcnt",
    "sin": "sine",
    "top-k": "topk",
}
"""Opcodes that XLA prints otherwise than it names them."""

View = dict[str, dict[str, tuple[str, list[str]]]]
"""computation -> instruction -> opcode and operands."""


def options(**changed: bool) -> xla.HloPrintOptions:
    made = xla.HloPrintOptions()
    for name, value in changed.items():
        setattr(made, name, value)
    return made


STYLES = {
    "usual": options(),
    "short": xla.HloPrintOptions.short_parsable(),
    "operand shapes": options(print_operand_shape=True),
    "no percent": options(print_percent=False),
    "operand shapes, no percent": options(print_operand_shape=True, print_percent=False),
    "large constants": options(print_large_constants=True),
    "no layouts": options(include_layout_in_shapes=False),
    "no signatures": options(print_program_shape=False),
}


def ours(program: Program) -> View:
    return {
        name: {op: (one.opcode, one.operands) for op, one in inside.items()}
        for name, inside in computations(program).items()
    }


def theirs(module: xla.HloModule) -> View:
    return {
        computation.name: {
            one.name: (opcode(one), [operand.name for operand in one.operands()]) for one in computation.instructions()
        }
        for computation in module.computations()
    }


def opcode(instruction: xla.HloInstruction) -> str:
    camel = instruction.opcode.name.removeprefix("k")
    kebab = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", camel).lower()
    return SPELT.get(kebab, kebab)


def before(name: str) -> xla.HloModule:
    return xla.HloModule.from_serialized_hlo_module_proto(programs.proto(name))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_before_optimisation(name, style):
    module = before(name)
    found, unknown = read(module.to_string(STYLES[style]), name)
    assert ours(found) == theirs(module)
    assert (found.module, found.computation_names[found.entry]) == (module.name, module.computations()[-1].name)
    assert unknown == {}


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_after_optimisation(name):
    text = programs.optimized(name)
    found, unknown = read(text, name)
    assert ours(found) == theirs(xla.hlo_module_from_text(text))
    assert unknown == {}


@pytest.mark.parametrize("name", [name for name in programs.PROGRAMS if name != "all_reduce"])
def test_names_of_computations_in_place_are_xlas(name):
    """XLA refuses what it prints of a reduce-scatter so."""
    text = before(name).to_string(xla.HloPrintOptions.canonical())
    assert ours(program(text, name)) == theirs(xla.hlo_module_from_text(text))


@pytest.mark.parametrize("style", ["usual", "short", "operand shapes"])
def test_every_opcode(style):
    module = xla.hlo_module_from_text(oracle.EVERY_OPCODE.read_text())
    found, unknown = read(module.to_string(STYLES[style]), "every")
    assert ours(found) == theirs(module)
    assert unknown == {}


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_a_mark_at_a_time_is_the_same(name, monkeypatch):
    texts = [before(name).to_string(style) for style in STYLES.values()] + [programs.optimized(name)]
    fast = [program(text, name) for text in texts]
    monkeypatch.setattr(pattern, "LINE", re.compile(r"(?!)"))
    assert [program(text, name) for text in texts] == fast
