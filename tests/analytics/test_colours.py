"""Colours: equal surroundings, whatever the ops are called and in whatever order they stand."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests import graphs, strategies
from tests.analytics.made import layers, renumbered
from tpugraph_db.analytics.colours import Refinement, converged, distinct, uses
from tpugraph_db.formats import read

SHAPE = "f32[8]{0}"


def chain_of(*opcodes, shape=SHAPE):
    edges = [(at + 1, at) for at in range(len(opcodes) - 1)]
    return graphs.make_record("chain", [(opcode, shape) for opcode in opcodes], edges)


def sizes(colours):
    return sorted(Counter(colours.tolist()).values())


def test_each_round_sees_one_step_further():
    refinement = Refinement(chain_of(*["negate"] * 6))
    assert sizes(refinement.colours) == [6]
    assert sizes(refinement.round()) == [1, 1, 4]  # both ends, and what has a neighbour on either side
    assert sizes(refinement.round()) == [1, 1, 1, 1, 2]
    assert converged(chain_of(*["negate"] * 6))[1] == 3


def test_what_an_op_is_counts_but_its_layout_its_place_and_its_name():
    first = Refinement(chain_of("negate", "tanh", shape="f32[4,8]{1,0}")).colours
    assert first[0] != first[1]
    assert first[1] == Refinement(chain_of("tanh", shape="f32[4,8]{0,1}")).colours[0]
    assert first[1] != Refinement(chain_of("tanh", shape="f32[8,4]{1,0}")).colours[0]
    assert first[1] != Refinement(chain_of("tanh", shape="bf16[4,8]{1,0}")).colours[0]


PROGRAM = """HloModule m
{bodies}
ENTRY main {{
  a = f32[8]{{0}} parameter(0)
  b = f32[8]{{0}} negate(a)
  zero = f32[] constant(0)
  c = f32[8]{{0}} subtract({operands})
  ROOT r = f32[] reduce(c, zero), dimensions={{0}}, to_apply={body}
}}
"""


def program(tmp_path, operands="a, b", opcode="add", body="f"):
    function = f"{body} {{\n  x = f32[] parameter(0)\n  y = f32[] parameter(1)\n  ROOT z = f32[] {opcode}(x, y)\n}}\n"
    path = tmp_path / "m.hlo"
    path.write_text(PROGRAM.format(bodies=function, operands=operands, body=body))
    return read(path)


def test_operands_have_an_order_where_the_source_says_it(tmp_path):
    one, other = (program(tmp_path, operands) for operands in ("a, b", "b, a"))
    assert uses(one).place.tolist() == [0, 1, 0, 0, 1, 0, 1]
    assert converged(one)[0][6] != converged(other)[0][6]
    assert converged(one)[0].tolist() == converged(program(tmp_path))[0].tolist()


def test_what_is_called_is_part_of_the_caller(tmp_path):
    first = Refinement(program(tmp_path)).colours
    assert first[7] != Refinement(program(tmp_path, opcode="multiply")).colours[7]
    assert first[7] == Refinement(program(tmp_path, body="another_name")).colours[7]
    assert first[3:7].tolist() == Refinement(program(tmp_path, opcode="multiply")).colours[3:7].tolist()


@given(st.randoms(use_true_random=False), st.integers(0, 4))
def test_the_order_of_ops_changes_nothing(random, count):
    record = layers(count)
    place = list(range(len(record)))
    random.shuffle(place)
    found, rounds = converged(renumbered(record, np.array(place)))
    assert (found[place].tolist(), rounds) == (converged(record)[0].tolist(), converged(record)[1])


def by_hand(opcodes, edges):
    """Colour refinement with tuples in place of numbers; a number for each op's colour."""
    colours = list(opcodes)
    for _ in range(len(colours)):
        forth, back = ([[] for _ in colours] for _ in range(2))
        for consumer, producer in edges:
            forth[consumer].append(colours[producer])
            back[producer].append(colours[consumer])
        keys = [(colours[v], *map(tuple, map(sorted, (forth[v], back[v])))) for v in range(len(colours))]
        numbers = {key: number for number, key in enumerate(sorted(set(keys)))}
        colours = [numbers[key] for key in keys]
    return colours


@given(strategies.costed_edges())
def test_they_part_what_refinement_by_hand_parts(made):
    opcodes = [int(cost) % 2 for cost in made[0]]
    edges = np.unique(made[1], axis=0).tolist()
    ops = [(("add", "multiply")[opcode], "f32[]") for opcode in opcodes]
    record = graphs.make_record("any", ops, edges, roots=[])
    found, hand = converged(record)[0].tolist(), by_hand(opcodes, edges)
    assert len(set(zip(found, hand, strict=True))) == len(set(found)) == len(set(hand))


def test_distinct_numbers():
    assert distinct(np.array([3, 1, 3, 2, 1])).tolist() == [1, 2, 3]
    assert distinct(np.empty(0, np.int64)).tolist() == []
