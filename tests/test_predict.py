import numpy as np
import pytest

from tests import graphs, learning
from tests.conftest import ENGINES, open_empty, write_npz
from tests.learning import HIDDEN, PLAIN, TEST, TILE, sha256
from tpugraph_db import write_back
from tpugraph_db.analytics import op_costs
from tpugraph_db.errors import DataError, NotFoundError, UsageError
from tpugraph_db.formats import read
from tpugraph_db.kendall import dense_rank
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.models.registry import find_model
from tpugraph_db.models.training import checkpoint
from tpugraph_db.paths import is_file
from tpugraph_db.predict import predict_file
from tpugraph_db.predicted import GraphPrediction, best_configs
from tpugraph_db.rows import config_columns
from tpugraph_db.surroundings import induced
from tpugraph_db.write_back import BEST_NODES

COSTS = "MATCH (o:Op) RETURN o.index, o.cost, o.cost_share, o.cost_rank, o.cost_finish ORDER BY o.graph, o.index"
NOTES = "MATCH (p:Prediction)-[:FOR]->(g:Graph) RETURN p.id, g.id, p.graph, p.model, p.version, p.properties, p.nodes"
DIAMOND = graphs.diamond()


def prediction(**columns):
    """A prediction of the diamond; the first column is the one to sort by."""
    arrays = {name: np.array(values) for name, values in columns.items()}
    return GraphPrediction("d", DIAMOND, Prediction("m", "1", ops=arrays), tuple(columns))


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("db")
    with open_empty(request.param, request, folder) as database:
        database.load([write_npz(DIAMOND, folder)])
        yield database


@pytest.fixture
def loaded(store):
    """A database with the diamond, without predictions, on each engine in turn."""
    store.clear(model="cost")
    return store


def test_top_lists_the_largest_first_with_what_people_know_the_op_by():
    top = prediction(score=[1.0, 4.0, 2.0, 3.0], rank=[0, 3, 1, 2]).top(2)
    assert top.columns == ("graph", "index", "opcode", "shape", "score", "rank")
    assert top.rows == [("d", 1, "convolution", "bf16[4,8,16]", 4.0, 3), ("d", 3, "add", "f32[]", 3.0, 2)]


def test_top_says_how_many_there_are():
    assert prediction(score=[1.0, 4.0, 2.0, 3.0]).top(1).truncated == "showing 1 of 4"


def test_top_of_more_than_there_are_is_all():
    assert len(prediction(score=[1.0, 4.0, 2.0, 3.0]).top(99)) == 4


def test_top_of_none():
    assert prediction(score=[1.0, 4.0, 2.0, 3.0]).top(0).rows == []


def test_ties_stand_by_index():
    top = prediction(score=[1.0, 2.0, 1.0, 2.0]).top(4)
    assert [row[1] for row in top] == [1, 3, 0, 2]


def test_values_are_plain_python():
    row = prediction(score=[1.0, 4.0, 2.0, 3.0], rank=[0, 3, 1, 2]).top(1).rows[0]
    assert [type(value) for value in row] == [str, int, str, str, float, int]


def test_a_prediction_alone_writes_nothing(loaded):
    loaded.predict()
    assert loaded.query(COSTS).rows == [(index, None, None, None, None) for index in range(4)]
    assert loaded.query(NOTES).rows == []


def test_write_puts_the_values_on_the_nodes(loaded):
    costs = op_costs(DIAMOND)
    loaded.predict(["diamond"], write=True)
    columns = (costs.cost, costs.cost_share, costs.cost_rank, costs.cost_finish)
    assert loaded.query(COSTS).rows == list(zip(range(4), *(column.tolist() for column in columns), strict=True))


def test_write_notes_model_and_version(loaded):
    loaded.predict(write=True)
    properties = ["Op.cost", "Op.cost_share", "Op.cost_rank", "Op.cost_finish"]
    assert loaded.query(NOTES).rows == [
        (f"{DIAMOND.id}/prediction/cost", DIAMOND.id, DIAMOND.id, "cost", "1", properties, 4)
    ]


def test_writing_again_changes_nothing(loaded):
    loaded.predict(write=True)
    before = loaded.query(COSTS).rows, loaded.query(NOTES).rows
    loaded.predict(write=True)
    assert (loaded.query(COSTS).rows, loaded.query(NOTES).rows) == before


