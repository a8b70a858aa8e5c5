import dataclasses
import sys

import numpy as np
import pytest
import torch

from tests import graphs
from tests.models import dense, made
from tpugraph_db.errors import NotFoundError
from tpugraph_db.models.features.inputs import inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.features.tile_features import TILE_NUMBERS
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.by_name import NETWORKS, build, parameters
from tpugraph_db.models.training.scoring import scores

needs_dgl = pytest.mark.skipif(sys.version_info >= (3, 12), reason="DGL 1.1.3 has no wheel for this Python")
ALL = np.arange(20)


@pytest.fixture(params=NETWORKS)
def recipe(request):
    return dataclasses.replace(made.SMALL, model=request.param)


@pytest.fixture(params=made.KINDS)
def kind(request):
    return request.param


def prepared(net, given, statistics, backend="torch"):
    return Prepared(given, statistics, net.shared, net.weights, backend)


def scored(recipe, given, configs=ALL, backend="torch"):
    """Of a network with weights at random, the same each time; statistics of the graph itself."""
    torch.manual_seed(0)
    statistics = Statistics.of([given])
    net = dense.shaken(build(recipe, statistics))
    with torch.no_grad():
        return net(prepared(net, given, statistics, backend), configs)


def reordered(given, random):
    """The same graph: ops, edges, slots and choices have other numbers."""
    ops = random.permutation(len(given))  # op ``i`` was ``ops[i]``
    slots = random.permutation(given.choices.shape[1])
    choices = random.permutation(len(given.choice_numbers))
    op, slot, choice = (np.argsort(order) for order in (ops, slots, choices))
    return dataclasses.replace(
        given,
        opcodes=given.opcodes[ops],
        layouts=given.layouts[ops],
        op_numbers=given.op_numbers[ops],
        log_bytes=given.log_bytes[ops],
        edges=op[given.edges][random.permutation(len(given.edges))],
        slots=np.where(given.slots >= 0, slot[given.slots], -1)[ops],
        choice_layouts=given.choice_layouts[choices],
        choice_numbers=given.choice_numbers[choices],
        log_copied=given.log_copied[choices],
        choices=choice[given.choices][:, slots],
        default=choice[given.default][slots],
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_numbers_of_ops_mean_nothing(recipe, seed, kind):
    given = made.random_inputs(seed, kind=kind)
    other = reordered(given, np.random.default_rng(seed))
    assert other.edges.tolist() != given.edges.tolist()
    one, two = scored(recipe, given), scored(recipe, other)
    torch.testing.assert_close(one, two, rtol=1e-5, atol=3e-5)
    assert one.std() > 1e-3


def test_nor_do_those_of_configurations(recipe, kind):
    given = made.random_inputs(0, kind=kind)
    order = np.random.default_rng(0).permutation(20)
    other = dataclasses.replace(given, choices=given.choices[order])
    torch.testing.assert_close(scored(recipe, given)[order], scored(recipe, other), rtol=1e-5, atol=1e-5)


def test_a_score_is_the_same_in_whatever_company(recipe, kind):
    given = made.random_inputs(1, kind=kind)
    together = scored(recipe, given)
    alone = torch.cat([scored(recipe, given, np.array([config])) for config in ALL])
    torch.testing.assert_close(together, alone, rtol=1e-5, atol=1e-5)
    some = [7, 3, 3, 19]
    torch.testing.assert_close(together[some], scored(recipe, given, np.array(some)), rtol=1e-5, atol=1e-5)


def test_the_default_has_score_0(recipe, kind):
    given = made.random_inputs(2, kind=kind)
    given = dataclasses.replace(given, choices=np.concatenate([given.default[None], given.choices[1:]]))
    found = scored(recipe, given)
    assert found[0].item() == pytest.approx(0, abs=1e-5)
    assert found[1:].abs().max() > 1e-3


@needs_dgl
@pytest.mark.parametrize("seed", range(3))
def test_both_backends_score_alike(recipe, seed, kind):
    given = made.random_inputs(seed, kind=kind)
    one, two = (scored(recipe, given, backend=backend) for backend in ("dgl", "torch"))
    torch.testing.assert_close(one, two, rtol=1e-5, atol=1e-5)


def gradients(recipe, given, backend="torch"):
    statistics = Statistics.of([given])
    net = build(recipe, statistics)
    torch.manual_seed(0)
    dense.shaken(net)  # at first, much is nearly linear, and what all configurations share falls out
    values = torch.from_numpy(np.random.default_rng(0).normal(size=len(ALL)))
    net.loss("listmle", net(prepared(net, given, statistics, backend), ALL), values).backward()
    return {name: parameter.grad for name, parameter in net.named_parameters()}


def test_every_number_learns(recipe, kind):
    for name, gradient in gradients(recipe, made.random_inputs(0, kind=kind)).items():
        assert gradient is not None, name
        assert gradient.abs().max() > 1e-6, name


@needs_dgl
def test_both_backends_learn_alike(recipe, kind):
    one, two = (gradients(recipe, made.random_inputs(0, kind=kind), backend) for backend in ("dgl", "torch"))
    for name, gradient in one.items():
        torch.testing.assert_close(gradient, two[name], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("backend", ["torch", pytest.param("dgl", marks=needs_dgl)])
def test_one_op_without_edges(recipe, backend):
    given = inputs(made.one_op())
    assert given.opcodes.tolist() == [0]
    found = scored(recipe, given, np.array([0, 1]), backend)
    assert torch.isfinite(found).all()
    assert found[0].item() == pytest.approx(0, abs=1e-5)
    assert abs(found[1].item()) > 1e-3


def test_tiles(recipe):
    given = inputs(made.tile_graph())
    found = scored(recipe, given)
    assert torch.isfinite(found).all()
    assert len(found.unique()) > 10


@pytest.mark.parametrize("model", NETWORKS)
def test_a_network_begins_as_the_rule_of_thumb_of_tiles(model):
    given = inputs(made.tile_graph())
    statistics = Statistics.of([given])
    net = build(dataclasses.replace(made.SMALL, model=model), statistics)
    times = given.choice_numbers[:, TILE_NUMBERS.index("log_time")]
    expected = 10 * (times[given.choices[:, 0]] - times[given.default[0]])
    assert scores(net, prepared(net, given, statistics)) == pytest.approx(expected, abs=1e-4)


def test_values_that_no_training_graph_had(recipe):
    statistics = made.statistics(graphs.diamond())
    net = build(recipe, statistics)
    found = scores(net, prepared(net, inputs(made.layout_graph()), statistics))
    assert found.shape == (27,)
    assert np.isfinite(found).all()


def test_first_weights_follow_from_the_seed(recipe):
    statistics = made.statistics(graphs.diamond())
    torch.manual_seed(99)
    before = torch.get_rng_state()
    one, same, other = (build(dataclasses.replace(recipe, seed=seed), statistics) for seed in (1, 1, 2))
    weights = [torch.cat([p.flatten() for p in net.parameters()]) for net in (one, same, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    assert torch.equal(before, torch.get_rng_state())  # and nobody else's random numbers change


def test_a_network_is_as_wide_and_deep_as_asked(recipe):
    net = build(dataclasses.replace(recipe, width=5, depth=3), made.statistics(graphs.diamond()))
    assert (net.name, net.width, len(net.layers)) == (recipe.model, 5, 3)


@pytest.mark.parametrize(("record", "shape"), [(graphs.diamond(), (32, 1)), (made.tile_graph(), (64, 3))])
def test_or_as_serves_the_kind_of_configurations(recipe, record, shape):
    net = build(dataclasses.replace(recipe, width=0, depth=0), made.statistics(record))
    assert (net.width, len(net.layers)) == shape


def test_parameters_by_hand():
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1, bias=False))
    assert parameters(net) == 2 * 3 + 3 + 3


def test_a_network_that_is_unknown():
    with pytest.raises(NotFoundError, match="no network 'gin'; there is gcn, gru, sage; did you mean gcn"):
        build(dataclasses.replace(made.SMALL, model="gin"), made.statistics(graphs.diamond()))
