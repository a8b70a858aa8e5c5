"""The competition's mean: a model of layouts and one of tiles, judged on the collections that are loaded."""

from dataclasses import dataclass, field

import pytest

from tests import learning
from tests.conftest import open_empty
from tests.learning import HIDDEN
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.evaluate import BASELINES, Evaluation, evaluate
from tpugraph_db.models.judging.by_kind import ByKind
from tpugraph_db.models.judging.judge import judge
from tpugraph_db.models.judging.protocol import PaperLists

DEFAULT = [layout_graph(name, "valid").replace(collection="layout:xla:default") for name in ("a", "b")]
RANDOM = layout_graph("a", "valid", costs=(0, 40, 10)).replace(collection="layout:nlp:random")
KERNEL = tile_graph("kernel", "valid").replace(collection="tile:xla")
TRAIN = [
    layout_graph("c").replace(collection="layout:xla:default"),
    tile_graph("other").replace(collection="tile:xla"),
]
UNSEEN = HIDDEN.replace(collection="layout:xla:default", split="valid")

VALID = "g.split = 'valid'"


@dataclass
class Oracle:
    """It knows the runtimes; ``sign`` -1 turns them round."""

    name: str
    sign: int = 1

    def scores(self, record):
        return self.sign * record.configurations.runtime_ns.astype(float)


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    folder = tmp_path_factory.mktemp("competition")
    with open_empty("arcadedb", None, folder) as db:
        db.load([learning.files(folder, [*DEFAULT, RANDOM, KERNEL, *TRAIN, UNSEEN])])
        yield db


def table(found, model):
    """(metric, mean, graphs) by collection."""
    rows = [dict(zip(found.columns, row, strict=True)) for row in found]
    return {row["collection"]: (row["metric"], row["mean"], row["graphs"]) for row in rows if row["model"] == model}


def test_both_kinds_and_the_baselines_in_one_table(db):
    found = db.evaluate({"layout": Oracle("best"), "tile": Oracle("worst", -1)}, where=VALID, shown=0)
    # a tile of a * b takes 1e6 // (a * b); the five slowest have a * b of 3, 6, 9, 12, 18, the fastest 16 * 81
    slowdown = (1_000_000 // 18) / (1_000_000 // 1296) - 1
    score = table(found.competition(), "best/worst")
    assert score == {
        "layout:xla:default": ("tau", pytest.approx(1), 2),
        "layout:nlp:random": ("tau", pytest.approx(1), 1),
        "tile:xla": ("tile_score", pytest.approx(1 - slowdown), 1),
        "competition": ("mean of 3 of 5 collections", pytest.approx((1 + 1 + 1 - slowdown) / 3), 4),
    }
    assert found.absent == ("layout:xla:random", "layout:nlp:default")
    assert found.left_out == {UNSEEN.id: "hidden runtimes"}
    models = list(dict.fromkeys(row[0] for row in found.competition()))
    assert models == ["best/worst", *(name for name in BASELINES if name != "ridge")]


def test_few_shot_stands_beside(db):
    found = db.evaluate({"layout": Oracle("one"), "tile": Oracle("one")}, where=VALID, shown=10, train=None)
    assert {row[0] for row in found.competition()} == {"one", "random", "bytes", "ridge", "one+fewshot"}


def test_graphs_of_a_kind_without_a_model_are_left_out(db):
    found = db.evaluate({"layout": Oracle("best")}, where=VALID, shown=0)
    assert found.left_out[KERNEL.id] == "no model of tile configurations: --tile CHECKPOINT"
    assert table(found.competition(), "best")["competition"] == ("mean of 2 of 5 collections", pytest.approx(1), 3)
    assert found.absent == ("layout:xla:random", "layout:nlp:default", "tile:xla")


def test_the_paper_s_lists_choose_of_layouts_alone(db, tmp_path):
    (tmp_path / "xla_default.json").write_text('{"a": [0, 1, 1, 2]}')
    models = {"layout": Oracle("best"), "tile": Oracle("best")}
    found = db.evaluate(models, where=VALID, shown=0, train=None, lists=PaperLists.read(tmp_path))
    configs = {row[1]: row[2] for row in found.by_graph() if row[0] == "best"}
    assert configs == {DEFAULT[0].id: 4, KERNEL.id: 20}
    assert found.left_out.keys() == {DEFAULT[1].id, RANDOM.id, UNSEEN.id}


def test_several_of_them_are_compared(db):
    pairs = [ByKind({"layout": Oracle(name, sign), "tile": Oracle(name, sign)}) for name, sign in (("a", 1), ("b", -1))]
    found = evaluate(db.store, pairs, where=VALID, shown=0, train=None).competition()
    assert table(found, "a")["competition"][1] > table(found, "b")["competition"][1]


def test_no_graph_of_the_competition():
    own = judge(layout_graph("own"), Oracle("best").scores(layout_graph("own")))
    with pytest.raises(NotFoundError, match="no graph was judged that is of the competition's layout:xla:default, "):
        Evaluation({"best": [own]}, {}).competition()


def test_one_model_is_not_for_both_kinds(db):
    with pytest.raises(UsageError, match=r"found both; --where .* --layout and --tile take both"):
        db.evaluate([Oracle("one")], where=VALID, shown=0)


@dataclass
class Thrifty(Oracle):
    """It notes which configurations it is asked for."""

    asked: dict = field(default_factory=dict)

    def scores_of(self, record, among):
        self.asked[record.id] = among.tolist()
        return self.scores(record)[among]


def test_only_what_is_judged_or_shown_is_scored(db, tmp_path):
    (tmp_path / "xla_default.json").write_text('{"a": [5, 3, 3, 9]}')
    lists, model = PaperLists.read(tmp_path), Thrifty("best")
    found = db.evaluate({"layout": model}, where=VALID, shown=0, train=None, lists=lists)
    assert model.asked == {DEFAULT[0].id: [3, 5, 9]}
    assert table(found.competition(), "best")["layout:xla:default"] == ("tau", pytest.approx(1), 1)
    with_shown = db.evaluate({"layout": model}, where=f"g.id = '{DEFAULT[1].id}'", shown=10, train=None)
    assert model.asked[DEFAULT[1].id] == list(range(27))
    assert table(with_shown.competition(), "best+fewshot")["layout:xla:default"][1] > 0.9