def test_clear_takes_everything_off(loaded):
    loaded.predict(write=True)
    assert loaded.clear(model="cost") == 1
    assert loaded.query(COSTS).rows == [(index, None, None, None, None) for index in range(4)]
    assert loaded.query("MATCH (p:Prediction) RETURN count(*)").rows == [(0,)]


def test_clear_of_what_is_not_there(loaded):
    assert loaded.clear(model="cost") == 0


def test_a_model_that_is_not_there(loaded):
    with pytest.raises(NotFoundError, match="no model 'cots'"):
        loaded.predict(model="cots")


def configs_prediction(**columns):
    """A prediction of the diamond's configurations."""
    arrays = {name: np.array(values) for name, values in columns.items()}
    return GraphPrediction("d", DIAMOND, Prediction("m", "1", configs=arrays), ())


def test_top_lists_the_lowest_scores_beside_what_was_measured():
    made = configs_prediction(m_score=[0.5, 2.0, -1.0, 0.5], m_rank=[1, 2, 0, 1])
    top = made.top(3)
    assert top.columns == ("graph", "config", "m_score", "m_rank", "runtime_ns", "slowdown")
    assert top.rows == [("d", 2, -1.0, 0, 20, 2.0), ("d", 0, 0.5, 1, 30, 3.0), ("d", 3, 0.5, 1, 30, 3.0)]
    assert top.truncated == "showing 3 of 4"
    assert made.top_ops(3).rows == []


def test_the_best_configurations_are_those_of_the_lowest_scores():
    made = configs_prediction(m_score=[0.5, 2.0, -1.0, 0.5]).prediction
    assert best_configs(made, 2).tolist() == [2, 0]
    assert best_configs(made, 9).tolist() == [2, 0, 3, 1]
    assert best_configs(Prediction("m", "1"), 2).tolist() == []


LEARNED = (TEST, HIDDEN, PLAIN, TILE)
CONFIGS = "MATCH (c:Config {graph: $graph}) RETURN c.index, c.gcn_score, c.gcn_rank ORDER BY c.index"


@pytest.fixture(scope="module")
def gcn(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("gcn"))


@pytest.fixture(scope="module")
def sage(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("sage"), model="sage")


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    return learning.trees(tmp_path_factory.mktemp("trees"))


@pytest.fixture(scope="module", params=ENGINES)
def few_nodes(request, tmp_path_factory):
    """A store of each engine whose graphs have a node for one configuration each."""
    folder = tmp_path_factory.mktemp("few")
    with open_empty(request.param, request, folder) as database:
        database.load([learning.files(folder, LEARNED)], configs=1)
        yield database


@pytest.fixture
def ranking(few_nodes):
    """That store as it was loaded."""
    for model in ("gcn", "a", "b", "m", "bytes", "ridge", "gbdt", "bytes_fewshot", "gcn_fewshot"):
        few_nodes.clear(model=model)
    few_nodes.query("MATCH (c:Config) WHERE c.index <> 0 DETACH DELETE c", write=True)
    return few_nodes


def test_a_checkpoint_s_ranks_are_on_the_nodes_and_its_ten_best_have_some(ranking, gcn):
    nodes = {row[0] for row in ranking.query(CONFIGS, {"graph": TEST.id})}
    (made,) = ranking.predict([TEST.id], model=gcn, write=True)
    score, rank = (made.prediction.configs[name] for name in ("gcn_score", "gcn_rank"))
    expected = sorted({*nodes, *np.argsort(score, kind="stable")[:10].tolist()})
    found = ranking.query(CONFIGS, {"graph": TEST.id}).rows
    assert found == [(at, score[at], rank[at]) for at in expected]
    assert len(nodes) == 1
    assert 10 <= len(found) <= 11
    assert rank.tolist() == dense_rank(score).tolist()
    ops = "MATCH (o:Op {graph: $graph}) RETURN o.gcn_share, o.gcn_rank ORDER BY o.index"
    share = made.prediction.ops["gcn_share"]
    assert ranking.query(ops, {"graph": TEST.id}).rows == list(
        zip(share.tolist(), dense_rank(share).tolist(), strict=True)
    )
    assert share.sum() == pytest.approx(1)


