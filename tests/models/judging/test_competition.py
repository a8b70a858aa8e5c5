import math

import numpy as np
import pytest

from tpugraph_db.models.judging.competition import COLLECTIONS, competition
from tpugraph_db.models.judging.judge import Judged


def layout(graph, tau, collection="layout:xla:default", repeat_tau=None):
    return Judged(graph, collection, 9, 8, repeat_tau, tau, tau / 2, (1 + tau) / 2, {5: 0.25}, None)


def tile(graph, score):
    """Its tau is not what a tile is judged by."""
    return Judged(graph, "tile:xla", 9, 9, None, -1.0, None, 0.55, {5: 1 - score}, score)


ALL = [
    *(tile("t1", 1.0), tile("t2", 0.5)),
    *(layout("a", 0.25, repeat_tau=0.5), layout("b", 0.75)),
    *(layout("c", 0.25, "layout:xla:random"), layout("d", 0.75, "layout:xla:random")),
    *(layout("e", -0.5, "layout:nlp:default"), layout("f", 0.0, "layout:nlp:default")),
    *(layout("g", 1.0, "layout:nlp:random"), layout("h", 1.0, "layout:nlp:random")),
    layout("own", -1.0, "layout:cpu:random"),
]


def test_by_hand():
    score = competition(ALL)
    assert {name: one.mean for name, one in score.collections.items()} == {
        "layout:xla:default": 0.5,
        "layout:xla:random": 0.5,
        "layout:nlp:default": -0.25,
        "layout:nlp:random": 1.0,
        "tile:xla": 0.75,
    }
    assert score.mean.mean == pytest.approx((0.5 + 0.5 - 0.25 + 1 + 0.75) / 5)
    assert score.mean.graphs == 10  # the graph of another collection is no part of it
    assert score.absent == ()
    assert score.collections["layout:nlp:random"] == (1, 1, 1, 2)
    assert -0.5 / 5 + 0.25 * 4 / 5 <= score.mean.low < score.mean.mean < score.mean.high <= (0.75 * 2 + 0 + 1 + 1) / 5


def test_rows():
    rows = competition(ALL).rows()
    assert [row.collection for row in rows] == [*COLLECTIONS, "competition"]
    assert [row.metric for row in rows] == [*["tau"] * 4, "tile_score", "mean of 5 of 5 collections"]
    assert [row.repeat_tau for row in rows] == [0.5, None, None, None, None, None]
    assert [row.graphs for row in rows] == [2, 2, 2, 2, 2, 10]


def test_collections_weigh_the_same_whatever_their_sizes():
    many = [layout(str(number), 1.0) for number in range(99)]
    assert competition([*many, layout("one", 0.0, "layout:xla:random")]).mean.mean == 0.5


def test_absent_collections_are_named():
    score = competition([tile("t", 0.5), layout("a", 0.25)])
    assert score.mean.mean == 0.375
    assert np.isnan(score.mean.low)  # one graph says nothing of others
    assert score.absent == ("layout:xla:random", "layout:nlp:default", "layout:nlp:random")
    assert score.rows()[-1][:3] == ("competition", "mean of 2 of 5 collections", 0.375)


def test_of_nothing():
    score = competition([layout("own", 1.0, "layout:cpu:random")])
    assert math.isnan(score.mean.mean)
    assert (score.absent, dict(score.collections)) == (COLLECTIONS, {})
