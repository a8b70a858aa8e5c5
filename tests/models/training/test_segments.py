import dataclasses

import numpy as np
import pytest
import torch

from tests import graphs
from tests.models import dense, made
from tpugraph_db.errors import UsageError
from tpugraph_db.models.features.inputs import inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.by_name import build
from tpugraph_db.models.networks.gcn import Gcn
from tpugraph_db.models.training import segments as module
from tpugraph_db.models.training.checkpoint import load, save
from tpugraph_db.models.training.segments import Segments, Table, segment_ops
from tpugraph_db.models.training.trainer import Trainer

CONFIGS = np.arange(6)
SEGMENTED = dataclasses.replace(made.SMALL, segment_ops=3)
TRAIN = [made.layout_graph("a"), made.layout_graph("b", costs=(30, 10, 0))]
VALID = [made.layout_graph("c", "valid", costs=(0, 5, 7))]


def ready(given, depth=2, backend="torch"):
    statistics = Statistics.of([given])
    torch.manual_seed(0)
    net = dense.shaken(Gcn(statistics, width=8, depth=depth))
    return net, Prepared(given, statistics, depth, net.weights, backend)


def table(net, graph, size):
    return Table(net, graph, Segments(net, graph, size).bounds, CONFIGS)


def gradients(net, scores):
    """Of a weighted sum of scores, by parameter; the tenth takes off what the head multiplies by."""
    net.zero_grad()
    (scores / 10 * torch.linspace(-1, 2, len(scores))).sum().backward()
    return {
        name: torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.clone()
        for name, parameter in net.named_parameters()
    }


def expect_same(found, expected):
    assert max(tensor.abs().max().item() for tensor in expected.values() if tensor.numel()) > 1e-3
    for name in expected:
        torch.testing.assert_close(found[name], expected[name], rtol=1e-5, atol=1e-5, msg=name)


def restricted(net, graph, first, last):
    """Scores of the whole graph; ops from ``first`` to before ``last`` alone have gradients."""
    unfolded, batch = graph.unfold(CONFIGS), graph.batch(CONFIGS)

    def only(values, ops):
        mine = torch.from_numpy((ops >= first) & (ops < last))[:, None]
        return torch.where(mine, values, values.detach())

    ops, rows = unfolded.op, net.first(graph.tensors, batch.op, batch.choice)
    for layer, step, plan in zip(net.layers, batch.steps, unfolded.layers, strict=True):
        rows, ops = layer(only(rows, ops), step), ops[plan.own]
    log = net.read(rows, batch.place, batch.log_bytes, batch.tiles)
    return net.runtime(only(log, np.arange(len(graph.inputs))))


GRAPHS = {
    "random": made.random_inputs(0),
    "more at random": made.random_inputs(1, ops=17, slots=5),
    "layout": inputs(made.layout_graph()),
    "tile": inputs(made.tile_graph()),
    "tiles at random": made.random_inputs(2, kind="tile"),
    "one op": inputs(made.one_op()),
}


@pytest.fixture(params=GRAPHS)
def given(request):
    given = GRAPHS[request.param]
    return dataclasses.replace(given, choices=np.resize(given.choices, (6, given.choices.shape[1])))