def test_a_node_that_is_made_is_as_if_it_had_been_loaded(ranking, gcn):
    ranking.predict([TEST.id], model=gcn, write=True)
    rows = ranking.query(
        "MATCH (c:Config)-[:OF]->(g:Graph {id: $graph}) RETURN c.index, properties(c) ORDER BY c.index",
        {"graph": TEST.id},
    ).rows
    columns = config_columns(TEST, np.array([index for index, _ in rows]))
    loaded = [
        {name: values[at] for name, values in columns.items() if values[at] is not None} for at in range(len(rows))
    ]
    assert [{k: v for k, v in found.items() if not k.startswith("gcn_")} for _, found in rows] == loaded
    assert len(rows) >= BEST_NODES


def test_a_prediction_node_says_what_the_checkpoint_is(ranking, gcn):
    ranking.predict([TEST.id], model=gcn, write=True)
    columns = "p.id, p.model, p.version, p.data, p.quality, p.quality_metric, p.properties, p.nodes"
    (row,) = ranking.query(f"MATCH (p:Prediction)-[:FOR]->(:Graph {{id: '{TEST.id}'}}) RETURN {columns}").rows
    facts = checkpoint.load(gcn).facts
    configs = len(ranking.query(CONFIGS, {"graph": TEST.id}))
    assert row == (
        f"{TEST.id}/prediction/gcn",
        "gcn",
        sha256(gcn),
        facts["fingerprint"],
        [epoch["tau"] for epoch in facts["epochs"] if epoch["best"]][-1],
        "mean Kendall tau-b over the validation graphs of its training",
        ["Op.gcn_share", "Op.gcn_rank", "Config.gcn_score", "Config.gcn_rank"],
        len(TEST) + configs,
    )


def test_predicting_again_changes_nothing(ranking, gcn):
    state = "MATCH (n) WHERE n.graph = $graph RETURN labels(n), n.index, n.gcn_score, n.gcn_rank, n.nodes"
    ranking.predict([TEST.id], model=gcn, write=True)
    before = sorted(map(str, ranking.query(state, {"graph": TEST.id}).rows))
    ranking.predict([TEST.id, TEST.id], model=gcn, write=True)
    assert sorted(map(str, ranking.query(state, {"graph": TEST.id}).rows)) == before
    assert ranking.query("MATCH (c:Config)-[r:OF]->() RETURN count(r) = count(DISTINCT c)").rows == [(True,)]


@pytest.mark.parametrize("name", ["bytes", "ridge", "gbdt", "bytes_fewshot", "gcn_fewshot"])
def test_every_model_writes_its_scores_and_says_what_it_is(ranking, gcn, trees, name):
    base = {"gbdt": trees, "gcn_fewshot": gcn}.get(name, name.removesuffix("_fewshot"))
    model = find_model(base, shown=12 if name.endswith("_fewshot") else None)
    (made,) = ranking.predict([TEST.id], model=model, write=True)
    score, rank = made.prediction.configs.values()
    assert list(made.prediction.configs) == [f"{name}_score", f"{name}_rank"]
    columns = f"c.index, c.{name}_score, c.{name}_rank"
    found = ranking.query(f"MATCH (c:Config {{graph: $g}}) RETURN {columns} ORDER BY c.index", {"g": TEST.id}).rows
    assert len(found) >= 10
    assert found == [(at, score[at], rank[at]) for at, _, _ in found]
    notes = "p.model, p.version, p.data, p.shown, p.quality, p.quality_metric, p.properties, p.nodes"
    (row,) = ranking.query(f"MATCH (p:Prediction) RETURN {notes}").rows
    said = made.prediction.notes
    written = [f"Config.{column}" for column in made.prediction.configs]
    of_notes = [said.get(key) for key in ("data", "shown", "quality", "quality_metric")]
    assert row == (name, made.prediction.version, *of_notes, written, len(found))
    assert (row[3] is None) == (name in ("bytes", "gbdt"))
    unseen = f"MATCH (c:Config {{graph: $g}}), (p:Prediction) WHERE NOT c.index IN p.shown RETURN {columns}"
    seen = set(said.get("shown", range(27)))
    assert {row[0] for row in ranking.query(unseen, {"g": TEST.id})} == {row[0] for row in found} - seen
    assert ranking.clear(model=name) == 1
    assert ranking.query(f"MATCH (c:Config) RETURN count(c.{name}_score), count(c.{name}_rank)").rows == [(0, 0)]


