"""Training from a store: the same weights as without one, again and again, and what is refused."""

import json
import math

import numpy as np
import pytest
import torch

from tests import learning
from tests.conftest import ENGINES, open_empty
from tests.learning import HIDDEN, PLAIN, SMALL, TEST, TILE, TRAIN, VALID, sha256
from tpugraph_db.errors import DataError, NotFoundError, ReadOnlyError, UsageError
from tpugraph_db.models.baselines.gbdt import ROUNDS
from tpugraph_db.models.baselines.trained_gbdt import GbdtRecipe, TrainedGbdt
from tpugraph_db.models.features.targets import merged
from tpugraph_db.models.judging.judge import judge
from tpugraph_db.models.training import checkpoint
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.train import VALID as CHOOSERS
from tpugraph_db.train import TrainedTrees, choose, train_network

FIRST, SECOND, CHOOSER = TRAIN[0].id, TRAIN[1].id, VALID[0].id


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """An embedded store with every kind of graph."""
    folder = tmp_path_factory.mktemp("train")
    with open_empty("arcadedb", None, folder) as db:
        db.load([learning.files(folder, (*TRAIN, *VALID, TEST, HIDDEN, TILE, PLAIN))])
        yield db


LAYOUTS = "g.collection STARTS WITH 'layout:' AND g.split = 'train'"


def train(db, folder, recipe=SMALL, where=LAYOUTS, valid=CHOOSERS, **options):
    return train_network(choose(db.store, where, valid), recipe, folder, **options)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_store_gives_the_weights_that_the_files_give(engine, request, tmp_path):
    expected = learning.trained(tmp_path / "expected")
    epochs = []
    with open_empty(engine, request, tmp_path) as db:
        db.load([learning.files(tmp_path / "files")])
        trained = db.train(tmp_path / "gcn", SMALL, on_epoch=epochs.append)
    assert (trained.folder, trained.train, trained.valid) == (tmp_path / "gcn", 2, 1)
    assert [epoch.number for epoch in trained.epochs] == [1, 2, 3]
    assert epochs == list(trained.epochs)
    assert trained.best == [epoch for epoch in epochs if epoch.best][-1]
    assert trained.best.tau == max(epoch.tau for epoch in epochs)
    assert sha256(tmp_path / "gcn") == sha256(expected)
    facts = checkpoint.load(tmp_path / "gcn").facts
    assert (facts["train"], facts["valid"]) == ([FIRST, SECOND], [CHOOSER])


class EnoughError(Exception):
    pass


def stop_after(number):
    def stop(epoch):
        if epoch.number == number:
            raise EnoughError

    return stop


@pytest.mark.parametrize("model", ["gcn", "gru", "sage"])
def test_a_training_that_stopped_goes_on_as_if_it_had_not(embedded, tmp_path, model):
    recipe = Recipe(model=model, width=8, depth=1, epochs=4, batch=16)
    whole = train(embedded, tmp_path / "whole", recipe)
    with pytest.raises(EnoughError):
        train(embedded, tmp_path / "halves", recipe, on_epoch=stop_after(2))
    assert len(checkpoint.load(tmp_path / "halves").facts["epochs"]) == 2
    resumed = train(embedded, tmp_path / "halves", recipe, resume=True)
    assert resumed.epochs == whole.epochs
    assert same_files(tmp_path / "halves", tmp_path / "whole")


def same_files(one, other):
    return {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in other.iterdir()
    }


def test_a_training_that_is_done_has_nothing_to_go_on_with(embedded, tmp_path):
    done = train(embedded, tmp_path / "gcn")
    before = sha256(tmp_path / "gcn")
    assert train(embedded, tmp_path / "gcn", resume=True).epochs == done.epochs
    assert sha256(tmp_path / "gcn") == before