@pytest.mark.parametrize("depth", [0, 3])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_score_is_that_of_the_whole_graph(given, depth, size):
    net, graph = ready(given, depth)
    whole, found = net(graph, CONFIGS), table(net, graph, size)
    for at in range(len(found.log_runtimes)):
        torch.testing.assert_close(found.scores((at, at + 1)), whole, rtol=1e-5, atol=1e-5)
    assert len(found.log_runtimes) == -(-len(given) // size)


@pytest.mark.parametrize("backend", ["torch", "auto"])
def test_with_every_segment_active_the_gradient_is_the_whole_one(given, backend):
    net, graph = ready(given, backend=backend)
    found = table(net, graph, 2)
    live, whole = (
        gradients(net, scores) for scores in (found.scores((0, len(found.log_runtimes))), net(graph, CONFIGS))
    )
    expect_same(live, whole)


@pytest.mark.parametrize("size", [1, 3])
def test_with_one_it_is_the_whole_one_restricted_to_its_ops(given, size):
    net, graph = ready(given, depth=3)
    found = table(net, graph, size)
    for at in range(len(found.log_runtimes)):
        live = gradients(net, found.scores((at, at + 1)))
        expected = gradients(net, restricted(net, graph, at * size, (at + 1) * size))
        expect_same(live, expected)


def test_two_neighbours_are_as_one_segment_of_both():
    net, graph = ready(GRAPHS["random"])
    live = gradients(net, table(net, graph, 3).scores((1, 3)))
    expected = gradients(net, restricted(net, graph, 3, 9))
    expect_same(live, expected)


def test_what_is_old_stays_until_its_turn_or_a_refresh():
    net, graph = ready(GRAPHS["random"])
    found = table(net, graph, 4)
    before, states = found.log_runtimes.clone(), [rows.clone() for rows in found.states]
    with torch.no_grad():
        net.first.opcode.weight += 1
    found.scores((1, 2))
    changed = (found.log_runtimes != before).any(1)
    assert changed.tolist() == [False, True, False]
    assert [bool((now == then).all(1)[0]) for now, then in zip(found.states, states, strict=True)] == [True, True]
    assert all((now != then).any() for now, then in zip(found.states, states, strict=True))
    found.refresh()
    torch.testing.assert_close(found.scores((0, 1)), net(graph, CONFIGS), rtol=1e-5, atol=1e-5)


def test_a_table_has_no_gradients():
    net, graph = ready(GRAPHS["random"])
    found = table(net, graph, 4)
    assert found.scores((0, 1)).requires_grad
    assert not any(tensor.requires_grad for tensor in [*found.states, found.log_runtimes])


def test_bounds():
    net, graph = ready(GRAPHS["random"])
    assert Segments(net, graph, 5).bounds.tolist() == [0, 5, 10, 12]
    assert Segments(net, graph, 6).bounds.tolist() == [0, 6, 12]
    assert len(Segments(net, graph, 12)) == 1


def test_a_visit_gives_few_segments_a_turn():
    net, graph = ready(GRAPHS["random"])
    turns = [list(Segments(net, graph, 2).visit(CONFIGS, np.random.default_rng(seed))) for seed in (0, 0, 1)]
    assert [len(found) for found in turns] == [module.TURNS] * 3
    assert len(list(Segments(net, graph, 6).visit(CONFIGS, np.random.default_rng(0)))) == 2
    taken = [torch.autograd.grad(found[0].sum(), net.first.opcode.weight)[0] for found in turns]
    assert torch.equal(taken[0], taken[1])
    assert not torch.equal(taken[0], taken[2])


class TestSize:
    def net(self, model="gcn"):
        return build(dataclasses.replace(made.SMALL, model=model), made.statistics(graphs.diamond()))

    def test_a_small_graph_is_learned_whole(self):
        assert segment_ops(self.net(), made.SMALL, 500, 16) == 500

    def test_a_large_one_in_segments_that_fit(self, monkeypatch):
        monkeypatch.setattr(module, "LARGEST", 4 * 8 * 17 * 30)  # segments, width, configurations, ops
        assert segment_ops(self.net(), made.SMALL, 120, 16) == 120
        assert segment_ops(self.net(), made.SMALL, 121, 16) == 30

    def test_a_width_left_open_is_that_of_the_network(self, monkeypatch):
        recipe = dataclasses.replace(made.SMALL, width=0)
        net = build(recipe, made.statistics(graphs.diamond()))
        monkeypatch.setattr(module, "LARGEST", 4 * net.width * 17 * 30)
        assert [segment_ops(net, recipe, ops, 16) for ops in (120, 121)] == [120, 30]

    def test_as_asked(self):
        recipe = dataclasses.replace(made.SMALL, segment_ops=50)
        assert [segment_ops(self.net(), recipe, ops, 16) for ops in (49, 50, 51)] == [49, 50, 50]

    @pytest.mark.parametrize("model", ["gru", "sage"])
    def test_other_networks_have_none(self, model, monkeypatch):
        with pytest.raises(UsageError, match=f"--segment-ops is for the model gcn: in {model} an op's state depends"):
            segment_ops(self.net(model), SEGMENTED, 500, 16)
        monkeypatch.setattr(module, "LARGEST", 1)
        assert segment_ops(self.net(model), made.SMALL, 500, 16) == 500


class TestTraining:
    def trained(self, recipe=SEGMENTED, epochs=None):
        trainer = Trainer(recipe, TRAIN, VALID, backend="torch")
        while not trainer.done and len(trainer.epochs) != epochs:
            trainer.epoch()
        return trainer

    def test_graphs_are_cut_as_asked(self):
        trainer = self.trained(epochs=0)
        assert {graph: len(parts) for graph, parts in trainer.segments.items()} == {TRAIN[0].id: 3, TRAIN[1].id: 3}
        assert Trainer(made.SMALL, TRAIN, backend="torch").segments == {}
        assert Trainer(dataclasses.replace(made.SMALL, segment_ops=7), TRAIN, backend="torch").segments == {}

    def test_a_large_graph_is_cut_unasked(self, monkeypatch):
        monkeypatch.setattr(module, "LARGEST", 6 * 17 * 8)
        assert len(Trainer(made.SMALL, TRAIN, backend="torch").segments) == 2

    def test_each_turn_is_a_step(self, monkeypatch):
        trainer, steps = self.trained(epochs=0), []
        step = trainer._optimiser.step
        monkeypatch.setattr(trainer._optimiser, "step", lambda: steps.append(step()))
        trainer.epoch()
        assert len(steps) == len(TRAIN) * SEGMENTED.visits * 3

    @pytest.mark.parametrize("after", [0, 1, 2])
    def test_resumed_is_as_never_stopped(self, after, tmp_path):
        whole = self.trained()
        save(self.trained(epochs=after).checkpoint(), tmp_path)
        resumed = Trainer(SEGMENTED, TRAIN, VALID, backend="torch")
        resumed.resume(load(tmp_path))
        while not resumed.done:
            resumed.epoch()
        assert resumed.epochs == whole.epochs
        here, there = resumed.checkpoint(), whole.checkpoint()
        assert all(torch.equal(here.state[name], there.state[name]) for name in there.state)
        assert all(torch.equal(here.weights[name], there.weights[name]) for name in there.weights)

    def test_it_learns_a_small_graph_by_heart(self):
        trainer = Trainer(made.by_heart(SEGMENTED), TRAIN[:1], TRAIN[:1], backend="torch")
        while not trainer.done and trainer.epoch().tau <= 0.95:
            pass
        assert trainer.epochs[-1].tau > 0.95
