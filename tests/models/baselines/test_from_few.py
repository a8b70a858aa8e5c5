"""Ridge, and another model corrected by it, as models: what they learn from, what they write, what they refuse."""

from dataclasses import replace

import numpy as np
import pytest

from tests import graphs
from tests.learning import HIDDEN
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.kendall import dense_rank, tau_b
from tpugraph_db.models.baselines.bytes import Bytes
from tpugraph_db.models.baselines.few import FewShot, Ridge
from tpugraph_db.models.baselines.from_few import QUALITY, FromFew
from tpugraph_db.models.judging.shown import draw_shown, split_shown
from tpugraph_db.models.prediction import of_scores

GRAPH = layout_graph()
MEASURED = GRAPH.configurations


class Reversed:
    """It knows the runtimes, and has everything the wrong way."""

    name, version, shown = "reversed", "7", ()

    def scores(self, record):
        return -record.configurations.runtime_ns.astype(float)

    def predict(self, record):
        return of_scores(self.name, self.version, self.scores(record), {"data": "f" * 64, "quality": 0.5})


def with_runtimes(runtimes, record=GRAPH):
    return record.replace(configurations=replace(record.configurations, runtime_ns=runtimes))


def test_ridge_is_the_row_of_eval():
    found = FromFew(count=12, seed=3).predict(GRAPH)
    shown = split_shown(MEASURED, 12, 3)[0]
    fitted = Ridge().fit(GRAPH, shown)
    assert found.configs["ridge_score"].tolist() == fitted.values.tolist()
    assert found.configs["ridge_rank"].tolist() == dense_rank(fitted.values).tolist()
    assert (found.model, found.version, found.ops) == ("ridge", "1", {})
    assert found.notes == {"shown": shown.tolist(), "quality": fitted.loo, "quality_metric": QUALITY}


def test_a_correction_is_the_row_of_eval():
    found = FromFew("mine", 12, 3, Reversed()).predict(GRAPH)
    shown = split_shown(MEASURED, 12, 3)[0]
    fitted = FewShot(Reversed()).fit(GRAPH, shown)
    assert found.configs["mine_score"].tolist() == fitted.values.tolist()
    assert tau_b(fitted.values, MEASURED.value) > 0.9 > -0.9 > tau_b(Reversed().scores(GRAPH), MEASURED.value)
    assert (found.version, found.notes["data"], found.notes["quality"]) == ("7", "f" * 64, fitted.loo)


def test_scores_are_what_is_predicted():
    model = FromFew("bytes_fewshot", 8, base=Bytes())
    assert model.scores(GRAPH).tolist() == model.predict(GRAPH).configs["bytes_fewshot_score"].tolist()


def test_nothing_is_seen_of_runtimes_that_are_not_shown():
    shown = draw_shown(MEASURED, 20, 0)
    others = np.setdiff1d(np.arange(27), shown)
    known, other = MEASURED.runtime_ns.copy(), MEASURED.runtime_ns.copy()
    other[others] = 1 + np.arange(len(others))
    for base in (None, Bytes()):
        one, same = (FromFew(base=base).scores(with_runtimes(runtimes)) for runtimes in (known, other))
        assert one.tolist() == same.tolist()


def test_all_that_is_measured_may_be_shown():
    runtimes = np.where(np.arange(27) % 3 == 0, MEASURED.runtime_ns, 0)
    found = FromFew(count=9).predict(with_runtimes(runtimes))
    assert found.notes["shown"] == list(range(0, 27, 3))
    assert len(found.configs["ridge_score"]) == 27


def test_repeats_are_shown_together():
    rows, runtimes = [[[-1]], [[1, 0]], [[0, 1]], [[2, 1]], [[1, 2]]], [1, 2, 3, 4, 5]
    configurations = graphs.layouts([0], [*rows, *rows], [*runtimes, *runtimes])
    record = graphs.make_record("r", [("dot", "f32[4,8]{1,0}")], [], configurations=configurations)
    shown = FromFew(count=4).predict(record).notes["shown"]
    assert len(shown) == 8
    assert {at % 5 for at in shown[:4]} == {at % 5 for at in shown[4:]}


def test_tiles():
    record = tile_graph()
    assert tau_b(FromFew(count=12).scores(record), record.configurations.value) > 0.9


@pytest.mark.parametrize(
    ("record", "count", "said"),
    [
        (
            GRAPH,
            28,
            "expected at least 28 distinct measured ones, which ridge learns from, found 27; --shown 27 learns",
        ),
        (graphs.diamond(), 20, "found 3; a checkpoint needs none, nor does bytes"),
        (HIDDEN, 20, "found none: all runtimes are hidden; a checkpoint needs none, nor does bytes"),
        (graphs.chain(), 20, "expected at least one, found none; the model cost ranks ops"),
    ],
)
def test_a_graph_with_too_little_to_learn_from(record, count, said):
    with pytest.raises(DataError, match=f"^{record.id}: configurations: .*{said}"):
        FromFew(count=count).predict(record)


def test_too_few_to_learn_from():
    with pytest.raises(UsageError, match="--shown: expected at least 4 configurations to learn from, found 3"):
        FromFew(count=3)
