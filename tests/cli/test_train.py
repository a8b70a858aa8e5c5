"""tpudb train: what it prints, what it refuses, and what is left whatever ends it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch

import tpugraph_db
from tests import learning
from tests.conftest import open_empty
from tests.learning import HIDDEN, sha256
from tpugraph_db.cli import signals
from tpugraph_db.cli.train import _say_segments
from tpugraph_db.errors import DataError
from tpugraph_db.models.baselines.trained_gbdt import TrainedGbdt
from tpugraph_db.models.training import checkpoint
from tpugraph_db.models.training.trainer import Trainer

TPUDB = [sys.executable, "-m", "tpugraph_db"]
FEW = ("--width", 8, "--depth", 1, "--epochs", 3, "--batch", 16)
MANY = ("--width", 8, "--depth", 1, "--epochs", 40, "--patience", 40, "--batch", 16)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Of a command that finds the store."""
    folder = tmp_path_factory.mktemp("train")
    with open_empty("arcadedb", None, folder) as db:
        db.load([learning.files(folder)])
    return {"TPUDB_DB": str(folder / "store")}


@pytest.fixture
def store(environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


class Cut:
    """Six segments."""

    size = 4000

    def __len__(self):
        return 6


@pytest.mark.usefixtures("store")
class TestTrain:
    def test_a_row_says_what_came_of_it(self, cli, tmp_path):
        ran = cli("train", *FEW, "-o", tmp_path / "gcn", "--format", "json")
        (row,) = json.loads(ran.out)
        facts = checkpoint.load(tmp_path / "gcn").facts
        best = [epoch for epoch in facts["epochs"] if epoch["best"]][-1]
        assert (ran.code, ran.err) == (0, "")
        assert row == {
            "checkpoint": str(tmp_path / "gcn"),
            "train": 2,
            "valid": 1,
            "epochs": 3,
            "best_epoch": best["number"],
            "loss": round(best["loss"], 4),
            "tau": round(best["tau"], 4),
            "opa": round(best["opa"], 4),
        }

    def test_it_is_trained_as_asked(self, cli, tmp_path):
        asked = {"model": "gru", "loss": "hinge", "seed": 7, "rate": 0.01, "patience": 2, "width": 4, "depth": 2}
        words = [word for name, value in asked.items() for word in (f"--{name}", value)]
        assert cli("train", *FEW, *words, "--backend", "torch", "-o", tmp_path / "gru").code == 0
        recipe = checkpoint.load(tmp_path / "gru").recipe
        assert {name: getattr(recipe, name) for name in asked} == asked
        assert (recipe.epochs, recipe.batch) == (3, 16)

    def test_without_validation(self, cli, tmp_path):
        ran = cli("train", *FEW, "--no-valid", "-o", tmp_path / "gcn", "--format", "json")
        (row,) = json.loads(ran.out)
        assert (row["valid"], row["best_epoch"], row["tau"], row["opa"]) == (0, 3, None, None)

    def test_what_is_left_out_is_said(self, cli, tmp_path):
        where = "g.split IN ['train', 'test', 'valid']"
        ran = cli("train", *FEW, "--where", where, "-o", tmp_path / "gcn", "--format", "csv")
        assert ran.err.splitlines() == [
            f"left out: {HIDDEN.id}: hidden runtimes",
            f"left out: {learning.VALID[0].id}: it is one that the epoch is chosen by",
        ]
        assert ran.out.splitlines()[1].split(",")[1:3] == ["3", "1"]

    def test_more_than_five_that_are_left_out_are_counted(self, cli, tmp_path, monkeypatch):
        left_out = {f"graph {number}": "a reason" for number in range(7)}
        monkeypatch.setattr("tpugraph_db.train._judged", lambda store, valid, find: ([], left_out))
        ran = cli("train", *FEW, "-o", tmp_path / "gcn")
        assert ran.err.splitlines() == [*(f"left out: graph {at}: a reason" for at in range(5)), "left out: 2 more"]

    def test_the_store_is_for_others_while_it_trains(self, cli, tmp_path, monkeypatch, environment):
        epoch, rows = Trainer.epoch, []

        def looking(trainer):
            with tpugraph_db.open(environment["TPUDB_DB"], create=False) as db:
                rows.append(len(db.graphs()))
            return epoch(trainer)

        monkeypatch.setattr(Trainer, "epoch", looking)
        assert cli("train", *FEW, "-o", tmp_path / "gcn").code == 0
        assert rows == [5, 5, 5]

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (["--where", "g.split = 'none'"], 1, "no graph matches \"g.split = 'none'\""),
            (["--where", f"g.id = '{HIDDEN.id}'"], 1, f"({HIDDEN.id}: hidden runtimes)"),
            (["--where", "true SET g.split = 'x'"], 1, "a read cannot write"),
            (["--where", "g.split ="], 1, ""),
            (["--valid", "g.split = 'none'"], 1, "--no-valid"),
            (["--model", "gnc"], 1, "no model 'gnc' to train; there is gcn, gru, sage, gbdt; did you mean gcn"),
            (["--loss", "mle"], 1, "no loss 'mle'; there is listmle"),
            (["--model", "sage", "--loss", "cross_entropy"], 2, "the model gcn alone gives"),
            (["--rate", "1e38"], 1, "loss: expected a number, found"),
            (["--model", "sage", "--segment-ops", "3"], 2, "--segment-ops is for the model gcn: in sage an op's state"),
            (["--tracker", "wandb"], 1, "no tracker 'wandb'; there is tensorboard"),
            (["--resume"], 2, "holds no checkpoint to resume from"),
            (["--device", "tpu"], 2, "no device 'tpu'; there is auto, cpu, cuda"),
            (["--backend", "jax"], 2, "no backend 'jax'; there is auto, dgl, torch"),
        ],
    )
    def test_what_is_refused_is_one_line(self, cli, tmp_path, words, code, said):
        ran = cli("train", *FEW, "-o", tmp_path / "gcn", *words)
        assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
        assert ran.err.startswith("tpudb: ")
        assert said in ran.err
        assert not (tmp_path / "gcn").exists()

    def test_gbdt(self, cli, tmp_path):
        ran = cli("train", "--model", "gbdt", "--loss", "lambdarank", "-o", tmp_path / "trees", "--format", "json")
        (row,) = json.loads(ran.out)
        model = TrainedGbdt(tmp_path / "trees")
        assert (ran.code, ran.err) == (0, "")
        assert model.facts["recipe"] == {"model": "gbdt", "loss": "lambdarank", "seed": 0}
        assert row == {
            "checkpoint": str(tmp_path / "trees"),
            "train": 2,
            "valid": 1,
            **{name: round(value, 4) for name, value in model.facts["metrics"].items()},
        }
        ran = cli("train", "--model", "gbdt", "--no-valid", "--seed", 4, "-o", tmp_path / "b", "--format", "csv")
        assert ran.out.splitlines()[1].endswith(",2,0,,")
        assert TrainedGbdt(tmp_path / "b").facts["recipe"] == {"model": "gbdt", "loss": "pairwise", "seed": 4}

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (["--resume"], 2, "gbdt has no --resume: of networks alone"),
            (["--epochs", "25"], 2, "gbdt has no --epochs: of networks alone"),
            (["--backend", "auto", "--width", "8"], 2, "gbdt has no --backend, --width: of networks alone"),
            (["--loss", "listmle"], 1, "no loss 'listmle' of gbdt; there is lambdarank, pairwise"),
            (["--loss", "pairwize"], 1, "did you mean pairwise"),
            (["--where", "g.split = 'none'"], 1, "no graph matches \"g.split = 'none'\""),
        ],
    )
    def test_what_gbdt_refuses_is_one_line(self, cli, tmp_path, words, code, said):
        ran = cli("train", "--model", "gbdt", "-o", tmp_path / "trees", *words)
        assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
        assert said in ran.err
        assert not (tmp_path / "trees").exists()

    def test_what_needs_no_training(self, cli, tmp_path):
        ran = cli("train", "--model", "bytes", "-o", tmp_path / "bytes")
        said = "tpudb: the model bytes needs no training: tpudb predict --model bytes\n"
        assert (ran.code, ran.err) == (2, said)

    @pytest.mark.parametrize(
        "words", [["--epochs", "0"], ["--batch", "1"], ["--rate", "0"], ["--width", "-1"], ["--seed", "-1"]]
    )
    def test_numbers_that_make_no_sense(self, cli, tmp_path, words):
        ran = cli("train", "-o", tmp_path / "gcn", *words)
        assert ran.code == 2
        assert f"Invalid value for '{words[0]}'" in ran.err

    def test_segments_are_said(self, cli, tmp_path):
        ran = cli("train", *FEW, "--segment-ops", 3, "-o", tmp_path / "gcn")
        assert (ran.code, ran.err.splitlines()) == (
            0, [f"learned in 3 segments of 3 ops (--segment-ops): {record.id}" for record in learning.TRAIN]
        )  # fmt: skip
        assert checkpoint.load(tmp_path / "gcn").recipe.segment_ops == 3

    def test_more_than_five_of_them_are_counted(self, capsys):
        _say_segments(dict.fromkeys("abcdefg", Cut()))
        assert capsys.readouterr().err.splitlines() == [
            *(f"learned in 6 segments of 4,000 ops (--segment-ops): {graph}" for graph in "abcde"),
            "learned in segments: 2 more",
        ]

    def test_tensorboard_is_told(self, cli, tmp_path):
        pytest.importorskip("tensorboard")
        assert cli("train", *FEW, "--tracker", "tensorboard", "-o", tmp_path / "a").code == 0
        assert cli("train", *FEW, "--tracker", f"tensorboard={tmp_path / 'c'}", "-o", tmp_path / "b").code == 0
        folders = (tmp_path / "a" / "tensorboard", tmp_path / "c")
        assert [len(list(folder.glob("events.out.tfevents.*"))) for folder in folders] == [1, 1]
        assert not list((tmp_path / "b").glob("tensorboard"))

    def test_tensorboard_is_not_installed(self, cli, tmp_path, monkeypatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        ran = cli("train", *FEW, "--tracker", "tensorboard", "-o", tmp_path / "gcn")
        line = "tpudb: --tracker tensorboard needs tensorboard: pip install 'tpugraph-db[tracker]'\n"
        assert (ran.code, ran.out, ran.err) == (2, "", line)

    def test_a_folder_in_use(self, cli, tmp_path):
        learning.trained(tmp_path / "gcn")
        before = sha256(tmp_path / "gcn")
        ran = cli("train", *FEW, "-o", tmp_path / "gcn")
        assert (ran.code, ran.out, sha256(tmp_path / "gcn")) == (2, "", before)
        assert ran.err == (
            f"tpudb: {tmp_path / 'gcn'} holds a checkpoint: --resume goes on from it; or name another folder\n"
        )

    def test_torch_is_not_installed(self, cli, tmp_path, monkeypatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        ran = cli("train", *FEW, "-o", tmp_path / "gcn")
        assert (ran.code, ran.err) == (2, "tpudb: learned models need torch: pip install 'tpugraph-db[models]'\n")

    @pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
    def test_no_cuda(self, cli, tmp_path):
        ran = cli("train", *FEW, "--device", "cuda", "-o", tmp_path / "gcn")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "--device cuda: torch finds no CUDA device here; --device cpu computes the same" in ran.err


def test_no_store_yet(cli, empty, tmp_path):
    ran = cli("train", "-o", tmp_path / "gcn")
    assert ran.code == 3
    assert "no store is there; make one with tpudb load" in ran.err


class Interrupted:
    """A training in a process of its own, and what there is to compare with."""

    def __init__(self, environment, folder):
        self.folder = folder
        self.words = ["train", *map(str, MANY), "-o", str(folder)]
        self.child = subprocess.Popen(
            [*TPUDB, *self.words],
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def epochs(self):
        try:
            return len(json.loads((self.folder / "model.json").read_text())["epochs"])
        except FileNotFoundError:
            return 0

    def after(self, epochs, number):
        """Send a signal as soon as some epochs are done; exit code and stderr."""
        until = time.monotonic() + 120
        while self.epochs() < epochs:
            assert self.child.poll() is None, self.child.communicate()
            assert time.monotonic() < until
            time.sleep(0.002)
        self.child.send_signal(number)
        said = self.child.communicate(timeout=30)
        return self.child.returncode, *said


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The same training, uninterrupted: its files by name."""
    changes = {"epochs": 40, "patience": 40}
    return contents(learning.trained(tmp_path_factory.mktemp("whole"), **changes))


def contents(folder):
    """What files hold, less the fingerprint: of the literal graphs in place of their files."""
    index = json.loads((folder / "model.json").read_text())
    del index["fingerprint"]
    return {path.name: path.read_bytes() for path in folder.glob("*.safetensors")} | {"model.json": index}


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, "the epochs that are done are in {}; the same command with --resume goes on\n"),
        (signal.SIGKILL, -signal.SIGKILL, ""),
    ],
)
def test_whatever_ends_it_resume_goes_on_to_the_same_numbers(
    environment, store, cli, tmp_path, whole, number, code, said
):
    training = Interrupted(environment, tmp_path / "gcn")
    found = training.after(2, number)
    assert found == (code, "", said.format(tmp_path / "gcn"))
    done = len(checkpoint.load(tmp_path / "gcn").facts["epochs"])
    assert 2 <= done < 40
    ran = cli(*training.words, "--resume", "--format", "json")
    assert (ran.code, json.loads(ran.out)[0]["epochs"]) == (0, 40)
    assert contents(tmp_path / "gcn") == whole


def test_before_the_first_epoch_is_done_nothing_is_promised(store, cli, tmp_path, monkeypatch):
    words = []

    def epoch(trainer):
        words.extend(text() for text in signals._last_words)
        raise DataError("here", "epoch", expected="no more", found="none")

    monkeypatch.setattr(Trainer, "epoch", epoch)
    assert cli("train", *FEW, "-o", tmp_path / "gcn").code == 1
    assert words == ["no epoch was done yet: nothing is saved"]
    assert signals._last_words == []
