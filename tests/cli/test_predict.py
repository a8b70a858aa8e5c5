import json

import numpy as np
import pytest
import torch
from pyarrow import parquet

from tests import learning
from tests.conftest import open_empty, write_npz
from tests.learning import HIDDEN, PLAIN, TEST, TILE
from tpugraph_db.models.networks.gcn import Gcn
from tpugraph_db.models.registry import MODELS, find_model
from tpugraph_db.models.training.scoring import scores


@pytest.mark.usefixtures("loaded")
class TestPredict:
    def test_top_lists_the_dearest(self, cli):
        ran = cli("predict", "diamond", "--top", "2", "--format", "json")
        listed = json.loads(ran.out)
        assert ran.code == 0
        assert len(listed) == 2
        assert listed[0]["cost"] >= listed[1]["cost"]
        assert listed[0]["cost_rank"] == 3
        assert listed[0]["opcode"] == "convolution"

    def test_without_write_the_nodes_are_left_alone(self, cli):
        cli("predict", "--all")
        assert json.loads(cli("query", "MATCH (o:Op) RETURN count(o.cost) AS n", "--format", "json").out) == [{"n": 0}]

    def test_write_puts_it_on_the_nodes_and_clear_takes_it_off(self, cli):
        ran = cli("predict", "--all", "--write", "--top", "0")
        assert "wrote cost, cost_share, cost_rank, cost_finish on 4 ops of layout:test:default/train/chain" in ran.err
        counted = "MATCH (o:Op) RETURN count(o.cost) AS costs, count(o.cost_finish) AS ends"
        assert json.loads(cli("query", counted, "--format", "json").out) == [{"costs": 16, "ends": 16}]
        assert "cleared cost from 1 graphs" in cli("predict", "chain", "--clear", "cost").err
        assert json.loads(cli("query", counted, "--format", "json").out) == [{"costs": 12, "ends": 12}]
        assert "cleared cost from 2 graphs" in cli("predict", "--all", "--clear", "cost").err

    def test_an_unknown_model(self, cli):
        ran = cli("predict", "--all", "--model", "costs")
        assert ran.code == 1
        assert "did you mean cost?" in ran.err


def test_graphs_or_all(cli, empty):
    assert cli("predict").code == 2
    assert cli("predict", "x", "--all").code == 2
    assert cli("predict", "x", "--where", "true").code == 2
    assert cli("predict", "x", "--clear", "cost", "--write").code == 2
    assert cli("predict", "--all", "--matrix", "p.npy").err == "tpudb: --matrix is of one graph: name it\n"
    assert cli("predict", "x", "--classes", "3").err == "tpudb: --classes is of --matrix: give both\n"


@pytest.fixture(scope="module")
def gcn(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("gcn"))