def test_tiles_are_ranked_by_models_that_need_no_training(ranking):
    for model in (find_model("bytes"), find_model("ridge", shown=12)):
        ranking.predict([TILE.id], model=model, write=True)
        best = f"MATCH (c:Config {{graph: $g}}) WHERE c.{model.name}_rank = 0 RETURN c.rank"
        assert ranking.query(best, {"g": TILE.id}).rows == [(0,)]


def test_hidden_runtimes_are_nothing_to_learn_from(ranking):
    left_out = {}
    ranking.predict([TEST.id, HIDDEN.id, PLAIN.id], model="ridge", on_left_out=left_out.__setitem__)
    assert {graph: str(error).partition(", found ")[2] for graph, error in left_out.items()} == {
        HIDDEN.id: "none: all runtimes are hidden; a checkpoint needs none, nor does bytes",
        PLAIN.id: "none; the model cost ranks ops, which every graph has",
    }


def test_several_models_stand_side_by_side(ranking, gcn, sage):
    one = find_model(gcn, name="a").predict(TEST).configs
    other = find_model(sage, name="b").predict(TEST).configs
    ranking.predict([TEST.id], model=find_model(gcn, name="a"), write=True)
    ranking.predict([TEST.id], model=find_model(sage, name="b"), write=True)
    columns = "c.index, c.a_score, c.a_rank, c.b_score, c.b_rank"
    rows = ranking.query(f"MATCH (c:Config {{graph: $graph}}) WHERE c.b_rank < 10 RETURN {columns}", {"graph": TEST.id})
    assert len(rows) >= 10
    for at, *values in rows:
        # a node made for the second has what the first had said before it was there
        assert values == [one["a_score"][at], one["a_rank"][at], other["b_score"][at], other["b_rank"][at]]
    models = "MATCH (p:Prediction) RETURN p.model, p.properties ORDER BY p.model"
    assert [(model, len(written)) for model, written in ranking.query(models)] == [("a", 4), ("b", 2)]


def test_a_model_of_the_same_name_leaves_nothing_of_the_one_before(ranking, gcn, sage):
    ranking.predict([TEST.id], model=find_model(gcn, name="m"), write=True)
    ranking.predict([TEST.id], model=find_model(sage, name="m"), write=True)
    assert ranking.query("MATCH (o:Op) RETURN count(o.m_share), count(o.m_rank)").rows == [(0, 0)]
    scores = find_model(sage, name="m").predict(TEST).configs["m_score"]
    rows = ranking.query("MATCH (c:Config {graph: $graph}) RETURN c.index, c.m_score", {"graph": TEST.id}).rows
    assert rows
    assert all(score == scores[at] for at, score in rows)


def test_clear_takes_the_properties_off_and_leaves_the_nodes(ranking, gcn):
    ranking.predict([TEST.id], model=gcn, write=True)
    nodes = len(ranking.query(CONFIGS, {"graph": TEST.id}))
    assert ranking.clear([TEST.id], model="gcn") == 1
    assert {row[1:] for row in ranking.query(CONFIGS, {"graph": TEST.id})} == {(None, None)}
    assert len(ranking.query(CONFIGS, {"graph": TEST.id})) == nodes
    assert ranking.query("MATCH (o:Op) RETURN count(o.gcn_share), count(o.gcn_rank)").rows == [(0, 0)]
    assert ranking.query("MATCH (p:Prediction) RETURN count(*)").rows == [(0,)]


def test_hidden_runtimes_are_ranked_all_the_same(ranking, gcn):
    (made,) = ranking.predict([HIDDEN.id], model=gcn, write=True)
    measured = find_model(gcn).predict(TEST).configs["gcn_score"]
    assert made.prediction.configs["gcn_score"].tolist() == measured.tolist()
    assert {row[4:] for row in made.top(27)} == {(None, None)}
    nodes = "MATCH (c:Config {graph: $graph}) RETURN count(c), count(c.gcn_rank), count(c.runtime_ns), count(c.rank)"
    ((nodes, ranked, runtimes, ranks),) = ranking.query(nodes, {"graph": HIDDEN.id}).rows
    assert (nodes, runtimes, ranks) == (ranked, 0, 0)
    assert nodes >= 10