def test_going_on_with_other_options_or_graphs_is_refused(embedded, tmp_path):
    train(embedded, tmp_path / "gcn")
    before = (tmp_path / "gcn" / "model.json").read_bytes()
    with pytest.raises(DataError, match=r"checkpoint: recipe: expected .*seed=1.*, found .*seed=0"):
        train(embedded, tmp_path / "gcn", Recipe(**{**vars(SMALL), "seed": 1}), resume=True)
    with pytest.raises(DataError, match=r"checkpoint: fingerprint: .*; the same options and graphs go on"):
        train(embedded, tmp_path / "gcn", where=f"g.id = '{FIRST}'", resume=True)
    assert (tmp_path / "gcn" / "model.json").read_bytes() == before


def test_a_folder_in_use_and_one_that_holds_nothing_to_resume(embedded, tmp_path):
    with pytest.raises(UsageError, match="none holds no checkpoint to resume from"):
        train(embedded, tmp_path / "none", resume=True)
    assert not (tmp_path / "none").exists()
    train(embedded, tmp_path / "gcn")
    with pytest.raises(UsageError, match="gcn holds a checkpoint: --resume goes on from it; or name another folder"):
        train(embedded, tmp_path / "gcn")


def test_nothing_matches(embedded, tmp_path):
    with pytest.raises(NotFoundError, match=r"no graph matches \"g.split = 'trian'\" \(tpudb ls lists what there is\)"):
        train(embedded, tmp_path / "gcn", where="g.split = 'trian'")
    assert not (tmp_path / "gcn").exists()


@pytest.mark.parametrize(("record", "reason"), [(HIDDEN, "hidden runtimes"), (PLAIN, "no configurations")])
def test_what_matches_has_no_order_to_learn(embedded, tmp_path, record, reason):
    with pytest.raises(NotFoundError, match=rf"has an order of configurations to learn \({record.id}: {reason}\)"):
        train(embedded, tmp_path / "gcn", where=f"g.id = '{record.id}'")


def test_of_ops_in_a_file_their_surroundings_are_learned_from(embedded, tmp_path):
    (tmp_path / "ops.cypher").write_text("MATCH (o:Op {opcode: 'convolution'}) WHERE o.graph = $graph RETURN o.uid")
    (tmp_path / "graphs.cypher").write_text("MATCH (g:Graph {split: 'valid'}) RETURN g")
    asked = {"hops": 1, "params": {"graph": FIRST}}
    chosen = choose(embedded.store, tmp_path / "ops.cypher", str(tmp_path / "graphs.cypher"), **asked)
    (part,) = chosen.train
    # op 1 with its producer 0 and its consumer 3: of the 27 configurations three differ there
    assert (part.opcodes.tolist(), part.edges.tolist()) == (["parameter", "convolution", "add"], [[1, 0], [2, 1]])
    assert part.configurations.distinct == 3
    assert merged(part.configurations).counts.tolist() == [9, 9, 9]
    assert [record.id for record in chosen.valid] == [CHOOSER]
    trained = embedded.train(tmp_path / "gcn", SMALL, where=tmp_path / "ops.cypher", **asked)
    assert (trained.train, trained.valid) == (1, 1)
    assert checkpoint.load(tmp_path / "gcn").facts["train"] == [FIRST]
    with pytest.raises(DataError, match=r"checkpoint: fingerprint"):
        embedded.train(tmp_path / "gcn", SMALL, where=tmp_path / "ops.cypher", **asked | {"hops": 0}, resume=True)


def test_ops_that_no_configuration_sets_leave_nothing_to_learn(embedded, tmp_path):
    (tmp_path / "ops.cypher").write_text("MATCH (o:Op {opcode: 'constant'}) RETURN o.graph AS graph, o.index AS index")
    with pytest.raises(NotFoundError, match=rf"ops.cypher' has an order of .*{FIRST}: one distinct configuration"):
        train(embedded, tmp_path / "gcn", where=tmp_path / "ops.cypher")
    with pytest.raises(UsageError, match="no parameter 'x'; it takes none"):
        choose(embedded.store, params={"x": 1})