@pytest.fixture(scope="module")
def sage(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("sage"), model="sage")


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    return learning.trees(tmp_path_factory.mktemp("trees"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of a store with a node for one configuration of each graph."""
    folder = tmp_path_factory.mktemp("learned")
    with open_empty("arcadedb", None, folder) as db:
        db.load([learning.files(folder, (TEST, HIDDEN, PLAIN, TILE))], configs=1)
    return folder / "store"


@pytest.fixture
def store(folder, monkeypatch):
    monkeypatch.setenv("TPUDB_DB", str(folder))


DOTS = """\
// The dots of a graph.
//
// parameter graph: string    its id
//
// column op                  the op
MATCH (o:Op {graph: $graph, opcode: 'dot'}) RETURN o AS op
"""
"""Ops 2 and 4; beside them 0, 3 and 5."""


@pytest.mark.usefixtures("store")
class TestPredictWithACheckpoint:
    def test_top_lists_the_best_scored(self, cli, gcn):
        rows = json.loads(cli("predict", "judge", "--model", gcn, "--top", 3, "--format", "json").out)
        scores = find_model(gcn).predict(TEST).configs["gcn_score"]
        best = np.argsort(scores, kind="stable")[:3]
        assert [row["config"] for row in rows] == best.tolist()
        assert [row["gcn_score"] for row in rows] == scores[best].tolist()
        assert [row["runtime_ns"] for row in rows] == TEST.configurations.runtime_ns[best].tolist()
        assert rows[0]["gcn_rank"] == 0

    def test_ops_are_listed_when_asked_for(self, cli, gcn, sage):
        ran = cli("predict", "judge", "--model", gcn, "--top", 2, "--ops", "--format", "json")
        assert [list(row) for row in json.loads(ran.out)] == [
            ["graph", "index", "opcode", "shape", "gcn_share", "gcn_rank"]
        ] * 2
        ran = cli("predict", "judge", "--model", sage, "--ops")
        assert (ran.code, ran.err) == (2, "tpudb: --ops: the model sage ranks configurations alone\n")

    def test_write_says_what_it_wrote_and_clear_takes_it_off(self, cli, gcn):
        ran = cli("predict", "--where", "g.name = 'judge'", "--model", gcn, "--as", "mine", "--write", "--top", 0)
        said = f"wrote mine_share, mine_rank on 7 ops and mine_score, mine_rank on configurations of {TEST.id}\n"
        assert (ran.code, ran.err) == (0, said)
        counted = "MATCH (c:Config) RETURN count(c.mine_rank) > 9 AS ten, count(c.mine_score) AS n"
        ((ten, written),) = [row.values() for row in json.loads(cli("query", counted, "--format", "json").out)]
        assert ten
        assert cli("predict", "judge", "--clear", "mine").err == "cleared mine from 1 graphs\n"
        after = json.loads(cli("query", counted, "--format", "json").out)
        assert after == [{"ten": False, "n": 0}]
        nodes = json.loads(cli("query", "MATCH (c:Config {graph: $g}) RETURN count(*) AS n", "-p", f"g={TEST.id}",
                               "--format", "json").out)  # fmt: skip
        assert nodes == [{"n": written}]

    def test_all_leaves_out_what_it_cannot_rank(self, cli, gcn):
        ran = cli("predict", "--all", "--model", gcn, "--top", 1, "--format", "json")
        assert ran.code == 0
        assert [row["graph"] for row in json.loads(ran.out)] == [HIDDEN.id, TEST.id]
        left_out = ran.err.splitlines()
        assert [line.partition(":")[0] for line in left_out] == ["left out", "left out"]
        assert [PLAIN.id in left_out[0], TILE.id in left_out[1]] == [True, True]

    @pytest.mark.parametrize("record", [TILE, PLAIN])
    def test_a_graph_that_it_cannot_rank_is_an_error_where_it_is_named(self, cli, gcn, record):
        for write in ([], ["--write"]):
            ran = cli("predict", record.name, "--model", gcn, *write)
            assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
            assert ran.err.startswith(f"tpudb: {record.id}: configurations: expected ")
        ran = cli("predict", "--where", f"g.id = '{record.id}'", "--model", gcn)
        assert (ran.code, ran.err.splitlines()[1]) == (1, "tpudb: the model gcn can rank none of these graphs")

    def test_hidden_runtimes(self, cli, gcn):
        (row,) = json.loads(cli("predict", "hidden", "--model", gcn, "--top", 1, "--format", "json").out)
        assert (row["graph"], row["runtime_ns"], row["slowdown"]) == (HIDDEN.id, None, None)

    @pytest.mark.parametrize("classes", [[], ["--classes", "5"]])
    def test_matrix(self, cli, gcn, tmp_path, classes):
        ran = cli("predict", "judge", "--model", gcn, "--matrix", tmp_path / "p", *classes)
        columns = int([27, *classes][-1])
        found = np.load(tmp_path / "p")
        assert (ran.code, found.shape, found.dtype) == (0, (27, columns), np.float32)
        assert ran.err == f"wrote 27 x {columns} probabilities of {TEST.id} to {tmp_path / 'p'}\n"
        assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
        assert found.min() >= 0
        scores = find_model(gcn).predict(TEST).configs["gcn_score"]
        expected_class = found @ np.arange(columns)
        assert (np.diff(expected_class[np.argsort(scores)]) > -1e-3).all()

    def test_scores_of_every_configuration_are_listed(self, cli, gcn, sage, tmp_path):
        for model in (gcn, sage):
            assert cli("predict", "judge", "--model", model, "--write", "--top", 0).code == 0
        scores = find_model(gcn).predict(TEST).configs["gcn_score"]
        ran = cli("scores", "judge", "--model", "gcn", "--limit", 2, "--format", "json")
        best = np.argsort(scores, kind="stable")[:2].tolist()
        assert [(row["config"], row["gcn_score"]) for row in json.loads(ran.out)] == [(at, scores[at]) for at in best]
        assert ran.err == "showing 2 of 27 rows; --limit -1 gives them all\n"
        assert cli("scores", "judge", "-o", tmp_path / "all.parquet").code == 0
        table = parquet.read_table(tmp_path / "all.parquet")
        columns = ["config", "gcn_score", "gcn_rank", "sage_score", "sage_rank", "runtime_ns", "slowdown"]
        assert (table.column_names, table.num_rows) == (columns, 27)
        assert sorted(table["config"].to_pylist()) == list(range(27))
        for model in ("gcn", "sage"):
            cli("predict", "judge", "--clear", model)
        ran = cli("scores", "judge")
        cure = f"tpudb predict {TEST.id} --model CHECKPOINT --write keeps some"
        assert (ran.code, ran.out, ran.err) == (1, "", f"tpudb: no scores are kept of {TEST.id}; {cure}\n")
        ran = cli("scores", "judge", "--model", "gcn")
        said = f"tpudb: no scores of 'gcn' on {TEST.id}: there are none; {cure}\n"
        assert (ran.code, ran.err) == (1, said)
        assert cli("scores", "judge", "--limit", -2).code == 2

    def test_of_a_file_s_ops_they_alone_are_written_on(self, cli, gcn, tmp_path):
        (tmp_path / "dots.cypher").write_text(DOTS)
        words = ("predict", "--where", tmp_path / "dots.cypher", "-k", 1, "-p", f"graph={TEST.id}", "--model", gcn)
        ran = cli(*words, "--write", "--ops", "--format", "json")
        assert [(row["index"], row["opcode"]) for row in json.loads(ran.out)] in (
            [(2, "dot"), (4, "dot")],
            [(4, "dot"), (2, "dot")],
        )
        assert ran.err.splitlines() == [
            f"{TEST.id}: shares, ranks and scores are of 5 of 7 ops around the 2 that match",
            f"wrote gcn_share, gcn_rank on 2 ops of {TEST.id}",
        ]
        counted = cli("query", "MATCH (o:Op) RETURN count(o.gcn_rank) AS n", "--format", "json").out
        assert json.loads(counted) == [{"n": 2}]
        ran = cli("predict", *words[1:7], "--clear", "gcn")
        assert ran.err == "cleared gcn from 1 graphs\n"
        ran = cli(*words[:5], "-p", "grahp=x", "--model", gcn)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "no parameter 'grahp'; it takes graph; did you mean graph?" in ran.err
        assert cli("predict", "judge", "-p", "x=1").err == "tpudb: -p is a parameter of --where: give both\n"

    @pytest.mark.parametrize(
        ("text", "code", "said"),
        [
            ("RETURN 1", 1, "row 1: value: expected a Graph, its id, an Op,"),
            ("MATCH (o:Op {opcode: 'fft'}) RETURN o", 1, "no graph matches"),
            ("MATCH (o:Op) SET o.x = 1 RETURN o", 1, "--where only reads, and a read cannot"),
            ("MATCH (o:Op {opcode: $op}) RETURN o", 2, "needs the parameter op: -p op=VALUE"),
        ],
    )
    def test_a_file_that_gives_nothing_to_predict(self, cli, tmp_path, text, code, said):
        (tmp_path / "bad.cypher").write_text(text)
        ran = cli("predict", "--where", tmp_path / "bad.cypher")
        assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
        assert said in ran.err

    def test_matrix_is_of_gcn_and_of_few_classes(self, cli, gcn, sage, tmp_path):
        words = ["predict", "judge", "--matrix", tmp_path / "p.npy"]
        for model, name in ((sage, "sage"), ("cost", "cost")):
            ran = cli(*words, "--model", model)
            said = f"tpudb: --matrix: a checkpoint of gcn gives runtime classes, the model {name} none\n"
            assert (ran.code, ran.err) == (2, said)
        ran = cli(*words, "--model", gcn, "--classes", 4097)
        said = "tpudb: expected at most 4,096 runtime classes, found 4,097: --classes K asks for fewer\n"
        assert (ran.code, ran.err) == (2, said)
        assert not (tmp_path / "p.npy").exists()
        assert cli(*words, "--model", gcn, "--classes", 4096).code == 0
        assert np.load(tmp_path / "p.npy").shape == (27, 4096)

    def test_matrix_cannot_be_written(self, cli, gcn, tmp_path):
        ran = cli("predict", "judge", "--model", gcn, "--matrix", tmp_path / "none" / "p.npy")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "p.npy: cannot be written (No such file or directory)" in ran.err

    @pytest.mark.parametrize("name", ["Mine", "2nd", "a-b", "a b", "é", "x}) DETACH DELETE (n"])
    def test_a_bad_name(self, cli, gcn, name):
        ran = cli("predict", "judge", "--model", gcn, "--as", name, "--write")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "a model's name must match [a-z][a-z0-9_]*, found" in ran.err

    def test_a_name_that_is_taken(self, cli, gcn):
        ran = cli("predict", "judge", "--model", gcn, "--as", "cost", "--write")
        assert (ran.code, ran.err) == (
            2, "tpudb: 'cost' is the name of another model: call the checkpoint by another\n")  # fmt: skip
        ran = cli("predict", "judge", "--as", "mine", "--write")
        assert (ran.code, ran.err) == (
            2, "tpudb: the model cost has a name: 'mine' can be that of a checkpoint only\n")  # fmt: skip

    def test_bytes_needs_no_training(self, cli):
        ran = cli("predict", "--all", "--model", "bytes", "--write", "--top", 1, "--format", "json")
        assert (ran.code, [row["bytes_rank"] for row in json.loads(ran.out)]) == (0, [0, 0, 0])
        assert f"wrote bytes_score, bytes_rank on configurations of {TEST.id}" in ran.err
        assert f"{PLAIN.id}: configurations: expected at least one, found none; the model cost" in ran.err
        assert cli("predict", "--all", "--clear", "bytes").err == "cleared bytes from 3 graphs\n"

    def test_gbdt(self, cli, trees):
        rows = json.loads(cli("predict", "judge", "--model", trees, "--top", 3, "--format", "json").out)
        scores = find_model(trees).predict(TEST).configs["gbdt_score"]
        assert [row["config"] for row in rows] == np.argsort(scores, kind="stable")[:3].tolist()
        (row,) = json.loads(cli("predict", "hidden", "--model", trees, "--as", "a", "--top", 1, "--format", "json").out)
        assert (row["a_rank"], row["runtime_ns"]) == (0, None)

    def test_measured_configurations_are_learned_from(self, cli, gcn):
        for model, shown, name in (("ridge", [], "ridge"), (gcn, ["--shown", 12, "--seed", 3], "gcn_fewshot")):
            words = ["predict", "judge", "--model", model, *shown, "--top", 27, "--format", "json"]
            rows = json.loads(cli(*words).out)
            expected = find_model(model, **dict(zip(("shown", "seed"), shown[1::2], strict=False))).predict(TEST)
            scores = expected.configs[f"{name}_score"]
            assert [row[f"{name}_score"] for row in rows] == np.sort(scores).tolist()

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (["judge", "--model", "ridge", "--shown", 28], 1, "found 27; --shown 27 learns from as many"),
            (["hidden", "--model", "ridge"], 1, "found none: all runtimes are hidden; a checkpoint needs none"),
            (["judge", "--model", "ridge", "--shown", 3], 2, "--shown: expected at least 4 configurations"),
            (["judge", "--model", "bytes", "--seed", 3], 2, "--seed is of which configurations --shown shows"),
            (["judge", "--shown", 20], 2, "the model cost ranks ops alone"),
            (["judge", "--model", "fewshot"], 1, "fewshot corrects another model: --model MODEL --shown 20"),
            (["judge", "--model", "gbdt"], 1, "gbdt must be trained: tpudb train --model gbdt -o FOLDER"),
            (["judge", "--model", "rigde"], 1, "did you mean ridge"),
            (["judge", "--model", "bytes", "--ops"], 2, "--ops: the model bytes ranks configurations alone"),
        ],
    )
    def test_what_makes_no_sense_is_one_line(self, cli, words, code, said):
        ran = cli("predict", *words)
        assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
        assert said in ran.err

    def test_help_names_the_models(self, cli):
        said = cli("predict", "--help").out
        assert all(name in said for name in MODELS)

    def test_matrix_scores_the_graph_once_and_is_made_in_pieces(self, cli, gcn, tmp_path, monkeypatch):
        scored, pieces = [], []
        monkeypatch.setattr("tpugraph_db.models.learned.scores", lambda *a: scored.append(1) or scores(*a))
        monkeypatch.setattr("tpugraph_db.models.learned.MATRIX_NUMBERS", 5 * 27)
        matrix = Gcn.matrix
        monkeypatch.setattr(Gcn, "matrix", lambda net, s, n: pieces.append(len(s)) or matrix(net, s, n))
        assert cli("predict", "judge", "--model", gcn, "--matrix", tmp_path / "p").code == 0
        assert (scored, pieces) == ([1], [5] * 5 + [2])
        assert np.array_equal(np.load(tmp_path / "p"), find_model(gcn).matrix(TEST))

    def test_too_many_classes_are_said_before_anything_is_written(self, cli, gcn, tmp_path, monkeypatch):
        monkeypatch.setattr("tpugraph_db.models.learned.MOST_CLASSES", 26)
        ran = cli("predict", "judge", "--model", gcn, "--matrix", tmp_path / "p", "--write")
        said = "tpudb: expected at most 26 runtime classes, found 27: --classes K asks for fewer\n"
        assert (ran.code, ran.err) == (2, said)
        counted = cli("query", "MATCH (p:Prediction) RETURN count(*) AS n", "--format", "json").out
        assert json.loads(counted) == [{"n": 0}]
        assert cli("predict", "judge", "--model", gcn, "--matrix", tmp_path / "p", "--classes", 26).code == 0

    def test_torch_is_not_installed(self, cli, gcn, monkeypatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        ran = cli("predict", "judge", "--model", gcn)
        assert (ran.code, ran.err) == (2, "tpudb: learned models need torch: pip install 'tpugraph-db[models]'\n")

    @pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
    def test_no_cuda(self, cli, gcn):
        ran = cli("predict", "judge", "--model", gcn, "--device", "cuda")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "torch finds no CUDA device here" in ran.err

    def test_a_checkpoint_that_is_cut_off(self, cli, tmp_path):
        folder = learning.trained(tmp_path / "cut", epochs=1)
        (weights,) = folder.glob("weights-*")
        weights.write_bytes(weights.read_bytes()[:-1])
        ran = cli("predict", "judge", "--model", folder, "--write")
        assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
        assert f"{weights}: sha256: expected" in ran.err
        (folder / "model.json").write_text("{")
        assert "model.json: file: expected JSON, found" in cli("predict", "judge", "--model", folder).err
        (folder / "model.json").unlink()
        ran = cli("predict", "judge", "--model", folder)
        assert ran.err == f"tpudb: {folder}: model.json: expected a checkpoint's folder, found no such file\n"


class TestFiles:
    def test_a_file_needs_no_store(self, cli, empty, gcn, tmp_path):
        path = write_npz(TEST, tmp_path)
        for model, columns in ((gcn, "config"), ("cost", "opcode")):
            ran = cli("predict", path, path, "--model", model, "--top", 1, "--format", "json")
            assert (ran.code, ran.err) == (0, "")
            assert [row["graph"] for row in json.loads(ran.out)] == [TEST.id, TEST.id]
            assert columns in json.loads(ran.out)[0]
        assert not empty.exists()

    def test_its_matrix(self, cli, empty, gcn, tmp_path):
        path = write_npz(TEST, tmp_path)
        assert cli("predict", path, "--model", gcn, "--matrix", tmp_path / "p.npy").code == 0
        assert np.load(tmp_path / "p.npy").shape == (27, 27)

    def test_there_is_nothing_to_write_on(self, cli, store, gcn, tmp_path):
        path = write_npz(TEST, tmp_path)
        ran = cli("predict", path, "--model", gcn, "--write")
        said = f"tpudb: {path} is a file, which has no nodes to write on: load it, and name its graph\n"
        assert (ran.code, ran.out, ran.err) == (2, "", said)

    def test_beside_a_graph_that_is_loaded(self, cli, store, gcn, tmp_path):
        path = write_npz(TEST.replace(name="elsewhere"), tmp_path)
        ran = cli("predict", path, "hidden", "--model", gcn, "--top", 1, "--format", "json")
        assert [row["graph"] for row in json.loads(ran.out)] == ["layout:test:default/test/elsewhere", HIDDEN.id]

    def test_a_file_that_is_none(self, cli, empty, gcn, tmp_path):
        (tmp_path / "bad.npz").write_bytes(b"PK")
        ran = cli("predict", tmp_path / "bad.npz", "--model", gcn)
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "bad.npz" in ran.err
