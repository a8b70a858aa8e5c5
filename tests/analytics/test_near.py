"""Ops around an op, and ops by what people call them."""

from __future__ import annotations

import pytest

from tests import graphs
from tpugraph_db.analytics.find_op import find_op
from tpugraph_db.analytics.near import near, reached
from tpugraph_db.errors import NotFoundError


def seen(result):
    return [(row["op"], row["distance"], row["way"]) for row in result.to_dicts()]


def test_both_ways_of_a_diamond():
    assert seen(near(graphs.diamond(), 1)) == [(1, 0, "itself"), (0, 1, "in"), (3, 1, "out"), (2, 2, "beside")]
    assert seen(near(graphs.diamond(), 1, 1)) == [(1, 0, "itself"), (0, 1, "in"), (3, 1, "out")]
    assert seen(near(graphs.diamond(), 1, 0)) == [(1, 0, "itself")]


def test_one_way():
    assert seen(near(graphs.diamond(), 3, 2, "in")) == [(3, 0, "itself"), (1, 1, "in"), (2, 1, "in"), (0, 2, "in")]
    assert seen(near(graphs.diamond(), 0, 9, "out")) == [(0, 0, "itself"), (1, 1, "out"), (2, 1, "out"), (3, 2, "out")]
    assert seen(near(graphs.diamond(), 3, 9, "out")) == [(3, 0, "itself")]


def test_calls_are_edges():
    # 0 and 1 feed 2, which the reduce 6 calls
    assert reached(graphs.two_computations(), 6, 2, "in") == {6: 0, 2: 1, 4: 1, 5: 1, 0: 2, 1: 2}


def test_some_opcodes_are_not_looked_past():
    assert reached(graphs.chain(), 0, 9, "out", ["tanh"]) == {0: 0, 1: 1, 2: 2}
    assert reached(graphs.chain(), 2, 9, "out", ["tanh"]) == {2: 0, 3: 1}


@pytest.mark.parametrize(("op", "index"), [("erf.1", 8), ("%erf.1", 8), ("8", 8), (8, 8), ("0", 0)])
def test_an_op_by_name_or_index(op, index):
    assert find_op(graphs.lowered(), op) == index


@pytest.mark.parametrize(
    ("record", "op", "message"),
    [
        (graphs.lowered(), "erf", "hlo:test/train/lowered has no op 'erf'; did you mean erf.1"),
        (graphs.lowered(), 11, "hlo:test/train/lowered has no op 11: expected 0 to 10"),
        (graphs.chain(), "tanh", "its source has no names; give an index"),
        (graphs.chain(), "-1", "its source has no names"),
    ],
)
def test_no_such_op(record, op, message):
    with pytest.raises(NotFoundError, match=message):
        find_op(record, op)
