"""Gbdt in a folder: what is saved is loaded, and everything else is refused in one line."""

import errno
import hashlib
import json
import os
import re

import pytest

from tests import graphs
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.errors import DataError, NotFoundError, StoreError, UsageError
from tpugraph_db.kendall import dense_rank
from tpugraph_db.models.baselines.gbdt import Gbdt
from tpugraph_db.models.baselines.trained_gbdt import QUALITY, GbdtRecipe, TrainedGbdt, save_gbdt
from tpugraph_db.models.registry import find_model, find_scorer
from tpugraph_db.models.training.folder import INDEX, fingerprint

pytest.importorskip("lightgbm")

TRAIN, VALID = [layout_graph(f"g{at}") for at in range(4)], [layout_graph("v", "valid")]


@pytest.fixture(scope="module")
def gbdt():
    return Gbdt.fit(TRAIN)


@pytest.fixture
def folder(gbdt, tmp_path):
    save_gbdt(gbdt, GbdtRecipe(), tmp_path / "trees", TRAIN, VALID, {"tau": 0.75, "opa": 0.9})
    return tmp_path / "trees"


def index(folder):
    return json.loads((folder / INDEX).read_text())


def rewrite(folder, **changes):
    """model.json with other entries; those that are ... are taken away."""
    said = {key: value for key, value in (index(folder) | changes).items() if value is not ...}
    (folder / INDEX).write_text(json.dumps(said))


