import dataclasses
import errno
import hashlib
import json
import os
import resource
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors.torch import load as from_bytes
from safetensors.torch import save as to_bytes

from tests import graphs
from tests.models import made
from tpugraph_db.errors import DataError, StoreError, UsageError
from tpugraph_db.models.networks.by_name import NETWORKS, build
from tpugraph_db.models.training import checkpoint as module
from tpugraph_db.models.training.checkpoint import Checkpoint, load, save
from tpugraph_db.models.training.folder import INDEX, expect_free


def a_checkpoint(model="gcn", record=None, seed=0):
    recipe = dataclasses.replace(made.SMALL, model=model, seed=seed)
    statistics = made.statistics(record or graphs.diamond())
    weights = build(recipe, statistics).state_dict()
    state = {"weights.x": torch.tensor([1.0, seed]), "step.x": torch.tensor(3.0)}
    return Checkpoint(recipe, statistics, weights, state, {"epochs": [], "fingerprint": "f" * 64})


@pytest.fixture
def folder(tmp_path):
    save(a_checkpoint(), tmp_path / "gcn")
    return tmp_path / "gcn"


def index(folder):
    return json.loads((folder / INDEX).read_text())


def rewrite(folder, **changes):
    """model.json with other entries; those that are ... are taken away."""
    said = {key: value for key, value in (index(folder) | changes).items() if value is not ...}
    (folder / INDEX).write_text(json.dumps(said))


def put(folder, kind, content):
    """Another file of tensors, and what model.json says of it is right."""
    digest = hashlib.sha256(content).hexdigest()
    name = f"{kind}-{digest[:16]}.safetensors"
    (folder / name).write_bytes(content)
    rewrite(folder, files=index(folder)["files"] | {kind: {"file": name, "sha256": digest}})


def weights_file(folder):
    return folder / index(folder)["files"]["weights"]["file"]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("record", [graphs.diamond(), made.tile_graph()], ids=["layout", "tile"])
@pytest.mark.parametrize("model", NETWORKS)
def test_what_was_saved_is_loaded(model, record, tmp_path):
    given = a_checkpoint(model, record)
    save(given, tmp_path / "a" / "b")
    found = load(tmp_path / "a" / "b")
    assert (found.recipe, found.statistics) == (given.recipe, given.statistics)
    for ours, theirs in ((given.weights, found.weights), (given.state, found.state)):
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert found.facts == {**given.facts, "sha256": index(tmp_path / "a" / "b")["files"]["weights"]["sha256"]}
    net = found.network()
    assert net.name == model
    assert not net.training
    assert all(torch.equal(tensor, given.weights[name]) for name, tensor in net.state_dict().items())


def test_a_folder_has_an_index_and_the_files_it_names(folder):
    said = index(folder)
    assert names(folder) == sorted([INDEX, *(entry["file"] for entry in said["files"].values())])
    for entry in said["files"].values():
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert (said["format"], said["kind"], said["recipe"]["width"]) == (2, "layout", 8)


def test_the_next_one_replaces_it_and_touches_nothing_else(folder):
    other = ["mine.safetensors", "weights-best.safetensors", "notes.txt"]
    of_killed = [f".writing-{name}-17" for name in ("weights-0123456789abcdef.safetensors", "model.json")]
    older = ".writing-weights-0123456789abcdef.safetensors"
    for name in [*other, *of_killed, older]:
        (folder / name).write_text("x")
    save(a_checkpoint(seed=1), folder)
    assert load(folder).recipe.seed == 1
    assert names(folder) == sorted([INDEX, *other, *(entry["file"] for entry in index(folder)["files"].values())])