def test_no_graph_to_choose_the_epoch_by(embedded, tmp_path):
    with pytest.raises(NotFoundError, match="; without graphs to choose the epoch by: --no-valid"):
        train(embedded, tmp_path / "gcn", valid="g.split = 'nowhere'")


def test_without_graphs_to_choose_by_the_last_epoch_is_kept(embedded, tmp_path):
    trained = train(embedded, tmp_path / "gcn", valid=None)
    assert (trained.valid, trained.best.number, trained.best.tau) == (0, 3, None)
    assert sha256(tmp_path / "gcn") == sha256(learning.trained(tmp_path / "expected", valid=()))


def test_what_is_left_out_has_a_reason(embedded):
    chosen = choose(embedded.store, "g.collection STARTS WITH 'layout:' AND g.split <> 'valid'")
    assert [record.id for record in chosen.train] == [TEST.id, FIRST, SECOND]
    assert chosen.left_out == {HIDDEN.id: "hidden runtimes", PLAIN.id: "no configurations"}


def test_what_the_epoch_is_chosen_by_is_not_learned_from(embedded):
    chosen = choose(embedded.store, f"{LAYOUTS} OR g.split = 'valid'")
    assert [record.id for record in chosen.train] == [FIRST, SECOND]
    assert [record.id for record in chosen.valid] == [CHOOSER]
    assert chosen.left_out[CHOOSER] == "it is one that the epoch is chosen by"
    with pytest.raises(NotFoundError, match=f"{CHOOSER}: it is one that the epoch is chosen by"):
        choose(embedded.store, "g.split = 'valid'")


def test_what_is_chosen_outlives_the_store(tmp_path):
    with open_empty("arcadedb", None, tmp_path) as db:
        db.load([learning.files(tmp_path / "files")])
        chosen = choose(db.store)
    train_network(chosen, SMALL, tmp_path / "gcn")
    assert sha256(tmp_path / "gcn") == sha256(learning.trained(tmp_path / "expected"))


@pytest.mark.parametrize("where", ["true SET g.split = 'x'", "true DETACH DELETE g", "g.id = 'x' CREATE (:Graph)"])
def test_a_condition_that_would_write(embedded, tmp_path, where):
    with pytest.raises(ReadOnlyError):
        train(embedded, tmp_path / "gcn", where=where)
    assert [row[0] for row in embedded.query("MATCH (g:Graph) RETURN count(*)")] == [7]


def test_layouts_and_tiles_together(embedded, tmp_path):
    with pytest.raises(DataError, match="one kind, found layout and tile; a network learns from layouts or from tiles"):
        train(embedded, tmp_path / "gcn", where="g.split = 'train'")


def test_a_loss_that_is_no_number_names_the_graph(embedded, tmp_path):
    graph = f"({FIRST}|{SECOND})"
    with pytest.raises(DataError, match=f"{graph}: loss: expected a number, found (nan|inf); a lower --rate"):
        train(embedded, tmp_path / "gcn", Recipe(**{**vars(SMALL), "rate": 1e38}))


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"model": "gnn"}, NotFoundError, "no network 'gnn'; there is gcn, gru, sage; did you mean gcn"),
        ({"loss": "hing"}, NotFoundError, "no loss 'hing'; there is listmle, hinge, .*; did you mean hinge"),
        ({"model": "sage", "loss": "cross_entropy"}, UsageError, "which the model gcn alone gives"),
    ],
)
def test_a_model_or_loss_that_is_not_there(embedded, tmp_path, changes, kind, said):
    with pytest.raises(kind, match=said):
        train(embedded, tmp_path / "gcn", Recipe(**{**vars(SMALL), **changes}))
    assert not (tmp_path / "gcn").exists()


@pytest.mark.parametrize("module", ["torch", "scipy"])
def test_torch_is_not_installed(embedded, tmp_path, monkeypatch, module):
    found = "importlib.util.find_spec"
    monkeypatch.setattr(found, lambda name: None if name == module else object())
    with pytest.raises(UsageError, match=rf"^learned models need {module}: pip install 'tpugraph-db\[models\]'$"):
        train(embedded, tmp_path / "gcn")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there(embedded, tmp_path):
    with pytest.raises(UsageError, match="--device cuda: torch finds no CUDA device here"):
        train(embedded, tmp_path / "gcn", device="cuda")