def put(folder, text):
    """Other trees, and what model.json says of them is right."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    name = f"trees-{digest[:16]}.txt"
    (folder / name).write_text(text)
    rewrite(folder, files={"trees": {"file": name, "sha256": digest}})


def trees(folder):
    return folder / index(folder)["files"]["trees"]["file"]


def test_what_was_saved_ranks_as_before(gbdt, folder):
    record = layout_graph("unseen", costs=(0, 10, 30))
    model = TrainedGbdt(folder)
    found = model.predict(record)
    scores = gbdt.scores(record)
    assert found.configs["gbdt_score"].tolist() == model.scores(record).tolist() == scores.tolist()
    assert found.configs["gbdt_rank"].tolist() == dense_rank(scores).tolist()
    assert (found.model, found.ops, model.shown) == ("gbdt", {}, ())


def test_a_prediction_says_which_checkpoint_it_was(folder):
    model = TrainedGbdt(folder)
    found = model.predict(TRAIN[0])
    assert found.version == hashlib.sha256(trees(folder).read_bytes()).hexdigest()
    assert found.notes == {"data": fingerprint(TRAIN, VALID), "quality": 0.75, "quality_metric": QUALITY}
    assert model.learned_from == {record.id for record in (*TRAIN, *VALID)}


def test_without_validation_nothing_is_said_of_quality(gbdt, tmp_path):
    save_gbdt(gbdt, GbdtRecipe(), tmp_path, TRAIN, [], {"tau": None, "opa": None})
    assert TrainedGbdt(tmp_path).predict(TRAIN[0]).notes == {"data": fingerprint(TRAIN, [])}


def test_it_is_one_folder_of_two_files(folder, gbdt):
    said = index(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted([INDEX, trees(folder).name])
    assert (said["kind"], said["recipe"]) == ("layout", {"model": "gbdt", "loss": "pairwise", "seed": 0})
    assert tuple(said["columns"]) == gbdt.columns
    assert said["metrics"] == {"tau": 0.75, "opa": 0.9}


def test_it_is_found_by_its_folder(folder):
    assert (find_model(folder).name, find_model(folder, name="mine").name) == ("gbdt", "mine")
    assert find_scorer(f"mine={folder}").name == "mine"
    with pytest.raises(UsageError, match="a model's name must match"):
        find_model(folder, name="a-b")


def test_lightgbm_is_not_installed(folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"^learned models need lightgbm: pip install 'tpugraph-db\[models\]'$"):
        find_model(folder)


@pytest.mark.parametrize("record", [tile_graph(), graphs.chain()])
def test_a_graph_that_it_cannot_rank(folder, record):
    said = "expected layout, which the model has learned from, found tile; train a model on tile collections"
    if not len(record.configurations):
        said = "expected at least one, found none"
    with pytest.raises(DataError, match=f"{record.id}: configurations: {said}"):
        TrainedGbdt(folder).predict(record)


@pytest.mark.parametrize("damage", ["truncated", "a bit", "empty"])
def test_damaged_trees_are_refused(folder, damage):
    content = bytearray(trees(folder).read_bytes())
    if damage == "a bit":
        content[999] ^= 1
    trees(folder).write_bytes({"truncated": content[:-1], "a bit": content, "empty": b""}[damage])
    with pytest.raises(
        DataError, match=rf"{trees(folder).name}: sha256: expected [0-9a-f]{{64}}, found [0-9a-f]{{64}}"
    ):
        TrainedGbdt(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 1}, "format: expected 2, found 1; train it again with this version of tpugraph-db"),
        ({"recipe": {"model": "gcn"}}, "model: expected gbdt, found gcn"),
        ({"recipe": []}, "model: expected gbdt, found none"),
        ({"columns": ...}, "columns: expected a list, found None"),
        ({"metrics": []}, r"metrics: expected a dict, found \[\]"),
        ({"metrics": {"tau": "high"}}, "metrics.tau: expected a number or null, found high"),
        ({"files": {}}, "files.trees: expected trees-<16 hexadecimal digits>.txt and its sha256, found None"),
        ({"files": {"trees": {"file": "../trees-0123456789abcdef.txt", "sha256": "0"}}}, "files.trees: expected trees"),
    ],
)
def test_another_index_is_refused_by_name(folder, changes, said):
    rewrite(folder, **changes)
    with pytest.raises(DataError, match=rf"model\.json: {said}"):
        TrainedGbdt(folder)


def test_other_columns_are_refused(folder):
    columns = index(folder)["columns"]
    rewrite(folder, columns=["another", *columns[1:]])
    with pytest.raises(DataError, match=r"feature_names: expected another .*, found .*; train it again"):
        TrainedGbdt(folder)
    text = trees(folder).read_text().replace(f"feature_names={columns[0]}", "feature_names=another")
    put(folder, text)
    with pytest.raises(
        DataError, match=f"of the kind and version that gbdt was trained on, found the column {columns[0]}"
    ):
        TrainedGbdt(folder).predict(TRAIN[0])


def edited(folder, key, value, tree=0):
    """The trees with a line of one of them changed, and the sizes that fit."""
    head, *rest = re.split(r"(?<=\n\n)(?=Tree=|end of trees)", trees(folder).read_text())
    rest[tree] = re.sub(rf"^{key}=.*$", f"{key}={value}", rest[tree], flags=re.MULTILINE)
    head = re.sub(
        r"^tree_sizes=.*$", "tree_sizes=" + " ".join(str(len(t)) for t in rest[:-1]), head, flags=re.MULTILINE
    )
    return head + "".join(rest)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("num_leaves", "1000000000"),
        ("num_leaves", "0"),
        ("num_leaves", "x"),
        ("split_feature", "26 0"),
        ("split_feature", "-1 0"),
        ("left_child", "0 -1"),
        ("left_child", "2 -1"),
        ("right_child", "-2 -4"),
        ("right_child", "-2"),
        ("leaf_value", "1"),
        ("threshold", ""),
        ("num_cat", "1"),
        ("is_linear", "1"),
    ],
)
def test_trees_that_would_lead_out_of_their_arrays_are_refused(folder, key, value):
    put(folder, edited(folder, "shrinkage", "0.1"))
    TrainedGbdt(folder)
    put(folder, edited(folder, key, value))
    with pytest.raises(DataError, match=r"trees-[0-9a-f]{16}\.txt: tree 0: [a-z_]+: expected .*; train it again"):
        TrainedGbdt(folder)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("tree_sizes=4", "tree_sizes=9", "tree_sizes"),
        ("num_class=1", "num_class=2", "num_class"),
        ("max_feature_idx=25", "max_feature_idx=99", "max_feature_idx"),
        ("end of trees", "end", "tree_sizes"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(folder, old, new, key):
    put(folder, trees(folder).read_text().replace(old, new, 1))
    with pytest.raises(DataError, match=f"{key}: expected "):
        TrainedGbdt(folder)


@pytest.mark.parametrize("text", ["", "x", "tree\n\n", "\x00"])
def test_what_is_no_model_is_refused(folder, text):
    put(folder, text)
    with pytest.raises(DataError, match="num_class: expected 1, found None; train it again"):
        TrainedGbdt(folder)


def test_what_is_no_text_is_refused(folder):
    put(folder, "ä")
    with pytest.raises(DataError, match="file: expected LightGBM's text format, found "):
        TrainedGbdt(folder)


def test_a_full_disk_leaves_the_one_before(folder, monkeypatch):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"cannot be written \(No space left on device\); make room or give access"):
        save_gbdt(Gbdt.fit(TRAIN, seed=1), GbdtRecipe(seed=1), folder, TRAIN, VALID, {"tau": 1.0, "opa": 1.0})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_losses_of_networks_are_refused_by_name():
    with pytest.raises(NotFoundError, match="no loss 'listmle' of gbdt; there is lambdarank, pairwise"):
        GbdtRecipe(loss="listmle")
