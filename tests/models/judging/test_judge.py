import math
from dataclasses import replace

import numpy as np
import pytest

from tests import graphs, real
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.models.baselines.bytes import Bytes
from tpugraph_db.models.judging.judge import judge, scores_among

SCORES = np.array([4.0, 1.0, 3.0, 2.0])


def test_layouts_by_hand():
    # values 30, 10, 20, 30: five pairs differ, of which 2 and 3 are the wrong way round
    judged = judge(graphs.diamond(), SCORES)
    assert (judged.graph, judged.collection) == ("layout:test:default/valid/diamond", "layout:test:default")
    assert (judged.configs, judged.distinct, judged.repeat_tau) == (4, 3, None)
    assert judged.tau == pytest.approx(3 / math.sqrt(6 * 5))
    assert judged.tau_within == pytest.approx(judged.tau)  # every configuration constrains both ops
    assert judged.opa == pytest.approx(4 / 5)
    assert judged.slowdown == {1: 0, 5: 0, 10: 0, 100: 0}
    assert judged.tile_score is None


def test_tiles_by_hand():
    # values 5, 3, 3: both pairs that differ are the wrong way round
    judged = judge(graphs.two_computations(), np.array([1.0, 2.0, 3.0]))
    assert judged.tau == pytest.approx(-2 / math.sqrt(3 * 2))
    assert (judged.opa, judged.tile_score, judged.tau_within) == (0, 1, None)
    assert judged.slowdown[1] == pytest.approx(5 / 3 - 1)


def test_the_second_run_by_hand():
    # values 30, 40, 20 and one not run again: only the pair 0, 2 is the right way round
    twice = replace(graphs.diamond().configurations, repeat_runtime_ns=np.array([30, 40, 20, 0]))
    judged = judge(graphs.diamond().replace(configurations=twice), SCORES, truth="repeat")
    assert judged.tau == pytest.approx(-1 / 3)
    assert judged.repeat_tau == pytest.approx(-1 / 3)
    assert (judged.configs, judged.distinct, judged.slowdown[1]) == (3, 3, 1)


def test_among_a_list_that_repeats_a_number():
    # 0, 0 and 1: the pairs 0, 1 count twice, and are right
    judged = judge(graphs.diamond(), SCORES, among=np.array([0, 1, 0]))
    assert (judged.configs, judged.distinct, judged.tau, judged.opa) == (3, 2, 1, 1)


def test_within_strata_by_hand():
    # the two that constrain one op are the right way round, the two that constrain both are not
    rows = [[[1], [-1]], [[2], [-1]], [[1], [1]], [[2], [2]]]
    record = graphs.diamond().replace(configurations=graphs.layouts([1, 2], rows, [10, 20, 40, 30]))
    judged = judge(record, np.array([1.0, 2.0, 3.0, 4.0]))
    assert (judged.tau, judged.tau_within) == (pytest.approx(4 / 6), 0)
    assert judge(record, np.array([1.0, 2.0, 3.0, 4.0]), among=np.array([1, 2, 0])).tau_within == 1


def test_the_ceiling_is_that_of_the_configurations_judged():
    twice = replace(graphs.diamond().configurations, repeat_runtime_ns=np.array([30, 40, 20, 0]))
    judged = judge(graphs.diamond().replace(configurations=twice), SCORES, among=np.array([0, 2]))
    assert judged.repeat_tau == 1


def test_ties_go_by_number_however_the_list_is_ordered():
    judged = judge(graphs.diamond(), np.zeros(4), among=np.array([2, 1, 3]))
    assert judged.slowdown[1] == 0  # configuration 1, the best
    assert (judged.tau, judged.opa) == (0, 0.5)


def test_unmeasured_configurations_are_not_ranked():
    configurations = replace(graphs.diamond().configurations, runtime_ns=np.array([30, 0, 20, 0]))
    judged = judge(graphs.diamond().replace(configurations=configurations), SCORES)
    assert (judged.configs, judged.tau) == (2, 1)


def test_permuted_configurations_get_the_same_figures():
    layouts = graphs.diamond().configurations
    order = np.array([2, 0, 3, 1])
    changed = replace(layouts, runtime_ns=layouts.runtime_ns[order], codes=layouts.codes[order])
    assert judge(graphs.diamond().replace(configurations=changed), SCORES[order]) == judge(graphs.diamond(), SCORES)


def test_what_cannot_be_graded_is_refused_by_name():
    hidden = replace(graphs.diamond().configurations, runtime_ns=np.zeros(4, np.int64))
    with pytest.raises(UsageError, match="layout:test:default/valid/diamond cannot be graded: hidden runtimes"):
        judge(graphs.diamond().replace(configurations=hidden), SCORES)


@pytest.mark.parametrize("among", [[0, 3], [1], []])
def test_a_list_without_an_order_is_refused(among):
    with pytest.raises(UsageError, match=f"no order among the {len(among)} configurations asked for"):
        judge(graphs.diamond(), SCORES, among=np.array(among, np.int64))


@pytest.mark.parametrize(("among", "found"), [([0, 4], "0-4"), ([-1, 2], "-1-2")])
def test_numbers_of_no_configuration_are_refused(among, found):
    with pytest.raises(UsageError, match=f"expected configuration numbers below 4, found {found}"):
        judge(graphs.diamond(), SCORES, among=np.array(among))


@pytest.mark.parametrize(
    ("scores", "found"),
    [(SCORES[:3], r"shape \(3,\)"), (np.array([1, np.nan, 2, np.inf]), "2 that are not finite")],
)
def test_scores_that_are_none(scores, found):
    with pytest.raises(DataError, match=f"diamond: scores: expected 4 finite numbers, found {found}"):
        judge(graphs.diamond(), scores)


def test_a_real_graph_judged_by_itself(data):
    record = real.record(data, "unet3d")
    judged = judge(record, record.configurations.value)
    assert (judged.configs, judged.distinct) == (1_159, 681)
    assert judged.tau == judged.tau_within == judged.opa == pytest.approx(1)
    assert set(judged.slowdown.values()) == {0.0}


def test_what_is_not_ranked_need_not_be_scored():
    scores = np.where(np.isin(np.arange(4), [1, 2]), SCORES, np.nan)
    assert judge(graphs.diamond(), scores, among=np.array([1, 2])) == judge(
        graphs.diamond(), SCORES, among=np.array([1, 2])
    )
    with pytest.raises(DataError, match="1 that are not finite"):
        judge(graphs.diamond(), scores, among=np.array([1, 2, 3]))


class Part:
    name = "part"

    def scores(self, record):
        raise AssertionError("asked for all")

    def scores_of(self, record, among):
        return among * 10.0


def test_scores_of_those_that_are_asked_for():
    assert scores_among(Part(), graphs.diamond(), np.array([3, 1, 3])).tolist() == pytest.approx(
        [np.nan, 10, np.nan, 30], nan_ok=True
    )
    whole = scores_among(Bytes(), graphs.diamond(), np.array([3]))
    assert whole.tolist() == Bytes().scores(graphs.diamond()).tolist()
