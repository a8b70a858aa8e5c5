"""Matching: by name, then by structure, whatever the order of the ops."""

from __future__ import annotations

import numpy as np
import pytest

from tests import graphs
from tests.analytics.made import layers, renumbered
from tpugraph_db.analytics.matched import match
from tpugraph_db.formats import read

SHAPE = "f32[8,8]{1,0}"


def chain_of(*opcodes, shape=SHAPE):
    return graphs.make_record(
        "chain", [(opcode, shape) for opcode in opcodes], [(at + 1, at) for at in range(len(opcodes) - 1)]
    )


def test_one_op_in_the_middle_unmatches_nothing_around_it():
    found = match(
        chain_of("parameter", "negate", "tanh", "copy"), chain_of("parameter", "negate", "exponential", "tanh", "copy")
    )
    assert found.b_of.tolist() == [0, 1, 3, 4]
    assert found.a_of.tolist() == [0, 1, -1, 2, 3]


def test_of_equal_ops_in_a_row_the_ends_hold():
    found = match(chain_of("parameter", "negate", "negate", "copy"), chain_of("parameter", *["negate"] * 3, "copy"))
    assert found.b_of.tolist() == [0, 1, 3, 4]


def test_a_retyped_op_is_found_by_what_stands_beside_it():
    graph = chain_of("parameter", "negate", "tanh", "copy")
    features = graph.features.copy()
    features[2] = chain_of("tanh", "copy", shape="bf16[8,8]{1,0}").features[0]
    assert match(graph, graph.replace(features=features)).b_of.tolist() == [0, 1, 2, 3]


def test_nothing_in_common():
    found = match(chain_of("parameter", "negate"), chain_of("iota", "tanh", shape="s32[4]{0}"))
    assert found.pairs == []


def test_one_layer_more_is_one_layer_that_is_added():
    found = match(layers(5), layers(6))
    added = np.flatnonzero(found.a_of < 0)
    assert (found.b_of >= 0).all()
    assert sorted(layers(6).opcodes[added].tolist()) == ["add", "dot", "tanh"]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_ops_does_not_matter(seed):
    graph = layers(4)
    place = np.random.default_rng(seed).permutation(len(graph))
    assert match(graph, renumbered(graph, place)).b_of.tolist() == place.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_twins_are_paired_side_by_side(seed):
    """Two equal chains from one parameter: which is which cannot be told, but their ops stay together."""
    ops = [(opcode, SHAPE) for opcode in ("parameter", "negate", "negate", "tanh", "tanh", "copy", "copy")]
    edges = np.array([(1, 0), (2, 0), (3, 1), (4, 2), (5, 3), (6, 4)])
    graph = graphs.make_record("twins", ops, edges, roots=[0])
    other = renumbered(graph, np.random.default_rng(seed).permutation(7))
    moved = match(graph, other).b_of[edges]
    assert {tuple(edge) for edge in moved.tolist()} == {tuple(edge) for edge in other.edges.tolist()}


def test_names_hold_where_structure_changes(hlo):
    before = hlo("a = f32[8]{0} parameter(0)", "x = f32[8]{0} negate(a)", "ROOT y = f32[8]{0} negate(x)")
    after = hlo("a = f32[8]{0} parameter(0)", "y = f32[8]{0} negate(a)", "ROOT x = f32[8]{0} negate(y)")
    found = match(before, after)
    assert found.b_of.tolist() == [0, 2, 1]
    assert found.named.all()


def test_a_name_of_another_opcode_is_none(hlo):
    before = hlo("a = f32[8]{0} parameter(0)", "ROOT x = f32[8]{0} negate(a)")
    after = hlo("a = f32[8]{0} parameter(0)", "ROOT x = f32[8]{0} tanh(a)")
    assert match(before, after).b_of.tolist() == [0, -1]


def test_renamed_ops_are_matched_by_structure(hlo):
    before = hlo("a = f32[8]{0} parameter(0)", "x = f32[8]{0} negate(a)", "ROOT y = f32[8]{0} tanh(x)")
    after = hlo("p = f32[8]{0} parameter(0)", "q = f32[8]{0} negate(p)", "ROOT r = f32[8]{0} tanh(q)")
    found = match(before, after)
    assert found.b_of.tolist() == [0, 1, 2]
    assert not found.named.any()


def test_numbers_that_have_moved_are_not_believed(hlo):
    before = hlo(
        "a = f32[8]{0} parameter(0)", "n.1 = f32[8]{0} negate(a)", "t = f32[8]{0} tanh(n.1)",
        "n.2 = f32[8]{0} negate(t)", "e = f32[8]{0} exponential(n.2)", "ROOT n.3 = f32[8]{0} negate(e)",
    )  # fmt: skip
    after = hlo(
        "a = f32[8]{0} parameter(0)", "n.1 = f32[8]{0} negate(a)", "n.2 = f32[8]{0} negate(n.1)",
        "t = f32[8]{0} tanh(n.2)", "n.3 = f32[8]{0} negate(t)", "e = f32[8]{0} exponential(n.3)",
        "ROOT n.4 = f32[8]{0} negate(e)",
    )  # fmt: skip
    assert match(before, after).b_of.tolist()[3:] == [4, 5, 6]


def test_constants_are_told_apart_by_their_values(hlo):
    lines = ["one = f32[] constant(1)", "two = f32[] constant(2)", "ROOT both = (f32[], f32[]) tuple(one, one)"]
    renamed = ["b = f32[] constant(2)", "a = f32[] constant(1)", "ROOT t = (f32[], f32[]) tuple(a, a)"]
    assert match(hlo(*lines), hlo(*renamed)).b_of.tolist() == [1, 0, 2]


def test_called_computations_follow_their_callers(tmp_path):
    text = graphs.LOWERED_TEXT
    renamed = text.replace("%sum", "%plus").replace("%fused", "%body").replace("%square", "%twice")
    paths = [tmp_path / "a.hlo", tmp_path / "b.hlo"]
    for path, content in zip(paths, (text, renamed), strict=True):
        path.write_text(content)
    assert match(*map(read, paths)).b_of.tolist() == list(range(11))