def parts(db, name="gcn"):
    """Of each op of the graph what a model has written, and what its Prediction node says."""
    ops = f"MATCH (o:Op {{graph: $graph}}) RETURN o.{name}_share, o.{name}_rank ORDER BY o.index"
    notes = "MATCH (p:Prediction {graph: $graph}) RETURN p.ops, p.nodes, p.properties, p.scores IS NOT NULL"
    return db.query(ops, {"graph": TEST.id}).rows, db.query(notes, {"graph": TEST.id}).rows


OPS = "MATCH (o:Op {graph: $graph}) WHERE o.index IN $ops RETURN o"


@pytest.fixture
def ops_file(tmp_path):
    path = tmp_path / "ops.cypher"
    path.write_text(OPS)
    return path


def test_of_ops_their_surroundings_are_predicted_and_they_alone_written_on(ranking, gcn, ops_file):
    ranking.predict([TEST.id], model=gcn, write=True)
    asked = {"where": ops_file, "hops": 1, "params": {"graph": TEST.id, "ops": [4]}}
    (made,) = ranking.predict(**asked, model=gcn, write=True)
    near = induced(TEST, np.array([3, 4, 5]))  # 4 feeds 5, and 3 feeds 4
    alone = find_model(gcn).predict(near)
    assert made.prediction.ops["gcn_share"].tolist() == alone.ops["gcn_share"].tolist()
    assert made.prediction.configs["gcn_score"].tolist() == alone.configs["gcn_score"].tolist()
    share, rank = (alone.ops[name][1].item() for name in ("gcn_share", "gcn_rank"))
    nothing = (None, None)
    notes = [(1, 1, ["Op.gcn_share", "Op.gcn_rank"], False)]
    assert parts(ranking) == ([*[nothing] * 4, (share, rank), nothing, nothing], notes)
    assert ranking.query("MATCH (c:Config) RETURN count(c.gcn_score), count(c.gcn_rank)").rows == [(0, 0)]
    with pytest.raises(NotFoundError, match="no scores of 'gcn'"):
        ranking.scores(TEST.id, "gcn")
    assert made.top_ops(9).rows == [(TEST.id, 4, "dot", "f32[16,2]", share, rank)]
    ranking.predict([TEST.id], model=gcn, write=True)
    rows, notes = parts(ranking)
    assert nothing not in rows
    assert notes[0][0] is None


def test_surroundings_that_are_the_graph_give_its_scores(ranking, gcn, ops_file):
    params = {"graph": TEST.id, "ops": [0, 6]}  # 6 is joined to none
    ranking.predict(where=ops_file, hops=9, params=params, model=gcn, write=True)
    whole = find_model(gcn).predict(TEST)
    values = list(zip(*(column.tolist() for column in whole.ops.values()), strict=True))
    rows, notes = parts(ranking)
    assert rows == [values[0], *[(None, None)] * 5, values[6]]
    assert notes[0][0] == 2
    assert ranking.scores(TEST.id, "gcn")["gcn_score"].tolist() == whole.configs["gcn_score"].tolist()


def test_the_cost_of_an_op_alone_is_all_of_it(ranking, ops_file):
    params = {"graph": TEST.id, "ops": [1]}
    (made,) = ranking.predict(where=ops_file, hops=0, params=params, write=True)
    ranking.clear(model="cost")
    whole = op_costs(TEST)
    names = ("cost", "cost_share", "cost_rank", "cost_finish")
    assert [made.prediction.ops[name].tolist() for name in names] == [[whole.cost[1]], [1.0], [0], [whole.cost[1]]]


def test_a_model_that_ranks_configurations_alone_has_nothing_to_write_on_ops(ranking, sage, ops_file):
    asked = {"where": ops_file, "params": {"graph": TEST.id, "ops": [4]}, "model": sage}
    with pytest.raises(UsageError, match="the model sage ranks configurations alone, and --where gives ops"):
        ranking.predict(**asked, write=True)
    (made,) = ranking.predict(**asked)
    assert list(made.prediction.configs) == ["sage_score", "sage_rank"]
    assert made.top_ops(3).rows == []


