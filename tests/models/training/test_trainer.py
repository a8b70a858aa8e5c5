import dataclasses
import math

import numpy as np
import pytest
import torch

from tests import graphs
from tests.models import made
from tpugraph_db.errors import DataError, NotFoundError, UsageError
from tpugraph_db.models.networks.by_name import NETWORKS
from tpugraph_db.models.training import trainer as training
from tpugraph_db.models.training.checkpoint import load, save
from tpugraph_db.models.training.trainer import WARM_UP, Epoch, Trainer

TRAIN = [made.layout_graph("a"), made.layout_graph("b", costs=(30, 10, 0))]
VALID = [made.layout_graph("c", "valid", costs=(0, 5, 7))]


@pytest.fixture(params=NETWORKS)
def recipe(request):
    return dataclasses.replace(made.SMALL, model=request.param)


def trained(recipe, train=TRAIN, valid=VALID, epochs=None, **options):
    trainer = Trainer(recipe, train, valid, backend="torch", **options)
    while not trainer.done and len(trainer.epochs) != epochs:
        trainer.epoch()
    return trainer


def same(one, other):
    """Whether two trainers are at the same place, bit for bit."""
    here, there = one.checkpoint(), other.checkpoint()
    assert here.facts == there.facts
    assert here.weights.keys() == there.weights.keys()
    assert here.state.keys() == there.state.keys()
    return all(
        torch.equal(ours[name], theirs[name])
        for ours, theirs in ((here.weights, there.weights), (here.state, there.state))
        for name in ours
    )


def learned_by_heart(recipe, record):
    """Trained on a graph until it is ranked as it was measured, or for long enough."""
    trainer = Trainer(made.by_heart(recipe), [record], [record], backend="torch")
    while not trainer.done and trainer.epoch().tau <= 0.95:
        pass
    return trainer.epochs


def against_the_rule_of_thumb():
    """A tile graph whose runtimes rise with the tile."""
    record = made.tile_graph()
    turned = dataclasses.replace(record.configurations, runtime_ns=record.configurations.runtime_ns[::-1].copy())
    return record.replace(configurations=turned)


@pytest.mark.parametrize("record", [TRAIN[0], against_the_rule_of_thumb()], ids=["layout", "tile"])
def test_it_learns_a_small_graph_by_heart(recipe, record):
    epochs = learned_by_heart(recipe, record)
    assert epochs[-1].tau > 0.95
    assert epochs[-1].loss < epochs[0].loss


@pytest.mark.parametrize("loss", ["hinge", "logistic", "cross_entropy"])
def test_so_it_does_by_the_other_losses(loss):
    assert learned_by_heart(dataclasses.replace(made.SMALL, loss=loss), TRAIN[0])[-1].tau > 0.95


def test_the_same_seed_gives_the_same_numbers(recipe):
    one, same_seed = trained(recipe), trained(recipe)
    assert same(one, same_seed)
    other = trained(dataclasses.replace(recipe, seed=1))
    assert [epoch.loss for epoch in other.epochs] != [epoch.loss for epoch in one.epochs]


def test_so_it_does_on_several_threads(recipe):
    threads = torch.get_num_threads()
    torch.set_num_threads(4)
    try:
        one, two = trained(recipe), trained(recipe)
    finally:
        torch.set_num_threads(threads)
    assert same(one, two)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_resumed_is_as_never_stopped(recipe, after, tmp_path):
    whole = trained(recipe)
    save(trained(recipe, epochs=after).checkpoint(), tmp_path)
    trainer = Trainer(recipe, TRAIN, VALID, backend="torch")
    trainer.resume(load(tmp_path))
    assert len(trainer.epochs) == after
    while not trainer.done:
        trainer.epoch()
    assert same(trainer, whole)


def test_a_checkpoint_is_of_its_moment(recipe):
    trainer = trained(recipe, epochs=1)
    kept = trainer.checkpoint()
    before = {name: tensor.clone() for name, tensor in {**kept.weights, **kept.state}.items()}
    trainer.epoch()
    assert all(torch.equal(tensor, before[name]) for name, tensor in {**kept.weights, **kept.state}.items())


