"""Judging models beside what they must beat: on which graphs, by which configurations, with which figures."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests import graphs, learning, real
from tests.conftest import ENGINES, open_empty
from tests.learning import HIDDEN, PLAIN, TEST, TRAIN, VALID
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.errors import DataError, NotFoundError, UsageError
from tpugraph_db.evaluate import BASELINES, evaluate
from tpugraph_db.models.baselines.bytes import Bytes
from tpugraph_db.models.baselines.few import FEWEST
from tpugraph_db.models.baselines.from_few import SHOWN, FromFew
from tpugraph_db.models.baselines.gbdt import Gbdt
from tpugraph_db.models.judging.case import Case
from tpugraph_db.models.judging.judge import judge
from tpugraph_db.models.judging.protocol import PaperLists
from tpugraph_db.models.judging.shown import split_shown
from tpugraph_db.models.registry import find_scorer

OTHER = layout_graph("other", "test", costs=(0, 40, 10))
FEW = graphs.diamond().replace(split="test", name="few")
"""Three distinct configurations: runtimes 30, 10, 20, and 30 of the first one again."""

TWICE = layout_graph("twice", "valid")
TWICE = TWICE.replace(
    configurations=replace(TWICE.configurations, repeat_runtime_ns=3_000_000 - TWICE.configurations.runtime_ns)
)
"""Its second run has the opposite order."""

KERNELS = [tile_graph(f"kernel{number}") for number in range(3)]

LAYOUTS = "g.collection STARTS WITH 'layout:' AND g.split = 'test'"


@dataclass
class Oracle:
    """It knows the runtimes; ``sign`` -1 turns them round."""

    name: str = "oracle"
    sign: int = 1
    asked: int = 0

    def scores(self, record):
        self.asked += 1
        return self.sign * record.configurations.runtime_ns.astype(float)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eval")
    with open_empty("arcadedb", None, folder) as db:
        tile = tile_graph("judged", "test")
        db.load([learning.files(folder, (*TRAIN, *VALID, TEST, OTHER, FEW, HIDDEN, TWICE, PLAIN, *KERNELS, tile))])
        yield db.store


def test_a_part_is_judged_as_a_graph_whose_runtimes_are_the_whole_one_s(store, tmp_path):
    (tmp_path / "dots.cypher").write_text("MATCH (o:Op {graph: $graph, index: 4}) RETURN o")
    (tmp_path / "graphs.cypher").write_text("MATCH (g:Graph) WHERE g.name = 'first' RETURN g.id")
    asked = {"train": tmp_path / "graphs.cypher", "hops": 1, "params": {"graph": TEST.id}}
    found = evaluate(store, [Oracle()], where=tmp_path / "dots.cypher", shown=0, **asked)
    ((model, graph, configs, distinct, *_),) = [row for row in found.by_graph() if row[0] == "oracle"]
    # op 4 alone is configurable among 3, 4 and 5: three of the 27 configurations differ
    assert (model, graph, configs, distinct) == ("oracle", TEST.id, 27, 3)
    assert set(found.judged) == {"oracle", "random", "bytes", "column", "gbdt"}
    assert found.judged["oracle"][0].tau == 1


def means(found, model, graphs):
    """A model's means by metric; all of them over so many graphs."""
    rows = [row for row in found.table() if row[0] == model]
    assert {row[5] for row in rows} == {graphs}
    return {row[1]: row[2] for row in rows}


@pytest.fixture(scope="module")
def gcn(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("gcn"))


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    return learning.trees(tmp_path_factory.mktemp("trees"))


@pytest.mark.parametrize("engine", ENGINES)
def test_every_model_and_baseline_is_in_the_table(engine, request, tmp_path, gcn):
    with open_empty(engine, request, tmp_path) as db:
        db.load([learning.files(tmp_path / "files")])
        found = db.evaluate([f"mine={gcn}", Oracle()])
    models = ["mine", "oracle", "random", "bytes", "column", "gbdt", "ridge", "mine+fewshot", "oracle+fewshot"]
    assert list(dict.fromkeys(row[0] for row in found.table())) == models
    assert set(BASELINES) < set(models)
    assert found.table().columns == ("model", "metric", "mean", "low", "high", "graphs")
    assert [row[0] for row in found.by_graph()] == models
    assert {row[1] for row in found.by_graph()} == {TEST.id}
    among = split_shown(TEST.configurations, SHOWN, 0)[1]
    learned = judge(TEST, find_scorer(str(gcn)).scores(TEST), among=among)
    assert means(found, "mine", 1)["tau"] == learned.tau
    assert found.left_out == {}  # a hidden test graph does not match the default
    assert found.seen == {}


