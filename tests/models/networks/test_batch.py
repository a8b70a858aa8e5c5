import numpy as np
import pytest
import torch

from tests import graphs
from tests.models import made
from tests.models.networks.test_propagate import BACKENDS
from tpugraph_db.models.features.inputs import inputs
from tpugraph_db.models.networks.batch import Prepared, mean, symmetric

EDGES = np.array([[1, 0], [2, 0], [3, 1], [3, 2], [3, 0]])
"""The diamond and a shortcut: op 0 has three consumers, op 3 three producers."""


def prepared(record, depth=2, weights=mean):
    return Prepared(inputs(record), made.statistics(record), depth, weights, "torch")


def sums(count, ends, weights, states):
    """(n, d): of states of what is before, into what is after."""
    found = np.zeros((count, states.shape[1]))
    for (after, before), weight in zip(ends, weights, strict=True):
        found[after] += weight * states[before]
    return found


def test_symmetric_weights_by_hand():
    forward, backward = symmetric(EDGES, 4)
    assert forward.tolist() == pytest.approx([1 / np.sqrt(w) for w in (1 * 3, 1 * 3, 3 * 1, 3 * 1, 3 * 3)])
    assert backward.tolist() == forward.tolist()
    assert forward.dtype == np.float32


def test_mean_weights_by_hand():
    forward, backward = mean(EDGES, 4)
    assert forward.tolist() == pytest.approx([1, 1, 1 / 3, 1 / 3, 1 / 3])
    assert backward.tolist() == pytest.approx([1 / 3, 1 / 3, 1, 1, 1 / 3])
    assert forward.dtype == backward.dtype == np.float32


def test_a_batch_has_the_default_behind_it():
    graph = prepared(graphs.diamond())
    batch = graph.batch(np.array([1, 2]))
    assert batch.place.shape == (4, 3)
    last = prepared(graphs.diamond(), depth=0).batch(np.array([1, 2]))
    assert last.choice[last.place[:, -1]].tolist() == [-1, 0, 2, -1]
    assert last.choice[last.place[:, 0]].tolist() == [-1, 1, 2, -1]
    assert last.choice[last.place[:, 1]].tolist() == [-1, 0, 3, -1]


def test_a_step_is_the_weighted_sum_over_neighbours():
    graph = prepared(graphs.diamond(), depth=1)
    batch = graph.batch(np.array([1]))
    (step,) = batch.steps
    rows = torch.arange(len(batch.op), dtype=torch.float32)[:, None] + 1
    before = prepared(graphs.diamond(), depth=0).batch(np.array([1])).place.numpy()
    edges, (forward, backward) = graph.inputs.edges, mean(graph.inputs.edges, 4)
    for config in (0, 1):
        states = rows[before[:, config]].numpy()
        place = batch.place[:, config]
        assert step.forward(rows)[place].numpy() == pytest.approx(sums(4, edges, forward, states))
        assert step.backward(rows)[place].numpy() == pytest.approx(sums(4, edges[:, ::-1], backward, states))
        assert rows[step.own][place].numpy() == pytest.approx(states)


def test_the_whole_step_is_between_ops():
    graph = prepared(made.layout_graph(), depth=0)
    states = torch.tensor([[1.0], [2], [4], [8], [16], [32], [64]])
    assert graph.whole.forward(states).flatten().tolist() == [0, 1, 1, 3, 8, 8.5, 0]
    assert graph.whole.backward(states).flatten().tolist() == pytest.approx([38 / 3, 8, 8, 16, 32, 0, 0])
    assert graph.whole.own.tolist() == list(range(7))


def test_levels_by_hand():
    graph = prepared(made.layout_graph(), depth=0)
    order, found = graph.levels[0]
    assert order.tolist() == [0, 6, 1, 2, 3, 4, 5]
    assert [level.ops for level in found] == [slice(0, 2), slice(2, 4), slice(4, 5), slice(5, 6), slice(6, 7)]
    assert [level.sources.tolist() for level in found] == [[], [0], [2, 3], [4], [0, 5]]
    assert found[2].gather(torch.tensor([[1.0], [2], [10], [20], [3], [4], [5]])).tolist() == [[15]]
    assert found[4].scatter(torch.tensor([[7.0]])).tolist() == [[3.5], [3.5]]


def test_levels_backward_by_hand():
    graph = prepared(made.layout_graph(), depth=0)
    order, found = graph.levels[1]
    assert order.tolist() == [5, 6, 4, 3, 1, 2, 0]
    assert [level.sources.tolist() for level in found] == [[], [0], [2], [3], [0, 4, 5]]
    assert found[4].gather(torch.tensor([[3.0], [1], [1], [1], [6], [9], [1]])).tolist() == [[6]]
    assert found[3].scatter(torch.tensor([[1.0], [2]])).tolist() == [[3]]


@pytest.mark.parametrize("name", BACKENDS)
def test_scatter_is_the_transpose_of_gather(name):
    given = made.random_inputs(5)
    graph = Prepared(given, made.Statistics.of([given]), 0, mean, name)
    for _, levels in graph.levels:
        for level in levels[1:]:
            ops = level.ops.stop - level.ops.start
            gathered, scattered = level.gather(torch.eye(len(given))), level.scatter(torch.eye(ops))
            assert gathered[:, level.sources].T.tolist() == scattered.tolist()
            assert gathered.sum(1).tolist() == pytest.approx([1] * ops)
            assert not np.delete(gathered.numpy(), level.sources.numpy(), 1).any()


def test_a_graph_that_is_done_with_is_let_go():
    import gc
    import weakref

    graph = prepared(made.layout_graph(), depth=0)
    assert len(graph.levels) == 2
    kept = weakref.ref(graph)
    del graph
    gc.collect()
    assert kept() is None
