import re

import jax
import jax.numpy as jnp
import pytest

from tests.collect.traced import direct, traced
from tests.hlo.programs import PROGRAMS
from tpugraph_db.collect.draw import draw
from tpugraph_db.collect.outputs import difference, fetched


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_results_are_the_programs_own(name):
    program = traced(name)
    for layouts in draw(list(program.sites.values()), 3, seed=1):
        found = program.lower(layouts).compile()(*program.inputs)
        assert difference(fetched(direct(name)), fetched(found)) == ""


def constraints(name, layouts):
    """minor_to_major of each constraint that is asked of XLA."""
    text = traced(name).lower(layouts).as_text()
    results = re.findall(r"@LayoutConstraint\(.*?result_layouts = \[dense<(.*?)>", text)
    return [tuple(map(int, re.findall(r"\d+", result))) for result in results]


def test_a_layout_is_minor_to_major():
    assert constraints("attention", {0: (0, 2, 1)}) == [(0, 2, 1)]
    compiled = traced("attention").lower({0: (0, 2, 1)}).compile().as_text()
    assert re.search(r"f32\[2,8,96\]\{0,2,1\}", compiled)


def test_only_the_chosen_outputs():
    assert constraints("attention", {}) == []
    assert len(constraints("attention", {0: (2, 1, 0), 4: (3, 2, 1, 0)})) == 2


@pytest.mark.parametrize("name", ["lstm", "checkpointed"])
def test_inside_a_function(name):
    inside = [site.number for path, site in traced(name).sites.items() if len(path) > 1]
    assert constraints(name, {inside[0]: (0, 1)}) == [(0, 1)]


def test_source_lines_are_the_users():
    text = traced("mlp").lower({}).as_text("hlo", debug_info=True)
    assert "programs.py" in text


def test_what_a_constraint_costs_the_rest_of_the_program_is_nothing():
    jaxpr = jax.make_jaxpr(lambda x: jnp.sin(x))(jnp.ones(3))
    from tpugraph_db.collect.constrain import constrained

    again = jax.make_jaxpr(constrained(jaxpr.jaxpr, {}, {}))(jnp.ones(3))
    assert str(again) == str(jaxpr)
