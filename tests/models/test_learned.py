import dataclasses

import numpy as np
import pytest
import torch

from tests import graphs
from tests.models import made
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.models.learned import Learned
from tpugraph_db.models.networks.by_name import NETWORKS
from tpugraph_db.models.networks.gcn import MOST_CLASSES
from tpugraph_db.models.registry import find_model
from tpugraph_db.models.training.checkpoint import save
from tpugraph_db.models.training.trainer import Trainer

LAYOUT, TILE = made.layout_graph(), made.tile_graph()
METRIC = "mean Kendall tau-b over the validation graphs of its training"


def trained(folder, model="gcn", train=LAYOUT, valid=None, epochs=1):
    """A checkpoint's folder."""
    recipe = dataclasses.replace(made.SMALL, model=model)
    trainer = Trainer(recipe, [train], [valid] if valid else [], backend="torch")
    for _ in range(epochs):
        trainer.epoch()
    save(trainer.checkpoint(), folder / model)
    return folder / model


@pytest.fixture(params=NETWORKS)
def model(request, tmp_path):
    return Learned(trained(tmp_path, request.param), device="cpu")


@pytest.fixture
def gcn(tmp_path):
    return trained(tmp_path, valid=LAYOUT)


def dense(numbers):
    """0 for the lowest, ties share one, none left out."""
    levels = sorted(set(numbers))
    return [levels.index(number) for number in numbers]


def test_configurations_have_scores_and_ranks_from_0(model):
    found = model.predict(LAYOUT)
    name = model.name
    assert list(found.configs) == [f"{name}_score", f"{name}_rank"]
    scores = found.configs[f"{name}_score"]
    assert scores.tolist() == model.scores(LAYOUT).tolist()
    assert scores.dtype == np.float64
    assert found.configs[f"{name}_rank"].tolist() == dense(scores.tolist())
    assert len(set(scores.tolist())) > 10


def test_ops_have_shares_that_sum_to_1(model):
    found = model.predict(LAYOUT)
    if model.name == "sage":
        assert (found.ops, model.shown) == ({}, ())
        return
    share, rank = found.ops.values()
    assert tuple(found.ops) == model.shown == (f"{model.name}_share", f"{model.name}_rank")
    assert share.shape == (len(LAYOUT),)
    assert share.sum() == pytest.approx(1)
    assert (share > 0).all()
    assert rank.tolist() == dense(share.tolist())


@pytest.mark.parametrize("model", ["gcn", "gru"], indirect=True)
def test_shares_are_of_the_default(model):
    marked = dataclasses.replace(LAYOUT.configurations, is_default=np.arange(27) == 26)
    record = LAYOUT.replace(configurations=marked)
    found = model.predict(record)
    with torch.no_grad():
        runtimes = model._net.log_runtimes(model._prepared(record), np.array([0, 26])).exp().numpy()
    assert found.ops[model.shown[0]] == pytest.approx(runtimes[:, 1] / runtimes[:, 1].sum())
    assert found.ops[model.shown[0]] != pytest.approx(runtimes[:, 0] / runtimes[:, 0].sum())
    assert found.configs[f"{model.name}_score"][26] == pytest.approx(0, abs=1e-5)


def test_a_lower_score_is_faster(tmp_path):
    trainer = Trainer(made.by_heart(made.SMALL), [LAYOUT], [LAYOUT], backend="torch")
    while trainer.epoch().tau < 0.9:
        pass
    save(trainer.checkpoint(), tmp_path)
    rank = Learned(tmp_path, device="cpu").predict(LAYOUT).configs["gcn_rank"]
    runtimes = LAYOUT.configurations.runtime_ns
    assert np.corrcoef(rank, runtimes)[0, 1] > 0.8
    assert runtimes[rank == 0].max() < np.median(runtimes) < runtimes[rank == rank.max()].min()


def test_some_configurations_have_the_scores_that_they_have_among_all(model):
    among = np.array([20, 3, 3, 11])
    assert model.scores_of(LAYOUT, among) == pytest.approx(model.scores(LAYOUT)[among], abs=1e-5)


def test_it_is_called_as_it_is_told(gcn):
    found = Learned(gcn, "mine_2", device="cpu").predict(LAYOUT)
    assert found.model == "mine_2"
    assert [*found.configs, *found.ops] == ["mine_2_score", "mine_2_rank", "mine_2_share", "mine_2_rank"]


@pytest.mark.parametrize("name", ["Mine", "2x", "a-b", "a b", "a}b", "_a", "ä", "a\n"])
def test_a_name_that_cannot_be_a_propertys_is_refused(gcn, name):
    with pytest.raises(UsageError, match=r"a model's name must match \[a-z\]\[a-z0-9_\]\*, found "):
        Learned(gcn, name, device="cpu")


