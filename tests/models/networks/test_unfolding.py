import numpy as np
import pytest

from tests.models import made
from tpugraph_db.models.networks.unfolding import Unfolding

CHAIN = np.array([[1, 0], [2, 1], [3, 2]])
DIAMOND = np.array([[1, 0], [2, 0], [3, 1], [3, 2]])


def rows(unfolded):
    """How many there are, layer by layer."""
    return [len(unfolded.op), *(layer.rows for layer in unfolded.layers)]


def test_rows_of_a_chain_by_hand():
    # op 1 is configurable, with two choices: 1 2 1 1, then 2 2 2 1, then 2 2 2 2
    unfolded = Unfolding(4, CHAIN, np.array([-1, 0, -1, -1]), depth=2)(np.array([[0], [1], [0]]))
    assert rows(unfolded) == [5, 7, 8]
    assert unfolded.op.tolist() == [0, 1, 1, 2, 3]
    assert sorted(unfolded.choice.tolist()) == [-1, -1, -1, 0, 1]
    assert unfolded.choice[[0, 3, 4]].tolist() == [-1, -1, -1]
    assert [len(np.unique(place)) for place in unfolded.place] == [2, 2, 2, 2]
    assert unfolded.place[:, 0].tolist() == unfolded.place[:, 2].tolist()


def test_rows_of_a_diamond_by_hand():
    # ops 1 and 2 are configurable; of four configurations three differ, and two in each of the slots alone
    choices = np.array([[0, 2], [1, 2], [0, 3], [0, 2]])
    unfolded = Unfolding(4, DIAMOND, np.array([-1, 0, 1, -1]), depth=2)(choices)
    assert rows(unfolded) == [1 + 2 + 2 + 1, 3 + 2 + 2 + 3, 3 + 3 + 3 + 3]
    assert [len(np.unique(place)) for place in unfolded.place] == [3, 3, 3, 3]


def test_messages_of_a_chain_by_hand():
    unfolded = Unfolding(4, CHAIN, np.array([-1, 0, -1, -1]), depth=1)(np.array([[0], [1]]))
    assert rows(unfolded) == [5, 7]
    (layer,) = unfolded.layers
    op = np.array([0, 0, 1, 1, 2, 2, 3])  # of the rows after it
    forward, backward = layer.forward, layer.backward
    # each row hears from one producer, but for the first op's two
    assert forward.into.tolist() == [2, 3, 4, 5, 6]
    assert forward.edge.tolist() == [0, 0, 1, 1, 2]
    assert unfolded.op[forward.out_of].tolist() == [0, 0, 1, 1, 2]
    assert unfolded.op[layer.own].tolist() == op.tolist()
    # backwards from one consumer, but for the last op's one; op 2 hears from the one row of op 3 twice
    assert backward.into.tolist() == [0, 1, 2, 3, 4, 5]
    assert backward.edge.tolist() == [0, 0, 1, 1, 2, 2]
    assert unfolded.op[backward.out_of].tolist() == [1, 1, 2, 2, 3, 3]
    # op 2 has heard of the choice that its row is of
    heard = unfolded.choice[forward.out_of[2:4]]
    assert heard[unfolded.place[2] - 4].tolist() == [0, 1]


def test_an_op_out_of_reach_has_one_row_whatever_is_asked():
    unfolding = Unfolding(4, CHAIN, np.array([0, -1, -1, -1]), depth=2)
    for size in (1, 3, 50):
        unfolded = unfolding(np.arange(size)[:, None])
        assert (unfolded.op == 3).sum() == 1
        assert len(np.unique(unfolded.place[3])) == 1
        assert rows(unfolded) == [size + 3, 2 * size + 2, 3 * size + 1]


def test_without_layers_there_are_ops_and_choices():
    unfolded = Unfolding(4, CHAIN, np.array([-1, 0, -1, -1]), depth=0)(np.array([[1], [1]]))
    assert unfolded.layers == ()
    assert unfolded.choice.tolist() == [-1, 1, -1, -1]
    assert unfolded.place.tolist() == [[0, 0], [1, 1], [2, 2], [3, 3]]


def test_one_op_and_no_edges():
    unfolded = Unfolding(1, np.empty((0, 2), np.int64), np.array([0]), depth=2)(np.array([[0], [1], [1]]))
    assert rows(unfolded) == [2, 2, 2]
    assert unfolded.place[0, 1] == unfolded.place[0, 2] != unfolded.place[0, 0]


def test_the_same_rows_each_time_and_of_choices_that_come_later():
    unfolding = Unfolding(4, DIAMOND, np.array([-1, 0, 1, -1]), depth=1)
    first = unfolding(np.array([[0, 1], [0, 1]]))
    assert rows(unfolding(np.array([[0, 900], [5, 900]]))) == [5, 7]
    again = unfolding(np.array([[0, 1], [0, 1]]))
    assert again.place.tolist() == first.place.tolist() == [[0, 0], [1, 1], [2, 2], [3, 3]]


def scrambled(numbers):
    """Whole numbers that wrap round, so that sums are exact; no two become one (splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def mixed(own, forward, backward):
    """Something that tells different neighbourhoods apart."""
    return scrambled(own * np.uint64(3) + scrambled(forward) * np.uint64(5) + scrambled(backward + np.uint64(1)))


def first(op, choice):
    return scrambled(op.astype(np.uint64) * np.uint64(1 << 32) + (choice + 2).astype(np.uint64))


def heard(size, into, out_of, edge, states):
    """Sums of states, each times a number of its edge."""
    sums = np.zeros(size, np.uint64)
    np.add.at(sums, into, states[out_of] * (edge.astype(np.uint64) * np.uint64(2) + np.uint64(1)))
    return sums


def dense(given, choices, depth):
    """(n,): states after ``depth`` layers under one configuration, over all ops."""
    own = np.where(given.slots >= 0, choices[np.maximum(given.slots, 0)], -1)
    states, edge = first(np.arange(len(given)), own), np.arange(len(given.edges))
    consumers, producers = given.edges.T
    for _ in range(depth):
        forward = heard(len(given), consumers, producers, edge, states)
        backward = heard(len(given), producers, consumers, edge, states)
        states = mixed(states, forward, backward)
    return states


@pytest.mark.parametrize("seed", range(25))
def test_it_is_the_computation_over_all_ops(seed):
    given = made.random_inputs(seed, ops=5 + seed, slots=1 + seed % 5, configs=1 + 2 * seed)
    depth = seed % 4
    unfolded = Unfolding(len(given), given.edges, given.slots, depth)(given.choices)
    states = first(unfolded.op, unfolded.choice)
    for layer in unfolded.layers:
        sums = (heard(layer.rows, m.into, m.out_of, m.edge, states) for m in (layer.forward, layer.backward))
        states = mixed(states[layer.own], *sums)
    expected = np.stack([dense(given, choices, depth) for choices in given.choices], axis=1)
    assert (states[unfolded.place] == expected).all()
    assert max(rows(unfolded)) <= len(given) * len(given.choices)
    # and no two rows of an op are one: what is equal is shared
    distinct = sum(len(np.unique(of_op)) for of_op in expected)
    assert rows(unfolded)[-1] == distinct


def test_the_wrong_sharing_would_be_seen():
    given = made.random_inputs(3, configs=9)
    states = np.stack([dense(given, choices, 2) for choices in given.choices], axis=1)
    assert len(np.unique(states)) > len(given)