def test_figures_of_what_is_known(store):
    found = evaluate(store, [Oracle(), Oracle("worst", -1)], where=LAYOUTS, shown=0)
    expected = {"tau": 1, "opa": 1, "slowdown@1": 0, "slowdown@5": 0, "slowdown@10": 0, "slowdown@100": 0}
    best = means(found, "oracle", 3)
    assert {metric: best[metric] for metric in expected} == pytest.approx(expected)
    worst = means(found, "worst", 3)
    assert (worst["tau"], worst["opa"]) == pytest.approx((-1, 0))
    # the slowest of TEST takes 1.7, of OTHER 1.56 times the best, of FEW 3 times
    assert worst["slowdown@1"] == pytest.approx((0.7 + 0.56 + 2) / 3)
    assert found.left_out == {HIDDEN.id: "hidden runtimes"}
    assert not any(row[0] in ("ridge", "oracle+fewshot") for row in found.table())


def test_a_row_for_each_model_and_graph(store):
    found = evaluate(store, [Oracle()], where=LAYOUTS, shown=0, train=None).by_graph()
    assert found.columns[:6] == ("model", "graph", "configs", "distinct", "repeat_tau", "tau")
    assert found.columns[-4:] == ("slowdown@1", "slowdown@5", "slowdown@10", "slowdown@100")
    assert [row[:4] for row in found if row[0] == "oracle"] == [
        ("oracle", FEW.id, 4, 3),
        ("oracle", TEST.id, 27, 27),
        ("oracle", OTHER.id, 27, 27),
    ]
    bytes_ = {row[1]: row[5] for row in found if row[0] == "bytes"}
    assert bytes_ == {record.id: judge(record, Bytes().scores(record)).tau for record in (FEW, TEST, OTHER)}


def test_what_is_shown_to_few_shot_models_is_judged_of_none(store):
    found = evaluate(store, [Oracle("worst", -1)], where=f"g.id = '{TEST.id}'", train=None, shown=12, seed=3)
    assert {row[2] for row in found.by_graph()} == {15}
    among = split_shown(TEST.configurations, 12, 3)[1]
    assert means(found, "bytes", 1)["tau"] == judge(TEST, Bytes().scores(TEST), among=among).tau
    # a few measurements turn round a model that has everything the wrong way
    assert means(found, "worst", 1)["tau"] == pytest.approx(-1)
    assert means(found, "worst+fewshot", 1)["tau"] > 0.9
    assert means(found, "ridge", 1)["tau"] > 0.9


def test_a_model_is_asked_once_for_a_graph(store):
    oracle = Oracle()
    evaluate(store, [oracle], where=LAYOUTS, train=None)
    assert oracle.asked == 2


def test_graphs_with_too_few_configurations_to_show_are_listed(store):
    found = evaluate(store, [Oracle()], where=LAYOUTS, train=None)
    assert found.left_out[FEW.id] == "3 distinct configurations, of which 20 are shown; --shown 0 shows none"
    with pytest.raises(NotFoundError, match=rf"can be graded \({FEW.id}: 3 distinct configurations"):
        evaluate(store, [Oracle()], where=f"g.id = '{FEW.id}'", train=None)


def test_what_was_measured_twice_is_judged_by_its_second_run(store):
    found = evaluate(store, [Oracle()], where=f"g.id = '{TWICE.id}'", train=None, shown=0)
    figures = means(found, "oracle", 1)
    assert (figures["tau"], figures["repeat_tau"]) == pytest.approx((-1, -1))


def test_no_order_is_left_among_those_to_judge():
    runtimes = TEST.configurations.runtime_ns.copy()
    shown, rest = split_shown(TEST.configurations, 20, 0)
    runtimes[rest] = 5
    record = TEST.replace(configurations=replace(TEST.configurations, runtime_ns=runtimes))
    with pytest.raises(UsageError, match="no order among the configurations to judge"):
        Case.of(record, None, 20, 0)
    assert len(Case.of(record, None, 0, 0).among) == 27
    assert len(shown) == 20


def test_a_graph_that_a_model_has_seen_is_no_test(store, gcn):
    mine = find_scorer(str(gcn))
    found = evaluate(store, [mine, Oracle()], where="g.split IN ['valid', 'test'] AND g.ops = 7", train=None)
    assert found.seen == {"gcn": [VALID[0].id]}


def test_what_is_judged_teaches_no_baseline(store, monkeypatch):
    taught = []
    monkeypatch.setattr(
        "tpugraph_db.evaluate.baselines", lambda train, seed, without: taught.append(train) or [Oracle("x")]
    )
    first = f"g.id = '{TRAIN[0].id}'"
    evaluate(store, where=first, train="g.split = 'train'")
    evaluate(store, where="g.collection = 'tile:test' AND g.split = 'test'", train="g.split = 'train'", shown=0)
    assert [[record.id for record in train] for train in taught] == [[TRAIN[1].id], [record.id for record in KERNELS]]
    with pytest.raises(NotFoundError, match=r"none of the 1 graphs that match .* can be learned from; .*--no-train"):
        evaluate(store, where=first, train=first)
    with pytest.raises(NotFoundError, match=r"no graph matches \"g.split = 'none'\" .*--no-train"):
        evaluate(store, where=first, train="g.split = 'none'")


def test_tiles(store):
    found = evaluate(store, [Oracle()], where="g.collection = 'tile:test' AND g.split = 'test'", shown=5)
    assert means(found, "oracle", 1)["tile_score"] == 1
    assert {"column", "gbdt", "ridge"} < {row[0] for row in found.table()}