def resumed(recipe, train, valid):
    checkpoint = trained(made.SMALL, epochs=1).checkpoint()
    trainer = Trainer(recipe, train, valid, backend="torch")
    trainer.resume(checkpoint)
    return trainer


def test_more_epochs_may_follow():
    assert not resumed(dataclasses.replace(made.SMALL, epochs=9), TRAIN, VALID).done


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"width": 9}, {"rate": 1.0}, {"model": "gru"}, {"batch": 7}, {"segment_ops": 3}]
)
def test_another_recipe_is_refused(change):
    (name,) = change
    with pytest.raises(DataError, match=rf"checkpoint: recipe: expected {name}=\S+, found {name}=\S+; the same opt"):
        resumed(dataclasses.replace(made.SMALL, **change), TRAIN, VALID)


@pytest.mark.parametrize(
    ("train", "valid"),
    [
        (TRAIN[:1], VALID),
        (TRAIN, []),
        (TRAIN[:1], [*VALID, TRAIN[1]]),
        ([*TRAIN[:1], *VALID], TRAIN[1:]),
    ],
    ids=["one less", "no valid ones", "one moved", "two swapped"],
)
def test_other_graphs_are_refused(train, valid):
    with pytest.raises(DataError, match=r"checkpoint: fingerprint: expected \w{64}, found \w{64}; the same options"):
        resumed(made.SMALL, train, valid)


def test_a_loss_that_is_no_number_names_the_graph(monkeypatch):
    trainer = Trainer(made.SMALL, TRAIN[1:], backend="torch")
    monkeypatch.setattr(trainer.net, "loss", lambda name, scores, values: scores.sum() * math.nan)
    with pytest.raises(DataError) as error:
        trainer.epoch()
    cure = "a lower --rate, or look at the graph's features"
    assert str(error.value) == f"layout:test:default/train/b: loss: expected a number, found nan; {cure}"
    assert trainer.epochs == []


def test_a_rate_without_bound_names_the_graph(recipe):
    with pytest.raises(DataError, match=r"layout:test:default/\w+/[abc]: (loss|scores): expected"):
        trained(dataclasses.replace(recipe, rate=math.inf))


def judged(trainer, monkeypatch, *taus):
    """Epochs that rank the validation graphs so well."""
    left = iter(taus)
    monkeypatch.setattr(trainer, "_judge", lambda: (next(left), 0.5))
    while not trainer.done:
        trainer.epoch()
    return trainer


def test_it_stops_when_patience_is_over(monkeypatch):
    trainer = Trainer(dataclasses.replace(made.SMALL, epochs=9, patience=2), TRAIN, VALID, backend="torch")
    judged(trainer, monkeypatch, 0.1, 0.3, 0.3, 0.2, 0.9)
    assert [(epoch.number, epoch.tau, epoch.best) for epoch in trainer.epochs] == [
        (1, 0.1, True), (2, 0.3, True), (3, 0.3, False), (4, 0.2, False)
    ]  # fmt: skip


def test_a_tau_of_0_is_better_than_one_below(monkeypatch):
    trainer = Trainer(dataclasses.replace(made.SMALL, epochs=4), TRAIN, VALID, backend="torch")
    judged(trainer, monkeypatch, -0.5, 0.0, -0.2, -1.0)
    assert [epoch.best for epoch in trainer.epochs] == [True, True, False, False]


def test_the_checkpoint_has_the_weights_of_the_best_epoch(monkeypatch):
    trainer = Trainer(dataclasses.replace(made.SMALL, epochs=3), TRAIN, VALID, backend="torch")
    judged(trainer, monkeypatch, 0.5, 0.4, 0.3)
    monkeypatch.undo()
    first, checkpoint = trained(made.SMALL, epochs=1).checkpoint(), trainer.checkpoint()
    assert all(torch.equal(tensor, first.weights[name]) for name, tensor in checkpoint.weights.items())
    assert not torch.equal(checkpoint.state["weights.first.of_op.weight"], checkpoint.weights["first.of_op.weight"])


def test_without_validation_all_epochs_run_and_the_last_is_the_best():
    trainer = trained(dataclasses.replace(made.SMALL, patience=1), valid=[])
    assert [(epoch.number, epoch.tau, epoch.opa, epoch.best) for epoch in trainer.epochs] == [
        (1, None, None, True), (2, None, None, True), (3, None, None, True)
    ]  # fmt: skip
    assert torch.equal(trainer.checkpoint().weights["place"], trainer.net.place)