def test_the_same_again_is_the_same_bytes(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    save(a_checkpoint(), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("kind", ["weights", "state"])
@pytest.mark.parametrize("damage", ["truncated", "a bit", "empty"])
def test_damaged_tensors_are_refused(folder, kind, damage):
    path = folder / index(folder)["files"][kind]["file"]
    content = bytearray(path.read_bytes())
    if damage == "a bit":
        content[-1] ^= 1
    path.write_bytes({"truncated": content[:-1], "a bit": content, "empty": b""}[damage])
    with pytest.raises(DataError, match=rf"{path.name}: sha256: expected [0-9a-f]{{64}}, found [0-9a-f]{{64}}; train"):
        load(folder)


def test_tensors_of_another_shape_are_refused_by_name(folder):
    tensors = from_bytes(weights_file(folder).read_bytes())
    tensors["layers.1.own.weight"] = torch.zeros(8, 9)
    put(folder, "weights", to_bytes(tensors))
    with pytest.raises(DataError, match=r"layers\.1\.own\.weight: expected \(8, 8\), found \(8, 9\); .* train it"):
        load(folder)


@pytest.mark.parametrize(
    ("name", "expected", "found"), [("layers.0.norm.bias", r"\(8,\)", "none"), ("one.more", "none", r"\(2,\)")]
)
def test_tensors_too_many_or_too_few_are_refused_by_name(folder, name, expected, found):
    tensors = from_bytes(weights_file(folder).read_bytes())
    if name in tensors:
        del tensors[name]
    else:
        tensors[name] = torch.zeros(2)
    put(folder, "weights", to_bytes(tensors))
    with pytest.raises(DataError, match=rf"{name}: expected {expected}, found {found}"):
        load(folder)


@pytest.mark.parametrize("size", [0, 7])
def test_statistics_of_another_shape_are_refused_by_name(folder, size):
    tensors = from_bytes(weights_file(folder).read_bytes())
    tensors["statistics.ops.mean"] = torch.zeros(size)
    put(folder, "weights", to_bytes(tensors))
    with pytest.raises(DataError, match=rf"statistics\.ops\.mean: expected \(\d+,\), found \({size},\)"):
        load(folder)


def test_statistics_that_are_missing_are_refused_by_name(folder):
    tensors = from_bytes(weights_file(folder).read_bytes())
    del tensors["statistics.choices.kept"]
    put(folder, "weights", to_bytes(tensors))
    with pytest.raises(DataError, match=r"weights: expected statistics.*found no statistics.choices.kept"):
        load(folder)


def test_what_is_no_safetensors_is_refused(folder):
    put(folder, "weights", b"\x80\x04cposix\nsystem\n")
    with pytest.raises(DataError, match="file: expected safetensors, found "):
        load(folder)


@pytest.mark.parametrize("found", [1, 3, "2", None, ...])
def test_another_format_is_refused(folder, found):
    rewrite(folder, format=found)
    shown = "None" if found is ... else str(found)
    with pytest.raises(DataError, match=f"model.json: format: expected 2, found {shown}; train it again"):
        load(folder)


@pytest.mark.parametrize("text", ["[]", "{", "\0", '"x"', "1"])
def test_an_index_that_is_none_is_refused(folder, text):
    (folder / INDEX).write_text(text)
    with pytest.raises(DataError, match=r"model\.json: (file: expected JSON|format: expected 2, found None)"):
        load(folder)


RECIPE = dataclasses.asdict(made.SMALL)


@pytest.mark.parametrize(
    "said",
    [
        RECIPE | {"dropout": 0.1},
        {key: value for key, value in RECIPE.items() if key != "width"},
        RECIPE | {"width": "8"},
        RECIPE | {"width": 8.5},
        RECIPE | {"model": None},
        [],
        None,
        ...,
    ],
)
def test_another_recipe_is_refused(folder, said):
    rewrite(folder, recipe=said)
    with pytest.raises(DataError, match=r"model\.json: recipe: expected model \(str\), loss \(str\).*, found "):
        load(folder)


def test_a_whole_number_is_a_rate(folder):
    rewrite(folder, recipe=RECIPE | {"rate": 1})
    assert load(folder).recipe.rate == 1


def test_a_folder_that_is_none(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in ("nowhere", "."):
        with pytest.raises(DataError, match=r"model\.json: expected a checkpoint's folder, found no such file"):
            load(tmp_path / path)
    with pytest.raises(DataError, match=r"model\.json"):
        load(tmp_path / "file")


def test_a_file_that_is_missing(folder):
    weights_file(folder).unlink()
    with pytest.raises(DataError, match=r"gcn: weights: expected the file that model\.json names, found .*No such"):
        load(folder)


@pytest.mark.parametrize("way", ["../{}", "/{}", "../gcn/{}", "a\0b", "..", ".", "", "model.json", None, 7])
def test_no_name_leads_out_of_the_folder(folder, way, monkeypatch):
    path = weights_file(folder)
    outside = path.rename(folder.parent / path.name)
    entry = {"file": way.format(outside.name) if isinstance(way, str) else way, "sha256": "0" * 64}
    rewrite(folder, files=index(folder)["files"] | {"weights": entry})
    opened = []
    monkeypatch.setattr(Path, "read_bytes", lambda self, read=Path.read_bytes: opened.append(self.name) or read(self))
    with pytest.raises(DataError, match=r"model\.json: files\.weights: expected weights-<16 hex"):
        load(folder)
    assert opened == [INDEX]


@pytest.mark.parametrize("files", [..., None, [], {}, {"weights": "x"}, {"weights": {}}])
def test_files_that_are_not_named(folder, files):
    rewrite(folder, files=files)
    with pytest.raises(DataError, match=r"model\.json: files\.weights: expected"):
        load(folder)


def fail_at(monkeypatch, what, times):
    """The disk is full when it is asked for the ``times``-th time."""
    owner, name = what
    left, real = [times], getattr(owner, name)

    def asked(*args):
        left[0] -= 1
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args)

    monkeypatch.setattr(owner, name, asked)


@pytest.mark.parametrize(
    ("what", "times"),
    [((os, "fsync"), times) for times in range(1, 6)] + [((Path, "replace"), times) for times in (1, 2, 3)],
)
def test_a_full_disk_leaves_the_checkpoint_before_and_nothing_else(folder, what, times, monkeypatch):
    before = names(folder)
    with monkeypatch.context() as patched:
        fail_at(patched, what, times)
        with pytest.raises(StoreError, match=r"gcn: the checkpoint cannot be written \(No space left on device\);"):
            save(a_checkpoint(seed=1), folder)
    assert load(folder).recipe.seed == 0
    assert names(folder) == before
    save(a_checkpoint(seed=2), folder)
    assert load(folder).recipe.seed == 2
    assert len(names(folder)) == 3


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="the checkpoint cannot be written"):
        save(a_checkpoint(), tmp_path / "file")


def test_nothing_is_executed(folder, monkeypatch):
    source = Path(module.__file__).read_text().split('"""', 2)[2]
    assert not [word for word in ("pickle", "torch.load", "torch.save", "marshal", "exec(") if word in source]
    monkeypatch.setattr(torch, "load", None)
    monkeypatch.setitem(sys.modules, "pickle", None)
    assert load(folder).recipe == made.SMALL
    header = weights_file(folder).read_bytes()
    assert json.loads(header[8 : 8 + int.from_bytes(header[:8], "little")])["first.opcode.weight"]["dtype"] == "F32"


def test_a_folder_is_trained_into_once_or_resumed(folder, tmp_path):
    expect_free(folder, resume=True)
    expect_free(tmp_path / "new", resume=False)
    with pytest.raises(UsageError, match="gcn holds a checkpoint: --resume goes on from it"):
        expect_free(folder, resume=False)
    with pytest.raises(UsageError, match="new holds no checkpoint to resume from"):
        expect_free(tmp_path / "new", resume=True)


def test_the_first_save_that_fails_leaves_no_file(tmp_path, monkeypatch):
    fail_at(monkeypatch, (os, "fsync"), 4)
    with pytest.raises(StoreError, match="the checkpoint cannot be written"):
        save(a_checkpoint(), tmp_path / "gcn")
    assert names(tmp_path / "gcn") == []


def test_the_files_of_an_index_that_cannot_be_read_are_left_alone(folder, monkeypatch):
    (folder / INDEX).write_text("{")
    before = names(folder)
    fail_at(monkeypatch, (os, "fsync"), 1)
    with pytest.raises(StoreError, match="the checkpoint cannot be written"):
        save(a_checkpoint(seed=1), folder)
    assert names(folder) == before


def test_a_checkpoint_of_another_model_is_refused_by_name(folder):
    rewrite(folder, recipe={"model": "gbdt", "loss": "pairwise", "seed": 0})
    with pytest.raises(DataError, match=r"model\.json: model: expected gcn, gru, sage, found gbdt"):
        load(folder)


@contextmanager
def no_file_larger_than(size):
    """The system itself takes no more bytes of a file of this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", [INDEX, "state", "weights"])
def test_a_system_that_takes_no_more_bytes(folder, name):
    before = names(folder)
    path = folder / (name if name == INDEX else index(folder)["files"][name]["file"])
    said = r"gcn: the checkpoint cannot be written \(File too large\); make room"
    with no_file_larger_than(path.stat().st_size - 1), pytest.raises(StoreError, match=said):
        save(a_checkpoint(seed=1), folder)
    assert names(folder) == before
    assert load(folder).recipe.seed == 0
    save(a_checkpoint(seed=1), folder)
    assert load(folder).recipe.seed == 1
