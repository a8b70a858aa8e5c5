import json

import pytest

from tests import learning, real
from tests.conftest import open_empty
from tests.learning import HIDDEN, TEST, TILE, VALID
from tests.models.made import tile_graph
from tpugraph_db.models.baselines.few import FEWEST

BASELINES = ["random", "bytes", "column", "gbdt", "ridge"]
FIGURES = ["tau", "tau_within", "opa", "slowdown@1", "slowdown@5", "slowdown@10", "slowdown@100"]


@pytest.fixture(scope="module")
def gcn(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("checkpoints") / "gcn", epochs=10, rate=1e-2)


@pytest.fixture(scope="module")
def sage(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("checkpoints") / "sage", model="sage")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eval")
    with open_empty("arcadedb", None, folder) as db:
        db.load([learning.files(folder)])
    return folder / "store"


@pytest.fixture
def store(folder, monkeypatch):
    monkeypatch.setenv("TPUDB_DB", str(folder))


def table(ran):
    """Means by model and metric."""
    return {(row["model"], row["metric"]): row["mean"] for row in json.loads(ran.out)}


@pytest.mark.usefixtures("store")
class TestEval:
    def test_models_stand_beside_what_they_must_beat(self, cli, gcn, sage):
        ran = cli("eval", "--model", gcn, "--model", sage, "--format", "json")
        models = ["gcn", "sage", *BASELINES, "gcn+fewshot", "sage+fewshot"]
        assert (ran.code, ran.err) == (0, "")
        assert list(table(ran)) == [(model, metric) for model in models for metric in FIGURES]
        assert list(json.loads(ran.out)[0]) == ["model", "metric", "mean", "low", "high", "graphs"]
        assert {row["graphs"] for row in json.loads(ran.out)} == {1}

    def test_without_models_the_baselines_alone(self, cli):
        assert list(dict(table(cli("eval", "--format", "json"))))[:: len(FIGURES)] == [(b, "tau") for b in BASELINES]

    def test_models_that_are_in_the_table_anyway(self, cli, tmp_path):
        trees = learning.trees(tmp_path / "trees")
        words = [word for model in ("ridge", "bytes", trees) for word in ("--model", model)]
        ran = cli("eval", *words, "--min", "tau>=0.5", "--format", "json")
        models = ["bytes", "gbdt", "random", "column", "ridge", "bytes+fewshot", "gbdt+fewshot"]
        assert (ran.code, ran.err) == (0, "")
        assert list(dict.fromkeys(model for model, _ in table(ran))) == models
        ran = cli("eval", "--model", "ridge", "--min", "tau>=1.5")
        assert (ran.code, ran.err.partition("expected")[0]) == (4, "tpudb: ridge: tau: ")

    def test_without_baselines_that_learn_and_without_few_shot(self, cli, gcn):
        ran = cli("eval", "--model", gcn, "--no-train", "--shown", 0, "--format", "json")
        assert list(table(ran))[:: len(FIGURES)] == [("gcn", "tau"), ("random", "tau"), ("bytes", "tau")]

    def test_two_of_one_name_and_how_to_name_them(self, cli, gcn):
        ran = cli("eval", "--model", gcn, "--model", gcn)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "expected models of different names, found gcn twice in gcn, gcn, beside random, bytes" in ran.err
        ran = cli("eval", "--model", f"one={gcn}", "--model", f"two={gcn}", "--no-train", "--format", "json")
        means = table(ran)
        assert ran.code == 0
        assert means["one", "tau"] == means["two", "tau"]
        assert cli("eval", "--model", f"gbdt={gcn}").code == 2

    def test_a_folder_with_an_equals_sign_in_its_name(self, cli, tmp_path):
        folder = learning.trained(tmp_path / "rate=1", epochs=1)
        ran = cli("eval", "--model", folder, "--no-train", "--format", "json")
        assert ("gcn", "tau") in table(ran)

    def test_by_graph(self, cli, gcn):
        ran = cli("eval", "--model", gcn, "--by-graph", "--shown", 0, "--format", "json")
        rows = json.loads(ran.out)
        assert [(row["model"], row["graph"]) for row in rows] == [
            (model, TEST.id) for model in ("gcn", "random", "bytes", "column", "gbdt")
        ]
        assert (rows[0]["configs"], rows[0]["distinct"], rows[0]["tile_score"]) == (27, 27, None)

    def test_what_cannot_be_graded_and_what_is_no_test_is_said(self, cli, gcn):
        ran = cli("eval", "--model", gcn, "--where", "g.split <> 'train'", "--no-train")
        assert ran.err.splitlines() == [
            f"left out: {HIDDEN.id}: hidden runtimes",
            f"no test: gcn was trained on, or chosen by, 1 of these graphs, as {VALID[0].id}",
        ]

    @pytest.mark.parametrize("gate", ["tau>=-1", "tau > -1.5", "opa<=1", " slowdown@10<100 ", "slowdown@1<9.5"])
    def test_a_gate_that_holds(self, cli, gcn, gate):
        assert cli("eval", "--model", gcn, "--no-train", "--min", gate).code == 0

    @pytest.mark.parametrize("gate", ["tau>=1.1", "opa<0.01", "slowdown@1<-1"])
    def test_a_gate_that_is_missed(self, cli, gcn, gate):
        ran = cli("eval", "--model", gcn, "--no-train", "--min", "tau>=-1", "--min", gate, "--format", "json")
        metric = gate.partition(">" if ">" in gate else "<")[0]
        assert ran.code == 4
        assert ran.err.startswith(f"tpudb: gcn: {metric}: expected ")
        assert ran.err.endswith(f", found {table(ran)['gcn', metric]:.4f}\n")

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (["--min", "tau"], 2, "--min: expected a metric, >=, <=, > or <, and a number, as 'tau>=0.4'; found 'tau'"),
            (["--min", "tau>=1.2.3"], 2, "found 'tau>=1.2.3'"),
            (["--min", "tau>=."], 2, "found 'tau>=.'"),
            (["--min", "tau>=1e"], 2, "found 'tau>=1e'"),
            (["--min", "tau=>1"], 2, "found 'tau=>1'"),
            (["--min", "speed>1"], 2, "--min: no metric 'speed'; there is tau, tau_within, opa"),
            (["--min", "tile_score>1"], 2, "no graph has the metric tile_score here; there is tau, "),
            (["--where", "g.split = 'none'"], 1, "no graph matches \"g.split = 'none'\""),
            (["--where", f"g.id = '{HIDDEN.id}'"], 1, f"({HIDDEN.id}: hidden runtimes)"),
            (["--where", "true SET g.x = 1"], 1, "a read cannot write"),
            (["--shown", "2"], 2, f"--shown: expected 0, or at least {FEWEST} configurations to learn from, found 2"),
            (["--shown", "27"], 1, "27 distinct configurations, of which 27 are shown; --shown 0 shows none"),
            (["--train", "g.split = 'none'"], 1, "--no-train"),
            (["--model", "none"], 1, "no model 'none'; there is cost, bytes, ridge, or a checkpoint's folder"),
            (["--model", "cost"], 2, "the model cost ranks ops alone: expected one that scores configurations"),
            (["--device", "tpu"], 2, "no device 'tpu'"),
        ],
    )
    def test_what_is_refused(self, cli, gcn, words, code, said):
        ran = cli("eval", "--model", gcn, *words)
        assert ran.code == code
        assert said in ran.err
        assert ran.err.count("\n") == 1

    def test_a_gate_needs_a_model(self, cli):
        assert cli("eval", "--min", "tau>0").err == "tpudb: --min is of the first --model: name one\n"

    def test_rows_in_a_file(self, cli, gcn, tmp_path):
        assert cli("eval", "--model", gcn, "--no-train", "-o", tmp_path / "t.csv").out == ""
        assert (tmp_path / "t.csv").read_text().splitlines()[0] == "model,metric,mean,low,high,graphs"

    def test_lists_of_the_paper(self, cli, data, gcn, tmp_path):
        ran = cli("eval", "--lists", data / "reference", "--model", gcn)
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert f"no list for '{TEST.name}' of layout:test:default" in ran.err
        ran = cli("eval", "--lists", tmp_path)
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "the paper's lists: expected xla_default.json, xla_random.json" in ran.err
        assert cli("eval", "--lists", tmp_path / "none").code == 2