def test_each_step_draws_other_configurations():
    trainer = Trainer(dataclasses.replace(made.SMALL, batch=9, visits=1), TRAIN[:1], backend="torch")
    drawn, loss = [], trainer.net.loss
    trainer.net.loss = lambda name, scores, values: drawn.append(values.tolist()) or loss(name, scores, values)
    while not trainer.done:
        trainer.epoch()
    assert [len(set(values)) for values in drawn] == [9, 9, 9]
    assert len({tuple(sorted(values)) for values in drawn}) == 3


def test_what_an_epoch_says_is_what_the_network_does():
    trainer = trained(made.SMALL, epochs=1)
    (epoch,) = trainer.epochs
    assert epoch == Epoch(1, epoch.loss, epoch.tau, epoch.opa, best=True, rate=trainer.recipe.rate * trainer._pace(3))
    found = training.judge(VALID[0], training.scores(trainer.net, trainer._valid[0][1]))
    assert (epoch.tau, epoch.opa) == (found.tau, found.opa)


def test_facts_are_those_of_the_graphs():
    facts = trained(made.SMALL, epochs=1).checkpoint().facts
    assert facts["train"] == ["layout:test:default/train/a", "layout:test:default/train/b"]
    assert facts["valid"] == ["layout:test:default/valid/c"]
    assert [epoch["number"] for epoch in facts["epochs"]] == [1]


def test_the_rate_rises_and_falls():
    trainer = Trainer(dataclasses.replace(made.SMALL, epochs=100), TRAIN, backend="torch")  # 400 steps
    pace = np.array([trainer._pace(step) for step in range(401)])
    assert pace[0] == pytest.approx(1e-3)
    assert pace.argmax() == pytest.approx(400 * WARM_UP, abs=1)
    assert (np.diff(pace[:40]) > 0).all()
    assert (np.diff(pace[41:]) < 0).all()
    assert pace[200] == pytest.approx(0.5)
    assert pace[400] == 0


def test_only_measured_configurations_are_learned_from():
    half = TRAIN[0].configurations
    hidden = np.where(np.arange(len(half)) % 2, half.runtime_ns, 0)
    record = TRAIN[0].replace(configurations=dataclasses.replace(half, runtime_ns=hidden))
    trainer = Trainer(made.SMALL, [record], backend="torch")
    assert trainer._train[0].targets.index.tolist() == [*range(1, 27, 2)]
    assert math.isfinite(trainer.epoch().loss)


@pytest.mark.parametrize(
    ("train", "valid", "found"),
    [([], [], "none"), ([], VALID, "none"), ([*TRAIN, made.tile_graph()], [], "layout and tile"),
     (TRAIN, [made.tile_graph()], "layout and tile")],
)  # fmt: skip
def test_graphs_of_one_kind(train, valid, found):
    with pytest.raises(DataError, match=f"graphs: configurations: expected one kind, found {found}"):
        Trainer(made.SMALL, train, valid)


def test_names_are_looked_up_before_graphs_are_prepared(monkeypatch):
    monkeypatch.setattr(training, "Prepared", None)
    with pytest.raises(NotFoundError, match="no loss 'mse'"):
        Trainer(dataclasses.replace(made.SMALL, loss="mse"), TRAIN)
    with pytest.raises(UsageError, match="cross_entropy wants probabilities of classes"):
        Trainer(dataclasses.replace(made.SMALL, model="gru", loss="cross_entropy"), TRAIN)
    with pytest.raises(NotFoundError, match="no network 'gin'"):
        Trainer(dataclasses.replace(made.SMALL, model="gin"), TRAIN)


def test_a_backend_that_is_unknown():
    with pytest.raises(UsageError, match="no backend 'jax'"):
        Trainer(made.SMALL, TRAIN, backend="jax")


def test_a_graph_without_configurable_ops_is_refused():
    record = graphs.chain().replace(configurations=graphs.layouts([], [[], []], [1, 2]))
    with pytest.raises(DataError, match="chain: configurable ops"):
        Trainer(made.SMALL, [record])