def test_it_learns(embedded, tmp_path):
    recipe = Recipe(**{**vars(SMALL), "epochs": 15, "rate": 1e-2})
    trained = train(embedded, tmp_path / "gcn", recipe)
    assert trained.best.tau > 0.5
    assert trained.epochs[-1].loss < trained.epochs[0].loss
    assert all(math.isfinite(epoch.loss) for epoch in trained.epochs)
    index = json.loads((tmp_path / "gcn" / "model.json").read_text())
    assert np.isclose(max(epoch["tau"] for epoch in index["epochs"]), trained.best.tau)


@pytest.mark.parametrize("loss", ["pairwise", "lambdarank"])
def test_gbdt_from_a_store_is_gbdt_from_files_and_the_same_again(embedded, tmp_path, loss):
    recipe = GbdtRecipe(loss, seed=3)
    rounds = []
    trained = embedded.train(
        tmp_path / "a", recipe, where=LAYOUTS, on_round=lambda done, total: rounds.append((done, total))
    )
    embedded.train(tmp_path / "b", recipe, where=LAYOUTS)
    learning.trees(tmp_path / "c", recipe)
    assert same_files(tmp_path / "a", tmp_path / "b")
    model, of_files = TrainedGbdt(tmp_path / "a"), TrainedGbdt(tmp_path / "c")
    assert model.version == of_files.version
    assert model.facts["recipe"] == {"model": "gbdt", "loss": loss, "seed": 3}
    judged = judge(VALID[0], of_files.scores(VALID[0]))
    assert trained == TrainedTrees(tmp_path / "a", 2, 1, judged.tau, judged.opa)
    assert model.facts["metrics"] == {"tau": judged.tau, "opa": judged.opa}
    assert judged.tau > 0.5
    assert rounds[-1] == (ROUNDS, ROUNDS)


def test_gbdt_without_validation(embedded, tmp_path):
    trained = embedded.train(tmp_path / "a", GbdtRecipe(), where=LAYOUTS, valid=None)
    assert (trained.valid, trained.tau, trained.opa) == (0, None, None)
    assert TrainedGbdt(tmp_path / "a").learned_from == {FIRST, SECOND}


def test_what_gbdt_refuses(embedded, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="gbdt has no option backend, resume: those are of networks"):
        embedded.train(tmp_path / "a", GbdtRecipe(), where=LAYOUTS, resume=True, backend="dgl")
    with pytest.raises(UsageError, match="expected graphs of layouts or of tiles to train gbdt on, found both"):
        embedded.train(tmp_path / "a", GbdtRecipe(), where="g.split = 'train'")
    with pytest.raises(DataError, match=f"{TILE.id}: configurations: .* that gbdt was trained on"):
        embedded.train(tmp_path / "a", GbdtRecipe(), where=LAYOUTS, valid=f"g.id = '{TILE.id}'")
    with pytest.raises(NotFoundError, match="no model 'gnn' to train; there is gcn, gru, sage, gbdt"):
        embedded.train(tmp_path / "a", Recipe(model="gnn"), where=LAYOUTS)
    assert not (tmp_path / "a").exists()
    learning.trees(tmp_path / "a")
    with pytest.raises(UsageError, match="a holds a checkpoint: name another folder"):
        embedded.train(tmp_path / "a", GbdtRecipe(), where=LAYOUTS)
    with pytest.raises(DataError, match=r"model\.json: model: expected gcn, gru, sage, found gbdt"):
        embedded.train(tmp_path / "a", SMALL, where=LAYOUTS, resume=True)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="learned models need lightgbm"):
        embedded.train(tmp_path / "b", GbdtRecipe(), where=LAYOUTS)
