"""Every configuration's score and rank, kept beside the store: with which nodes they agree, and what a fault leaves."""

import threading
from pathlib import Path

import numpy as np
import pytest

from tests import learning
from tests.conftest import ENGINES, open_empty, write_npz
from tests.learning import TEST
from tpugraph_db import content, doctor_files, score_files
from tpugraph_db.errors import NotFoundError, PayloadError, StoreError
from tpugraph_db.kendall import dense_rank
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.scores import scored_models, scores_table
from tpugraph_db.stores.change import Change, sweep
from tpugraph_db.write_back import write_back

COUNT = len(TEST.configurations)
NODES = "MATCH (c:Config {graph: $graph}) RETURN c.index, c.a_score, c.a_rank, c.b_score, c.b_rank ORDER BY c.index"


class Told:
    """Scores a configuration by ``step`` times its number; ``ops`` alone where it says nothing of configurations."""

    version, shown = "1", ()

    def __init__(self, name, step=1.0, configs=True):
        self.name, self._step, self._configs = name, step, configs

    def predict(self, record):
        if not self._configs:
            return Prediction(self.name, "1", ops={f"{self.name}_share": np.ones(len(record))})
        score = self._step * np.arange(len(record.configurations))
        configs = {f"{self.name}_score": score, f"{self.name}_rank": dense_rank(score)}
        return Prediction(self.name, "1", configs=configs)


A, B = Told("a"), Told("b", -1.0)
"""The best of A are 0 to 9, those of B 26 to 17."""


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scores")
    with open_empty(request.param, request, folder) as database:
        database.load([learning.files(folder, [TEST])], configs=1)
        yield database


@pytest.fixture
def db(store, tmp_path):
    """A store of one graph of 27 configurations, number 0 alone a node, without predictions."""
    store.load([write_npz(TEST, tmp_path)], configs=1)
    for model in "ab":
        store.clear(model=model)
    store.query("MATCH (c:Config) WHERE c.index <> 0 DETACH DELETE c", write=True)
    assert files(store) == []
    return store


def files(db):
    return sorted(path.name for path in db.store.payload_folder.iterdir() if "scores" in path.name)


def marks(db):
    return db.query("MATCH (l:Load) RETURN count(l)").rows[0][0]


def test_all_of_them_are_kept_in_one_file_that_the_node_names(db):
    db.predict([TEST.id], model=A, write=True)
    kept = db.scores("judge", "a")
    assert list(kept) == ["a_score", "a_rank"]
    assert [(values.dtype, values.tolist()) for values in kept.values()] == [
        (np.float64, [float(at) for at in range(COUNT)]),
        (np.int64, list(range(COUNT))),
    ]
    assert [row[0] for row in db.query("MATCH (p:Prediction) RETURN p.scores")] == files(db)
    assert files(db)[0].endswith(".scores.safetensors")
    assert db.query("MATCH (c:Config) RETURN count(c)").rows == [(10,)]
    assert marks(db) == 0


@pytest.mark.parametrize("models", [(A, B), (B, A), (A, B, A)])
def test_every_node_has_the_values_of_every_model_whichever_made_it(db, models):
    for model in models:
        db.predict([TEST.id], model=model, write=True)
    expected = [(at, float(at), at, -float(at), 26 - at) for at in [*range(10), *range(17, 27)]]
    assert db.query(NODES, {"graph": TEST.id}).rows == expected
    assert scored_models(db.store, TEST.id) == ["a", "b"]
    assert len(files(db)) == 2


def test_a_table_has_the_models_side_by_side_the_fastest_of_the_first_on_top(db):
    for model in (A, B):
        db.predict([TEST.id], model=model, write=True)
    table = scores_table(db.store, TEST.id, ["b", "a"], 2)
    assert table.columns == ("config", "b_score", "b_rank", "a_score", "a_rank", "runtime_ns", "slowdown")
    runtimes, slowdown = TEST.configurations.runtime_ns, TEST.configurations.slowdown
    assert table.rows == [
        (at, -float(at), 26 - at, float(at), at, int(runtimes[at]), float(slowdown[at])) for at in (26, 25)
    ]
    assert table.truncated == "showing 2 of 27"


def test_writing_again_replaces_the_file(db):
    db.predict([TEST.id], model=A, write=True)
    before = files(db)
    db.predict([TEST.id], model=A, write=True)
    assert files(db) == before
    db.predict([TEST.id], model=Told("a", 2.0), write=True)
    assert len(files(db)) == 1
    assert files(db) != before
    assert db.scores(TEST.id, "a")["a_score"][3] == 6


def test_a_model_of_that_name_that_says_nothing_of_configurations_leaves_none(db):
    db.predict([TEST.id], model=A, write=True)
    db.predict([TEST.id], model=Told("a", configs=False), write=True)
    assert files(db) == []
    with pytest.raises(NotFoundError, match=f"no scores of 'a' on {TEST.id}: there are none; tpudb predict"):
        db.scores(TEST.id, "a")


def test_clear_takes_its_own_file_alone(db):
    for model in (A, B):
        db.predict([TEST.id], model=model, write=True)
    assert db.clear(model="a") == 1
    assert db.query("MATCH (p:Prediction) RETURN p.scores").rows == [(files(db)[0],)]
    assert db.query("MATCH (c:Config) RETURN count(c.a_score), count(c.b_score)").rows == [(0, 20)]
    with pytest.raises(NotFoundError, match=r"no scores of 'a' .*: there are b; tpudb predict"):
        db.scores(TEST.id, "a")


