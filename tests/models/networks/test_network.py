import math

import numpy as np
import pytest
import torch

from tests import graphs
from tests.models import made
from tests.models.dense import first_states
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.models.features.inputs import TILE, inputs
from tpugraph_db.models.networks.losses import LOSSES
from tpugraph_db.models.networks.network import AUTO, Entries, First, Network, Runtime, Tensors, degrees, lookup

TWO = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])


def test_degrees_by_hand():
    producers, consumers = degrees(np.array([[1, 0], [2, 0], [2, 1]]), 4)
    assert producers.tolist() == [1, 1, 2, 1]  # of op 0 and op 3, which have none, 1
    assert consumers.tolist() == [2, 1, 1, 1]
    assert producers.dtype == consumers.dtype == np.float32


def test_lookup_by_hand():
    rows = torch.tensor([[1.0, 2], [3, 4]], requires_grad=True)
    found = lookup(rows, torch.tensor([[0, 1], [1, 1]]))
    assert found.tolist() == [[[1, 2], [3, 4]], [[3, 4], [3, 4]]]
    found.sum().backward()
    assert rows.grad.tolist() == [[1, 1], [3, 3]]
    assert lookup(rows[:, 0], torch.tensor([[1]])).tolist() == [[3]]


def test_the_gradient_of_lookup_is_the_same_each_time_on_several_threads():
    torch.manual_seed(0)
    rows, at, told = torch.randn(50, 16), torch.randint(0, 50, (20_000,)), torch.randn(20_000, 16)
    threads = torch.get_num_threads()
    torch.set_num_threads(4)
    try:
        found = []
        for _ in range(6):
            given = rows.clone().requires_grad_()
            lookup(given, at).backward(told)
            found.append(given.grad)
    finally:
        torch.set_num_threads(threads)
    assert all(torch.equal(found[0], other) for other in found)


def test_an_entry_means_another_thing_at_each_position():
    entries = Entries(3)
    found = entries(torch.tensor([[2, 2, 0], [2, 0, 0]]))
    assert found.shape == (2, 12)
    table = entries.embedding.weight
    assert found[0].tolist() == torch.cat([table[2], table[8 + 2], table[16]]).tolist()
    assert found[0, :4].tolist() != found[0, 4:8].tolist()


@pytest.mark.parametrize("record", [graphs.diamond(), made.layout_graph()])
def test_first_states_are_the_formula(record):
    torch.manual_seed(0)
    given, statistics = inputs(record), made.statistics(record)
    first, graph = First(statistics, 8), Tensors.of(given, statistics)
    op, choice = torch.tensor([0, 1, 2, 2, 1]), torch.tensor([-1, 1, 0, 1, -1])
    found = first(graph, op, choice)
    torch.testing.assert_close(found, first_states(first, given, statistics, op.numpy(), choice.numpy()))
    assert not torch.equal(found[1], found[4])


def test_first_states_of_a_tile_graph_are_of_its_ops_alone():
    torch.manual_seed(0)
    given, statistics = inputs(made.tile_graph()), made.statistics(made.tile_graph())
    first, graph = First(statistics, 8), Tensors.of(given, statistics)
    ops, none = torch.arange(3), torch.full((3,), -1)
    found = first(graph, ops, none)
    torch.testing.assert_close(found, first_states(first, given, statistics, ops.numpy(), none.numpy()))


def test_scores_of_runtimes_by_hand():
    runtime = Runtime(8)
    # ops of 2 and 6, then 1 and 3, then 1 and 1, by default 2 and 2: logarithms of 8/4, 4/4 and 2/4, times ten
    logs = torch.tensor([[2.0, 1, 1, 2], [6, 3, 1, 2]]).log()
    assert runtime(logs).tolist() == pytest.approx([10 * np.log(2), 0, -10 * np.log(2)], abs=1e-5)


def test_runtimes_by_bytes_by_hand():
    runtime = Runtime(1)
    with torch.no_grad():
        runtime.log_runtime.weight.fill_(1)
        runtime.copies.weight.copy_(torch.tensor([[2.0], [3.0]]))
        runtime.copies.bias.copy_(torch.tensor([0.0, 1.0]))
    # a state of log 2: 10 bytes made, at 2 each, 5 written in a chosen layout at 4, none or 1 for readers at 8 e
    log_bytes = torch.tensor([[10.0, 5, 0], [10, 5, 1]]).log()
    found = runtime.log_runtimes(torch.full((2, 1), math.log(2)), log_bytes).exp()
    assert found.tolist() == pytest.approx([40, 40 + 8 * math.e], rel=1e-5)


def test_at_first_the_bytes_moved_are_the_score():
    log_bytes = torch.tensor([[10.0, 5, 0], [10, 5, 1]]).log()
    assert Runtime(8).log_runtimes(torch.randn(2, 8), log_bytes).exp().tolist() == pytest.approx([15, 16])


def test_runtimes_under_tiles_know_no_bytes():
    runtime, states = Runtime(8, TILE), torch.randn(2, 8)
    found = runtime.log_runtimes(states, torch.zeros(2, 1))
    assert found.tolist() == pytest.approx((states @ runtime.log_runtime.weight[0]).tolist())


@pytest.mark.parametrize(("record", "name"), [(graphs.diamond(), "logistic"), (made.tile_graph(), "listmle")])
def test_the_loss_of_each_kind_of_configurations(record, name):
    net = Network(made.statistics(record), 8)
    assert net.loss(AUTO, *TWO).item() == LOSSES[name](*TWO).item()


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "cross_entropy"])
def test_losses_by_name(name):
    net = Network(made.statistics(graphs.diamond()), 8)
    assert net.loss(name, *TWO).item() == LOSSES[name](*TWO).item()


def test_a_loss_of_classes_is_refused():
    net = Network(made.statistics(graphs.diamond()), 8)
    with pytest.raises(UsageError, match="cross_entropy wants probabilities of classes, which the model gcn alone"):
        net.loss("cross_entropy", *TWO)


def test_a_loss_that_is_unknown():
    net = Network(made.statistics(graphs.diamond()), 8)
    with pytest.raises(NotFoundError, match=r"no loss 'listmlee'; there is listmle, hinge.*; did you mean listmle"):
        net.loss("listmlee", *TWO)