@pytest.fixture(scope="module")
def tile(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("tile"), model="sage", train=(TILE,), valid=(), epochs=1)


@pytest.fixture(scope="module")
def both_kinds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("both")
    kernel = tile_graph("kernel", "test").replace(collection="tile:xla")
    with open_empty("arcadedb", None, folder) as db:
        db.load([learning.files(folder, [TEST.replace(collection="layout:nlp:default"), kernel, HIDDEN])])
    return folder / "store"


class TestCompetition:
    @pytest.fixture(autouse=True)
    def words(self, both_kinds, monkeypatch, gcn, tile):
        monkeypatch.setenv("TPUDB_DB", str(both_kinds))
        return ["eval", "--layout", gcn, "--tile", tile, "--no-train", "--shown", 0]

    def test_a_row_for_each_collection_and_their_mean(self, cli, words):
        ran = cli(*words, "--format", "json")
        rows = {row["collection"]: row for row in json.loads(ran.out) if row["model"] == "gcn/sage"}
        columns = ["model", "collection", "metric", "mean", "low", "high", "repeat_tau", "graphs"]
        assert (ran.code, list(rows["tile:xla"])) == (0, columns)
        assert list(rows) == ["layout:nlp:default", "tile:xla", "competition"]
        mean = (rows["layout:nlp:default"]["mean"] + rows["tile:xla"]["mean"]) / 2
        assert rows["competition"]["mean"] == pytest.approx(mean)
        assert rows["competition"]["metric"] == "mean of 2 of 5 collections"
        said = "not judged, and not in the mean: layout:xla:default, layout:xla:random, layout:nlp:random\n"
        assert ran.err == said

    def test_one_kind(self, cli, words):
        ran = cli(*words[:3], *words[5:], "--format", "json")
        assert ran.code == 0
        assert [row["collection"] for row in json.loads(ran.out)][:2] == ["layout:nlp:default", "competition"]
        assert "kernel: no model of tile configurations: --tile CHECKPOINT\n" in ran.err

    @pytest.mark.parametrize("gate", ["competition>=-9", "tile:xla <= 1", "layout:nlp:default>-1.1"])
    def test_a_gate_that_holds(self, cli, words, gate):
        assert cli(*words, "--min", gate).code == 0

    @pytest.mark.parametrize("gate", ["competition>=1.5", "layout:nlp:default<-1"])
    def test_a_gate_that_is_missed(self, cli, words, gate):
        ran = cli(*words, "--min", gate)
        assert ran.code == 4
        assert f"tpudb: gcn/sage: {gate.rstrip('-.0123456789<>=')}: expected " in ran.err

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (["--model", "gcn"], "--layout and --tile are the competition's mean, --model is for one kind: not both"),
            (["--min", "tau>0"], "--min: no metric 'tau'; there is competition, layout:xla:default"),
            (["--min", "layout:xla:random>0"], "no graph has the metric layout:xla:random here; there is layout:nlp"),
        ],
    )
    def test_what_is_refused(self, cli, words, more, said):
        ran = cli(*words, *more)
        assert ran.code == 2
        assert said in ran.err

    def test_the_mean_is_of_both_kinds(self, cli, words):
        ran = cli("eval", "--model", words[2], "--min", "competition>0")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "competition is the mean of what --layout and --tile judge" in ran.err

    def test_by_graph_names_every_graph_that_is_left_out(self, cli, words):
        ran = cli(*words, "--where", "true", "--by-graph", "--format", "json")
        assert {row["graph"] for row in json.loads(ran.out)} == {
            "layout:nlp:default/test/judge",
            "tile:xla/test/kernel",
        }
        assert f"left out: {HIDDEN.id}: hidden runtimes" in ran.err


def test_the_paper_s_lists_choose_what_is_judged(cli, empty, data):
    cli("load", real.path(data, "unet_3d.4x4.bf16"), "--configs", "1")
    words = ["--no-train", "--shown", 0, "--by-graph", "--format", "json"]
    ran = cli("eval", "--where", "g.split = 'valid'", "--lists", data / "reference", *words)
    assert ran.code == 0
    assert {(row["configs"], row["model"]) for row in json.loads(ran.out)} == {(1000, "random"), (1000, "bytes")}


def test_no_store_yet(cli, empty):
    assert cli("eval").code == 3
