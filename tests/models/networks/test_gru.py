import numpy as np
import pytest
import torch
from torch.nn import functional

from tests import graphs
from tests.models import dense, made
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.gru import Gru


def run(cell, states, reads):
    """(b, n, d): of one cell along the graph, ops as they come ready."""
    x = states @ cell.input.weight.T + cell.input.bias
    weights = cell.weight.chunk(3)
    found = {}
    while len(found) < len(reads):
        ready = [op for op, of in enumerate(reads) if op not in found and all(source in found for source in of)]
        for op in ready:
            heard = [found[source] for source in reads[op]]
            mean = torch.stack(heard).mean(0) if heard else torch.zeros_like(states[:, 0])
            x_r, x_z, x_c = x[:, op].chunk(3, 1)
            w_r, w_z, w_c = (mean @ weight.T for weight in weights)
            r, z = torch.sigmoid(x_r + w_r), torch.sigmoid(x_z + w_z)
            c = torch.tanh(x_c + r * (w_c + cell.bias))
            found[op] = (1 - z) * c + z * mean
    return torch.stack([found[op] for op in range(len(reads))], 1)


def by_the_formula(net, given, statistics, configs):
    """(b,): scores, op by op."""
    states = dense.all_first_states(net.first, given, statistics, configs)
    producers, consumers = dense.neighbours(given)
    for layer in net.layers:
        both = torch.cat([run(layer.forward_, states, producers), run(layer.backward_, states, consumers)], 2)
        mixed = states + both @ layer.out.weight.T + layer.out.bias
        states = functional.layer_norm(mixed, mixed.shape[2:], layer.norm.weight)
    return dense.scores(net.runtime, dense.runtimes(net, given, statistics, configs, states))


def network(seed, statistics, depth):
    torch.manual_seed(seed)
    net = Gru(statistics, width=8, depth=depth)
    return dense.shaken(net)


@pytest.mark.parametrize("kind", made.KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_scores_are_the_formula(seed, kind):
    given = made.random_inputs(seed, kind=kind)
    statistics = made.Statistics.of([given])
    net = network(seed, statistics, depth=seed)
    graph, configs = Prepared(given, statistics, 0, net.weights, "torch"), np.arange(8)
    found = net(graph, configs)
    torch.testing.assert_close(found, by_the_formula(net, given, statistics, configs), rtol=1e-5, atol=1e-5)
    assert found.std() > 1e-3


def test_gradients_are_the_formulas():
    given = made.random_inputs(7, ops=8)
    statistics, configs = made.Statistics.of([given]), np.arange(5)
    net = network(0, statistics, depth=2)
    graph, weights = Prepared(given, statistics, 0, net.weights, "torch"), torch.randn(5)
    scores = net(graph, configs), by_the_formula(net, given, statistics, configs)
    found, expected = (torch.autograd.grad((each * weights).sum(), list(net.parameters())) for each in scores)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def test_log_runtimes_are_of_each_op_the_defaults_last():
    record = graphs.diamond()
    net = network(0, made.statistics(record), depth=1)
    graph = Prepared(made.inputs(record), made.statistics(record), 0, net.weights, "torch")
    found = net.log_runtimes(graph, np.array([0, 1, 2]))
    assert found.shape == (4, 4)
    assert found[:, 0].tolist() == pytest.approx(found[:, 3].tolist())  # configuration 0 is the default
    assert found[:, 1].tolist() != pytest.approx(found[:, 3].tolist())
