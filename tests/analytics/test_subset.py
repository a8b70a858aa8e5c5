"""Some ops of a graph, whatever chooses them."""

from __future__ import annotations

import pytest

from tests import graphs
from tpugraph_db.analytics.subset import choose_ops
from tpugraph_db.errors import NotFoundError, UsageError


def test_nothing_chooses():
    assert choose_ops(graphs.chain()) is None


def test_around_an_op():
    assert choose_ops(graphs.chain(), near=0).tolist() == [0, 1, 2]
    assert choose_ops(graphs.chain(), near=3, hops=1).tolist() == [2, 3]
    assert choose_ops(graphs.lowered(), near="%erf.1", hops=0).tolist() == [8]


def test_a_matcher_is_any_callable():
    def pairs(record):
        return [[3, 1], (1, 0)] if len(record) == 4 else []

    assert choose_ops(graphs.diamond(), match=pairs).tolist() == [0, 1, 3]
    with pytest.raises(NotFoundError, match="there is no op of it"):
        choose_ops(graphs.lowered(), match=pairs)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"near": 1, "cypher": "RETURN 1"}, "give one of them"),
        ({"hops": 2}, "give --near OP too"),
        ({"cypher": "RETURN 1"}, "is a file: tpudb load it first"),
    ],
)
def test_what_goes_together(given, message):
    with pytest.raises(UsageError, match=message):
        choose_ops(graphs.chain(), **given)
