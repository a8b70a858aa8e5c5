import numpy as np
import pytest

from tests import graphs
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.kendall import tau_b
from tpugraph_db.models.baselines import gbdt
from tpugraph_db.models.baselines.gbdt import Gbdt
from tpugraph_db.models.features.config_features import config_features

pytest.importorskip("lightgbm")


@pytest.fixture(scope="module")
def trained():
    return Gbdt.fit([layout_graph(f"g{i}") for i in range(4)])


def test_it_ranks_a_graph_like_those_that_it_learned_from(trained):
    unseen = layout_graph("unseen", costs=(0, 10, 30))
    assert tau_b(trained.scores(unseen), unseen.configurations.value) > 0.7


def test_lambdarank_does_too():
    trained = Gbdt.fit([layout_graph(f"g{i}") for i in range(4)], objective="lambdarank")
    assert tau_b(trained.scores(layout_graph()), layout_graph().configurations.value) > 0.7


def test_it_ranks_tiles():
    trained = Gbdt.fit([tile_graph(f"k{i}") for i in range(4)])
    assert tau_b(trained.scores(tile_graph()), tile_graph().configurations.value) > 0.7


def test_the_same_seed_makes_the_same_trees(trained):
    again = Gbdt.fit([layout_graph(f"g{i}") for i in range(4)])
    assert again.to_text() == trained.to_text()
    assert Gbdt.fit([layout_graph(f"g{i}") for i in range(4)], seed=1).to_text() != trained.to_text()


def test_text_there_and_back_keeps_every_score(trained):
    text = trained.to_text()
    back = Gbdt.from_text(text)
    assert back.scores(layout_graph()).tolist() == trained.scores(layout_graph()).tolist()
    assert back.columns == trained.columns == config_features(layout_graph()).columns


def test_rounds_are_counted():
    seen = []
    Gbdt.fit([layout_graph()], on_round=lambda done, total: seen.append((done, total)))
    assert seen == [(done, gbdt.ROUNDS) for done in range(1, gbdt.ROUNDS + 1)]


def test_text_that_is_no_model_is_refused():
    with pytest.raises(DataError, match="gbdt: model: expected LightGBM's text format"):
        Gbdt.from_text("not a model")


def test_more_of_what_makes_slower_never_scores_faster(trained):
    features = config_features(layout_graph())
    for at in np.flatnonzero(features.slower):
        rows = np.repeat(features.values[:1], 50, axis=0)
        rows[:, at] = np.linspace(-1, 1, 50)
        assert (np.diff(trained.booster.predict(rows)) <= 1e-12).all(), features.columns[at]


def test_it_knows_the_kind_of_configurations_that_it_learned_from(trained):
    expected = "expected those of the kind and version that gbdt was trained on, found the column "
    with pytest.raises(DataError, match=f"tile:test/train/kernel: configurations: {expected}"):
        trained.scores(tile_graph())


def test_layouts_and_tiles_together_are_refused():
    with pytest.raises(UsageError, match="found both"):
        Gbdt.fit([layout_graph(), tile_graph()])


def test_graphs_without_an_order_are_refused():
    with pytest.raises(
        UsageError, match="expected graphs whose configurations can be ranked to train gbdt on, found 1"
    ):
        Gbdt.fit([graphs.chain()])


def test_relevance_falls_in_even_steps_of_rank_and_repeats_are_one_row():
    configurations = graphs.layouts([0], [[[1, 0]], [[0, 1]], [[-1]], [[1, 0]]], [100, 300, 200, 100])
    record = graphs.make_record("r", [("dot", "f32[4,8]{1,0}")], [], configurations=configurations)
    table, relevance, groups = gbdt._rows([record], [config_features(record)], np.random.default_rng(0))
    assert groups.tolist() == [3]
    assert sorted(relevance.tolist()) == [0, 15, 30]
    assert table.shape == (3, len(config_features(record).columns))


def test_large_graphs_are_cut_into_groups(monkeypatch):
    monkeypatch.setattr(gbdt, "GROUP", 10)
    record = layout_graph()
    groups = gbdt._rows([record], [config_features(record)], np.random.default_rng(0))[2]
    assert groups.tolist() == [9, 9, 9]


class Ranked:
    """A data set of two groups, of two rows and one."""

    def get_label(self):
        return np.array([30.0, 0.0, 15.0])

    def get_group(self):
        return np.array([2, 1])


def test_the_pairwise_gradient_by_hand():
    # row 0 is the faster: log(1 + exp(s1 - s0)) at s0 - s1 = log 3 has slope -1/4 and second derivative 3/16; the mean
    # over both places of a row halves them; a row alone has nothing to learn
    gradient, second = gbdt._pairwise(np.array([np.log(3), 0.0, 5.0]), Ranked())
    assert gradient.tolist() == pytest.approx([-1 / 8, 1 / 8, 0])
    assert second.tolist() == pytest.approx([3 / 32, 3 / 32, 0])
