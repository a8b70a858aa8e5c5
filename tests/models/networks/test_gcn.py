import numpy as np
import pytest
import torch
from torch.nn import functional

from tests import graphs
from tests.models import dense, made
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.models.features.inputs import inputs
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.gcn import MOST_CLASSES, TRAINING_CLASSES, Gcn
from tpugraph_db.models.networks.losses import cross_entropy, list_mle

SCORES = torch.linspace(-6, 6, 25)


@pytest.fixture
def net():
    torch.manual_seed(0)
    net = Gcn(made.statistics(graphs.diamond()), width=8, depth=2)
    with torch.no_grad():
        net.place.fill_(0.3)
        net.log_spread.fill_(-0.2)
    return net


def by_the_formula(net, given, statistics, configs):
    """(b,): scores over all ops under all configurations."""
    states = dense.all_first_states(net.first, given, statistics, configs)
    producers, consumers = dense.neighbours(given)
    p, c = ([max(len(of_op), 1) for of_op in ends] for ends in (producers, consumers))
    for layer in net.layers:
        after = []
        for v in range(len(given)):
            told = states[:, v] @ layer.own.weight.T + layer.own.bias
            for u in producers[v]:
                told = told + states[:, u] @ layer.forward_.weight.T / np.sqrt(p[v] * c[u])
            for u in consumers[v]:
                told = told + states[:, u] @ layer.backward_.weight.T / np.sqrt(c[v] * p[u])
            normed = functional.layer_norm(told, told.shape[1:], layer.norm.weight, layer.norm.bias)
            gate = 1 if layer.gate is None else layer.gate
            after.append(states[:, v] + gate * torch.relu(normed))
        states = torch.stack(after, 1)
    return dense.scores(net.runtime, dense.runtimes(net, given, statistics, configs, states))


@pytest.mark.parametrize("kind", made.KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_sharing_rows_changes_no_score(seed, kind):
    given = made.random_inputs(seed, kind=kind)
    statistics = made.Statistics.of([given])
    torch.manual_seed(seed)
    net = dense.shaken(Gcn(statistics, width=8, depth=seed))
    graph, configs = Prepared(given, statistics, seed, net.weights, "torch"), np.arange(8)
    found = net(graph, configs)
    torch.testing.assert_close(found, by_the_formula(net, given, statistics, configs), rtol=1e-5, atol=1e-5)
    assert found.std() > 1e-3


def test_log_runtimes_are_of_each_op_the_defaults_last():
    given, statistics = inputs(graphs.diamond()), made.statistics(graphs.diamond())
    torch.manual_seed(0)
    net = dense.shaken(Gcn(statistics, width=8, depth=0))
    found = net.log_runtimes(Prepared(given, statistics, 0, net.weights, "torch"), np.array([1, 2]))
    states = dense.all_first_states(net.first, given, statistics, np.array([1, 2]))
    expected = dense.runtimes(net, given, statistics, np.array([1, 2]), states)
    torch.testing.assert_close(found, expected.log().T)
    assert found.shape == (4, 3)


def test_a_class_by_hand():
    net = Gcn(made.statistics(graphs.diamond()), width=8, depth=0)
    with torch.no_grad():
        net.place.fill_(0)
        net.log_spread.fill_(0)
    # of two classes, the threshold is a half: sigmoid(-s) below it
    found = net.matrix(torch.tensor([0.0, np.log(3), -np.log(3)]), 2)
    assert found.tolist() == pytest.approx(np.array([[0.5, 0.5], [0.25, 0.75], [0.75, 0.25]]), abs=1e-6)
    # of four, of score 0, the relative rank is spread evenly
    assert net.matrix(torch.zeros(1), 4).tolist() == [pytest.approx([0.25] * 4, abs=1e-6)]


@pytest.mark.parametrize("classes", [1, 2, 25, MOST_CLASSES])
def test_rows_sum_to_1_for_any_number_of_classes(net, classes):
    found = net.matrix(SCORES, classes)
    assert found.shape == (len(SCORES), classes)
    assert (found >= 0).all()
    torch.testing.assert_close(found.sum(1), torch.ones(len(SCORES)), rtol=0, atol=1e-6)


@pytest.mark.parametrize("classes", [2, 25, MOST_CLASSES])
def test_class_0_is_the_fastest(net, classes):
    found = net.matrix(SCORES, classes)
    expected = found.double() @ torch.arange(classes).double()
    assert (expected.diff() > 0).all()
    assert (found[:, 0].diff() < 0).all()


def test_the_same_network_at_fewer_thresholds_adds_up_to_the_same(net):
    many, few = net.matrix(SCORES, 40), net.matrix(SCORES, 8)
    torch.testing.assert_close(many.view(-1, 8, 5).sum(2), few, rtol=0, atol=1e-6)


def test_far_scores_have_rows_that_sum_to_1(net):
    found = net.matrix(torch.tensor([-1e6, 1e6]), 10)
    assert found.tolist() == [[1, *[0] * 9], [*[0] * 9, 1]]


@pytest.mark.parametrize(("record", "aside"), [(graphs.diamond(), 0.01), (made.tile_graph(), 1)])
def test_the_loss_is_of_classes_and_of_what_is_asked_for(record, aside):
    net = Gcn(made.statistics(record), width=8, depth=2)
    values = torch.arange(len(SCORES)).double()
    classes = cross_entropy(net.matrix(SCORES, TRAINING_CLASSES).log(), values).item()
    assert net.loss("cross_entropy", SCORES, values).item() == pytest.approx(classes, rel=1e-5)
    both = aside * classes + list_mle(SCORES, values).item()
    assert net.loss("listmle", SCORES, values).item() == pytest.approx(both, rel=1e-5)


def test_scores_do_not_learn_from_classes_beside_another_loss(net):
    values, losses = torch.arange(len(SCORES)).double(), []
    for loss in (lambda scores: net.loss("listmle", scores, values), lambda scores: list_mle(scores, values)):
        scores = SCORES.clone().requires_grad_()
        losses.append(torch.autograd.grad(loss(scores), scores)[0])
    torch.testing.assert_close(*losses)
    net.loss("listmle", SCORES, values).backward()
    assert net.place.grad != 0


def test_the_loss_of_a_score_that_is_far_off_is_finite(net):
    scores = torch.tensor([1e6, -1e6], requires_grad=True)
    loss = net.loss("cross_entropy", scores, torch.tensor([1.0, 2]))
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(scores.grad).all()


def test_a_loss_that_is_unknown(net):
    with pytest.raises(NotFoundError, match="no loss 'mse'"):
        net.loss("mse", SCORES, SCORES)
    assert not issubclass(NotFoundError, UsageError)


def test_scores_of_tiles_are_left_to_the_other_loss():
    net = Gcn(made.statistics(made.tile_graph()), width=8, depth=1)
    scores, values = torch.linspace(-6, 6, 9).requires_grad_(), torch.arange(9.0).flip(0)
    net.loss("listmle", scores, values).backward()
    (alone,) = torch.autograd.grad(list_mle(scores, values), scores)
    assert scores.grad.tolist() == alone.tolist()
    assert net.place.grad != 0
    net.loss("cross_entropy", scores, values).backward()
    assert scores.grad.tolist() != alone.tolist()
