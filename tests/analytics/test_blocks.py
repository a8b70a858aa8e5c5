"""Repeated blocks: layers found again without their names."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import graphs, real, strategies
from tests.analytics.made import layers, renumbered
from tpugraph_db.analytics.blocks import Block, block_of, blocks


def alike(record, block):
    """Every copy is connected, apart from the others, of the same opcodes, and has the same edges within."""
    forward = record.to_networkx()
    copies = block.copies.tolist()
    assert len({op for copy in copies for op in copy}) == block.count * block.size
    inner = {tuple(sorted((copy.index(u), copy.index(v)) for u, v in forward.subgraph(copy).edges)) for copy in copies}
    assert len(inner) == 1
    assert len({tuple(record.opcodes[copy].tolist()) for copy in copies}) == 1
    assert nx.is_weakly_connected(forward.subgraph(copies[0]))


def test_layers_are_found_and_nothing_else():
    # 0 parameter, 1 constant; layers 2-4, 5-7, 8-10, 11-13; 14 copy
    (block,) = blocks(layers(4))
    assert block.copies.tolist() == [[2, 3, 4], [5, 6, 7], [8, 9, 10], [11, 12, 13]]
    assert (block.count, block.size) == (4, 3)
    assert block_of(layers(4), [block]).tolist() == [-1, -1, *[0] * 12, -1]


def test_two_layers_are_enough_and_one_is_not():
    assert [block.copies.tolist() for block in blocks(layers(2))] == [[[2, 3, 4], [5, 6, 7]]]
    assert blocks(layers(1)) == []
    assert blocks(layers(0)) == []


def test_an_op_that_stands_twice_in_a_layer_is_told_apart():
    (block,) = blocks(layers(5, ("dot", "tanh", "dot", "tanh", "add")))
    assert (block.count, block.size) == (5, 5)
    assert block.copies[0].tolist() == [2, 3, 4, 5, 6]


def test_a_block_has_as_many_ops_as_asked():
    assert blocks(layers(4), smallest=4) == []
    assert len(blocks(layers(4), smallest=3)) == 1


def test_the_larger_saving_comes_first():
    ops = [("parameter", "f32[4]{0}")]
    edges = []
    for opcodes, count in ((("tanh", "exponential"), 4), (("dot", "add", "multiply", "negate"), 3)):
        for _ in range(count):
            for place, opcode in enumerate(opcodes):
                edges.append((len(ops), len(ops) - 1 if place else 0))
                ops.append((opcode, "f32[4]{0}"))
    found = blocks(graphs.make_record("branches", ops, edges, roots=[]))
    assert [(block.count, block.size) for block in found] == [(3, 4), (4, 2)]
    assert found[0].copies.tolist() == [[9, 10, 11, 12], [13, 14, 15, 16], [17, 18, 19, 20]]


@pytest.mark.parametrize("record", [graphs.chain(), graphs.diamond(), graphs.lowered()], ids=lambda r: r.name)
def test_nothing_repeats(record):
    assert blocks(record) == []


@given(st.randoms(use_true_random=False))
def test_the_order_of_ops_changes_nothing(random):
    record = layers(3, ("dot", "tanh", "dot", "add"))
    place = list(range(len(record)))
    random.shuffle(place)
    found = blocks(renumbered(record, np.array(place)))
    assert {frozenset(place.index(op) for op in copy) for copy in found[0].copies.tolist()} == {
        frozenset(copy) for copy in blocks(record)[0].copies.tolist()
    }


@given(strategies.costed_edges(), st.integers(2, 3))
def test_copies_are_alike_apart_and_connected(made, times):
    """Any graph several times over, side by side."""
    ops = [(("add", "multiply", "dot")[int(cost) % 3], "f32[]") for cost in made[0]]
    edges = np.unique(made[1], axis=0)
    many = np.concatenate([edges + len(ops) * copy for copy in range(times)])
    record = graphs.make_record("many", ops * times, many.tolist(), roots=[])
    found = blocks(record)
    for block in found:
        alike(record, block)
    assert max(Counter(op for block in found for op in block.copies.ravel().tolist()).values(), default=1) == 1


def test_a_transformer_has_as_many_blocks_as_layers(data):
    record = real.record(data, "nlp hidden")
    found = blocks(record)
    assert (found[0].count, found[0].size) == (24, 659)
    alike(record, found[0])
    again = blocks(record.replace(edges=record.edges[np.random.default_rng(1).permutation(len(record.edges))]))
    assert [block.copies.tolist() for block in again] == [block.copies.tolist() for block in found]


def test_blocks_are_equal_by_their_ops():
    assert Block(np.array([[1, 2]])) == Block(np.array([[1, 2]]))
    assert Block(np.array([[1, 2]])) != Block(np.array([[2, 1]]))