def test_layouts_and_tiles_are_not_averaged(store):
    with pytest.raises(UsageError, match="whose configurations are layouts or tiles, found both; --where"):
        evaluate(store, [Oracle()], where="g.split = 'test' AND g.measured > 0", shown=0)


def test_a_checkpoint_of_the_other_kind(store, gcn):
    with pytest.raises(DataError, match="configurations: expected layout, which the model has learned from"):
        evaluate(store, [find_scorer(str(gcn))], where="g.collection = 'tile:test' AND g.split = 'test'", shown=0)


@pytest.mark.parametrize("names", [("a", "a"), ("bytes",), ("ridge",), ("a", "gbdt")])
def test_names_are_different(store, names):
    with pytest.raises(UsageError, match=f"expected models of different names, found {names[-1]} twice in"):
        evaluate(store, [Oracle(name) for name in names])


def test_models_that_are_rows_of_the_table_stand_in_their_own_place(store, trees):
    where = f"g.id = '{TEST.id}'"
    table = evaluate(store, where=where)
    rows = {row[0]: row[1:] for row in table.by_graph()}
    for model in (Bytes(), FromFew(), find_scorer(str(trees))):
        found = evaluate(store, [model], where=where)
        names = [row[0] for row in found.by_graph()]
        assert sorted(set(names) - {f"{model.name}+fewshot"}) == sorted(BASELINES)
        assert len(set(names)) == len(names)
        assert {row[0]: row[1:] for row in found.by_graph() if row[0] in BASELINES} == rows
    renamed = evaluate(store, [find_scorer(f"trees={trees}")], where=where).by_graph()
    assert [row[1:] for row in renamed if row[0] == "trees"] == [rows["gbdt"]]
    assert {"gbdt", "trees+fewshot"} < {row[0] for row in renamed}


def test_gbdt_that_is_given_is_not_trained_again(store, trees, monkeypatch):
    given = find_scorer(str(trees))
    monkeypatch.setattr(Gbdt, "fit", None)
    found = evaluate(store, [given], where=f"g.id IN ['{TEST.id}', '{VALID[0].id}']")
    assert {"gbdt", "column"} < {row[0] for row in found.table()}
    assert found.seen == {"gbdt": [VALID[0].id]}


@pytest.mark.parametrize(
    ("model", "shown", "name"), [(FromFew(), 0, "ridge"), (FromFew("bytes_fewshot", base=Bytes()), 20, "bytes_fewshot")]
)
def test_what_would_be_judged_on_what_it_has_seen(store, model, shown, name):
    said = f"{name} learns from configurations of the graphs that are judged: --shown 20 puts ridge, and NAME.fewshot"
    with pytest.raises(UsageError, match=said):
        evaluate(store, [model], shown=shown)


@pytest.mark.parametrize("shown", [1, FEWEST - 1])
def test_too_few_to_learn_from(store, shown):
    with pytest.raises(UsageError, match=f"--shown: expected 0, or at least {FEWEST} .*, found {shown}"):
        evaluate(store, [Oracle()], shown=shown)


def test_nothing_can_be_graded(store):
    with pytest.raises(NotFoundError, match=rf"can be graded \({HIDDEN.id}: hidden runtimes\)"):
        evaluate(store, where=f"g.id = '{HIDDEN.id}'")
    with pytest.raises(NotFoundError, match="no graph matches"):
        evaluate(store, where="g.split = 'none'")


def test_lightgbm_is_not_installed(store, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "lightgbm" else object())
    with pytest.raises(UsageError, match=r"learned models need lightgbm: pip install 'tpugraph-db\[models\]'"):
        evaluate(store, where=f"g.id = '{TEST.id}'")
    assert len(evaluate(store, where=f"g.id = '{TEST.id}'", train=None).table()) > 0


def test_progress(store):
    seen = []
    evaluate(store, where=LAYOUTS, train=None, on_graph=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_the_paper_s_lists_on_a_real_graph(data, tmp_path):
    name = "unet_3d.4x4.bf16"
    lists = PaperLists.read(data / "reference")
    record = real.record(data, name)
    listed = lists.indices(record)
    with open_empty("arcadedb", None, tmp_path) as db:
        db.load([real.path(data, name), real.path(data, "unet3d")], configs=1)
        for shown in (0, 20):
            found = db.evaluate([Oracle()], where=f"g.name = '{name}'", train=None, lists=lists, shown=shown)
            rest = listed if not shown else listed[np.isin(listed, split_shown(record.configurations, shown, 0)[1])]
            assert {row[2] for row in found.by_graph()} == {len(rest)}
            expected = judge(record, Bytes().scores(record), among=rest)
            assert means(found, "bytes", 1)["tau"] == expected.tau
        both = "g.split IN ['train', 'valid']"
        left_out = db.evaluate([Oracle()], where=both, train=None, lists=lists, shown=0).left_out
    ((graph, reason),) = left_out.items()
    assert graph.endswith("train/unet3d")
    assert "no list for 'unet3d' of layout:xla:default" in reason
    assert len(listed) == 1000