def test_what_to_predict_is_said_once(ranking, ops_file):
    with pytest.raises(UsageError, match="expected graphs or where to find them, found both"):
        ranking.predict([TEST.id], where="true")


def test_a_file_need_not_be_loaded_and_has_no_nodes(ranking, gcn, tmp_path):
    path = write_npz(TEST.replace(name="elsewhere"), tmp_path)
    (made,) = ranking.predict([str(path)], model=gcn)
    expected = find_model(gcn).predict(TEST).configs["gcn_score"].tolist()
    assert made.graph == "layout:test:default/test/elsewhere"
    assert made.prediction.configs["gcn_score"].tolist() == expected
    with pytest.raises(UsageError, match=f"{path} is a file, which has no nodes to write on: load it"):
        ranking.predict([str(path)], model=gcn, write=True)
    assert ranking.query("MATCH (p:Prediction) RETURN count(*)").rows == [(0,)]


def test_a_graph_of_another_kind_or_without_configurations_is_refused(ranking, gcn):
    said = f"{TILE.id}: configurations: expected layout, which the model has learned from, found tile"
    with pytest.raises(DataError, match=said):
        ranking.predict([TEST.id, TILE.id], model=gcn)
    with pytest.raises(DataError, match=f"{PLAIN.id}: configurations: expected at least one, found none"):
        ranking.predict([PLAIN.id], model=gcn)


def test_or_left_out_and_said(ranking, gcn):
    left_out = {}
    made = ranking.predict(model=gcn, write=True, on_left_out=left_out.__setitem__)
    assert [one.graph for one in made] == [HIDDEN.id, TEST.id]
    assert list(left_out) == [PLAIN.id, TILE.id]
    assert "found tile" in str(left_out[TILE.id])
    assert ranking.query("MATCH (p:Prediction) RETURN p.graph ORDER BY p.graph").rows == [(HIDDEN.id,), (TEST.id,)]


def test_no_node_can_make_a_statement_of_what_it_says_was_written(ranking, gcn):
    ranking.predict([TEST.id], model=gcn, write=True)
    bad = ["Op.x DETACH DELETE n", "Op.gcn_rank}", "Graph.id", "Op", ""]
    ranking.query("MATCH (p:Prediction) SET p.properties = $bad + p.properties", {"bad": bad}, write=True)
    ranking.predict([TEST.id], model=gcn, write=True)
    assert ranking.query("MATCH (o:Op {graph: $graph}) RETURN count(o.gcn_rank)", {"graph": TEST.id}).rows == [(7,)]
    ranking.query("MATCH (p:Prediction) SET p.properties = $bad", {"bad": bad}, write=True)
    assert ranking.clear(model="gcn") == 1
    assert ranking.query("MATCH (g:Graph) RETURN count(g.id)").rows == [(4,)]
    ranking.predict([TEST.id], model=gcn, write=True)


def test_a_file_alone(gcn, tmp_path):
    path = write_npz(TEST, tmp_path)
    made = predict_file(path, find_model(gcn))
    assert made.record == read(path)
    assert made.graph == TEST.id


@pytest.mark.parametrize(
    ("label", "name"),
    [("ops", "opcode"), ("ops", "index"), ("ops", "cost_rank"), ("configs", "rank"), ("configs", "runtime_ns")],
)
def test_what_was_measured_is_not_a_model_s_to_write(label, name):
    with pytest.raises(ValueError, match=rf"\.{name} is not the model m's to write \(tpudb schema\)"):
        Prediction("m", "1", **{label: {name: np.zeros(3)}})


def test_what_the_schema_gives_to_a_model_is():
    assert list(Prediction("cost", "1", ops={"cost_rank": np.zeros(3)}).ops) == ["cost_rank"]


def test_batches_count_ops_and_configurations(monkeypatch):
    monkeypatch.setattr(write_back, "BATCH_OPS", 8)
    made = configs_prediction(m_score=[0.5, 2.0, -1.0, 0.5])
    alone = prediction(score=[1.0, 4.0, 2.0, 3.0])
    assert [len(batch) for batch in write_back._batches([alone, alone, alone, made, made])] == [2, 2, 1, 0]


def test_what_can_be_no_file(tmp_path):
    assert not is_file("x" * 5000)
    assert not is_file(str(tmp_path))
    assert not is_file("a\x00b")