@pytest.mark.parametrize("replace", [False, True])
def test_a_graph_that_goes_takes_its_files_along(db, tmp_path, replace):
    db.predict([TEST.id], model=A, write=True)
    if replace:
        db.load([write_npz(TEST, tmp_path)], replace=True, configs=1)
    else:
        db.remove([TEST.id])
    assert files(db) == []
    assert (db.query("MATCH (p:Prediction) RETURN p").rows, marks(db)) == ([], 0)


def test_a_graph_that_is_gone_when_its_prediction_is_written(db):
    made = GraphPrediction("gone", TEST, A.predict(TEST), ())
    write_back(db.store, [made])
    assert (files(db), marks(db)) == ([], 0)
    assert db.query("MATCH (p:Prediction) RETURN p").rows == []


def test_on_a_full_disk_the_prediction_before_stays(db, monkeypatch):
    db.predict([TEST.id], model=A, write=True)
    before = files(db), db.query(NODES, {"graph": TEST.id}).rows
    with monkeypatch.context() as full:
        full.setattr("os.fsync", no_space)
        with pytest.raises(StoreError, match="No space left"):
            db.predict([TEST.id], model=Told("a", 5.0), write=True)
    assert (files(db), db.query(NODES, {"graph": TEST.id}).rows) == before
    assert db.scores(TEST.id, "a")["a_score"][3] == 3
    assert marks(db) == 0


def no_space(*_):
    raise OSError(28, "No space left on device")


class KilledError(BaseException):
    """The process is gone: nothing cleans up."""


def killed(*_, **__):
    raise KilledError


def doctor(db):
    """What the doctor finds of files: status and finding by check."""
    scores = {(row[0], row[1]): row[2] for row in db.query("MATCH (p:Prediction) RETURN p.graph, p.model, p.scores")}
    underway = {name for (names,) in db.query("MATCH (l:Load) RETURN l.payloads") for name in names}
    graphs = dict(db.query("MATCH (g:Graph) RETURN g.id, g.payload").rows)
    checks = doctor_files.payloads(db.store.payload_folder, graphs, scores, underway, verify=True)
    return {check.check: (check.status, check.found) for check in checks}


def test_killed_between_the_file_and_the_node_the_old_prediction_stays(db, monkeypatch):
    db.predict([TEST.id], model=A, write=True)
    before = files(db)
    with monkeypatch.context() as kill:
        kill.setattr(db.store, "set_properties", killed)
        with pytest.raises(KilledError):
            db.predict([TEST.id], model=Told("a", 5.0), write=True)
    assert len(files(db)) == 2
    assert {status for status, _ in doctor(db).values()} == {"ok"}
    assert db.scores(TEST.id, "a")["a_score"][3] == 3
    sweep(db.store)
    assert (files(db), marks(db)) == (before, 0)
    assert db.scores(TEST.id, "a")["a_score"][3] == 3


def test_killed_after_the_node_the_new_prediction_stays(db, monkeypatch):
    db.predict([TEST.id], model=A, write=True)
    before = files(db)
    with monkeypatch.context() as kill:
        kill.setattr(Change, "discard", killed)
        with pytest.raises(KilledError):
            db.predict([TEST.id], model=Told("a", 5.0), write=True)
    assert len(files(db)) == 2
    assert db.scores(TEST.id, "a")["a_score"][3] == 15
    db.predict([TEST.id], model=B, write=True)  # finds the mark of the one that is gone
    assert len(files(db)) == 2
    assert not set(before) & set(files(db))
    assert (db.scores(TEST.id, "a")["a_score"][3], marks(db)) == (15, 0)


def test_what_another_process_is_at_waits(db):
    writer = threading.Thread(target=lambda: db.predict([TEST.id], model=A, write=True))
    with Change(db.store, {TEST.id: []}):
        writer.start()
        writer.join(0.3)
        assert writer.is_alive()
        assert db.query("MATCH (p:Prediction) RETURN p").rows == []
    writer.join(30)
    assert scored_models(db.store, TEST.id) == ["a"]


def flip(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "check", "said"), [(Path.unlink, "scores", "are missing"), (flip, "sha256", "have changed since")]
)
def test_a_harmed_file_is_named_and_found_by_the_doctor(db, harm, check, said):
    db.predict([TEST.id], model=A, write=True)
    (name,) = files(db)
    harm(db.store.payload_folder / name)
    with pytest.raises(PayloadError, match=rf"{name}: these scores {said}.*; predict {TEST.id} with a and --write"):
        db.scores(TEST.id, "a")
    found = doctor(db)
    assert found[check][0] == "fail"
    assert f"{name} of a on {TEST.id}" in found[check][1]
    db.predict([TEST.id], model=A, write=True)
    assert {status for status, _ in doctor(db).values()} == {"ok"}


def test_scores_that_are_on_another_machine_do_not_stop_a_model(db):
    db.predict([TEST.id], model=A, write=True)
    (db.store.payload_folder / files(db)[0]).unlink()
    db.predict([TEST.id], model=B, write=True)
    assert db.query("MATCH (c:Config) RETURN count(c), count(c.a_score), count(c.b_score)").rows == [(20, 10, 20)]


def test_a_file_of_another_prediction_is_refused(tmp_path):
    file = score_files.encode("g", "a", {"a_score": np.zeros(2)})
    content.write([file], tmp_path)
    assert score_files.read(tmp_path, file.name, "g", "a")["a_score"].tolist() == [0, 0]
    with pytest.raises(PayloadError, match="no file of scores \\(they are a's of g\\)"):
        score_files.read(tmp_path, file.name, "g", "b")
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(PayloadError, match="no file of scores"):
        score_files.read(tmp_path, "x", "g", "b")


def test_no_name_that_a_node_says_leads_out_of_the_folder(tmp_path):
    (tmp_path / "kept").write_text("x")
    content.remove(tmp_path / "payload", "../kept")
    assert (tmp_path / "kept").exists()