def test_tiles(tmp_path):
    found = Learned(trained(tmp_path, "gru", TILE), device="cpu").predict(TILE)
    assert found.configs["gru_score"].shape == (20,)
    assert found.ops["gru_share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("learned", "asked", "kinds"), [(LAYOUT, TILE, ("layout", "tile")), (TILE, LAYOUT, ("tile", "layout"))]
)
def test_a_graph_of_the_other_kind_is_refused(learned, asked, kinds, tmp_path):
    model = Learned(trained(tmp_path, train=learned), device="cpu")
    with pytest.raises(DataError) as error:
        model.predict(asked)
    assert str(error.value) == (
        f"{asked.id}: configurations: expected {kinds[0]}, which the model has learned from, found {kinds[1]}; "
        f"train a model on {kinds[1]} collections"
    )


def test_a_graph_without_configurations_is_refused(gcn):
    with pytest.raises(DataError, match="chain: configurations: expected at least one, found none"):
        Learned(gcn, device="cpu").predict(graphs.chain())


def test_a_graph_whose_runtimes_are_hidden_is_ranked(gcn):
    hidden = dataclasses.replace(LAYOUT.configurations, runtime_ns=np.zeros(27, np.int64))
    model = Learned(gcn, device="cpu")
    assert model.scores(LAYOUT.replace(configurations=hidden)).tolist() == model.scores(LAYOUT).tolist()


def test_the_version_is_that_of_the_weights(gcn, tmp_path):
    one, same = (Learned(gcn, device="cpu").predict(LAYOUT) for _ in range(2))
    other = Learned(trained(tmp_path / "other", epochs=2), device="cpu").predict(LAYOUT)
    assert len(one.version) == 64
    assert one.version == same.version != other.version
    assert one.configs["gcn_score"].tolist() == same.configs["gcn_score"].tolist()


def test_notes_say_what_it_learned_from_and_how_well(gcn):
    model = Learned(gcn, device="cpu")
    (epoch,) = model.facts["epochs"]
    assert model.predict(LAYOUT).notes == {
        "data": model.facts["fingerprint"], "quality": epoch["tau"], "quality_metric": METRIC
    }  # fmt: skip


@pytest.mark.parametrize("epochs", [0, 1])
def test_notes_of_one_that_was_not_judged(tmp_path, epochs):
    model = Learned(trained(tmp_path, epochs=epochs), device="cpu")
    assert model.predict(LAYOUT).notes == {"data": model.facts["fingerprint"]}


def test_the_matrix_has_a_class_for_each_configuration_unless_told(gcn):
    model = Learned(gcn, device="cpu")
    whole, few = model.matrix(LAYOUT), model.matrix(LAYOUT, 5)
    assert (whole.shape, few.shape) == ((27, 27), (27, 5))
    for found in (whole, few):
        assert found.sum(axis=1) == pytest.approx(np.ones(27), abs=1e-6)
        expected = found @ np.arange(found.shape[1])
        assert (np.diff(expected[np.argsort(model.scores(LAYOUT))]) >= -1e-5).all()


def test_a_matrix_in_pieces_is_the_same(gcn, monkeypatch):
    model = Learned(gcn, device="cpu")
    whole = model.matrix(LAYOUT, 7)
    monkeypatch.setattr("tpugraph_db.models.learned.MATRIX_NUMBERS", 4 * 7)
    pieces = list(model.matrix_rows(model.scores(LAYOUT), 7))
    assert [len(piece) for piece in pieces] == [4] * 6 + [3]
    assert np.concatenate(pieces) == pytest.approx(whole, abs=1e-6)


def test_a_matrix_of_too_many_classes_is_refused(gcn):
    with pytest.raises(UsageError, match=r"at most 4,096 runtime classes, found 4,097: --classes K asks for fewer"):
        Learned(gcn, device="cpu").matrix(LAYOUT, MOST_CLASSES + 1)


def test_a_matrix_is_the_gcns(tmp_path):
    with pytest.raises(UsageError, match="what the model gcn gives; the checkpoint is of sage"):
        Learned(trained(tmp_path, "sage"), "mine", device="cpu").matrix(LAYOUT)


def test_who_has_classes(model):
    assert model.has_classes == hasattr(model._net, "matrix") == (model.name == "gcn")


def test_graphs_it_learned_from(tmp_path):
    other = made.layout_graph("other", "valid")
    both = Learned(trained(tmp_path, valid=other), device="cpu")
    assert both.learned_from == {"layout:test:default/train/made", "layout:test:default/valid/other"}
    assert Learned(trained(tmp_path / "alone"), device="cpu").learned_from == {LAYOUT.id}


def test_it_is_found_by_its_folder(gcn):
    found = find_model(gcn, name="mine", backend="torch", device="cpu")
    assert (type(found), found.name) == (Learned, "mine")


def test_backends_and_devices_are_asked_for_by_name(gcn):
    with pytest.raises(UsageError, match="no device 'tpu'"):
        Learned(gcn, device="tpu")
    with pytest.raises(UsageError, match="no backend 'jax'"):
        Learned(gcn, backend="jax", device="cpu").scores(LAYOUT)
