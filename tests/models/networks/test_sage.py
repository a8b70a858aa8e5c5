import numpy as np
import pytest
import torch

from tests import graphs
from tests.models import dense, made
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.sage import Sage


def by_the_formula(net, given, statistics, configs):
    """(b,): scores, op by op."""
    states = dense.all_first_states(net.first, given, statistics, configs)
    producers, consumers = dense.neighbours(given)
    for layer in net.layers:
        mixed = torch.stack(
            [
                states[:, v] @ layer.own.weight.T
                + dense.mean(states, producers[v]) @ layer.forward_.weight.T
                + dense.mean(states, consumers[v]) @ layer.backward_.weight.T
                for v in range(len(given))
            ],
            1,
        )
        centred = mixed - mixed.mean(1, keepdim=True)
        normed = centred / torch.sqrt(centred.square().mean(1, keepdim=True) + 1e-5)
        states = states + torch.relu(normed * layer.scale + layer.shift)
    states, log_times = dense.under_tiles(net, given, statistics, states, configs)
    hidden, _, out = net.out
    pooled = torch.cat([states.mean(1), states.max(1).values], 1)
    scores = (torch.relu(pooled @ hidden.weight.T + hidden.bias) @ out.weight.T)[:, 0]
    scores = scores + torch.exp(net.log_scale) * log_times if net.tiles else scores
    return scores[:-1] - scores[-1]


@pytest.mark.parametrize("kind", made.KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_scores_are_the_formula(seed, kind):
    given = made.random_inputs(seed, kind=kind)
    statistics = made.Statistics.of([given])
    torch.manual_seed(seed)
    net = dense.shaken(Sage(statistics, width=8, depth=seed))
    graph, configs = Prepared(given, statistics, 0, net.weights, "torch"), np.arange(8)
    found = net(graph, configs)
    torch.testing.assert_close(found, by_the_formula(net, given, statistics, configs), rtol=1e-5, atol=1e-5)
    assert found.std() > 1e-3


def test_the_loss_of_classes_is_not_its_own():
    net = Sage(made.statistics(graphs.diamond()), width=8, depth=1)
    assert not hasattr(net, "matrix")
    assert not hasattr(net, "log_runtimes")
