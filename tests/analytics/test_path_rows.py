"""The critical path as rows."""

from __future__ import annotations

import numpy as np
import pytest

from tests import graphs
from tpugraph_db.analytics.figures import Figure
from tpugraph_db.analytics.near import fewest_edges
from tpugraph_db.analytics.path_rows import path_between, path_rows, slack_rows
from tpugraph_db.errors import NotFoundError, UsageError


def of(*values, totals=True):
    array = np.array(values, np.float64)
    return Figure("cost", "", "modelled", array, array if totals else None)


DIAMOND = of(1, 5, 3, 2)
TWO = of(1, 2, 4, 1, 3, 0, 7, 1)


def seen(result, *names):
    return [tuple(row[name] for name in names) for row in result.to_dicts()]


def test_op_after_op():
    rows = path_rows(graphs.diamond(), DIAMOND)
    assert seen(rows, "step", "op", "opcode", "cost", "share", "finish", "provenance") == [
        (0, 0, "parameter", 1, 1 / 8, 1, "modelled"),
        (1, 1, "convolution", 5, 5 / 8, 6, "modelled"),
        (2, 3, "add", 2, 2 / 8, 8, "modelled"),
    ]


def test_the_next_dearest():
    assert seen(path_rows(graphs.diamond(), DIAMOND, count=2), "path", "op") == [
        *[(0, op) for op in (0, 1, 3)],
        *[(1, op) for op in (0, 2, 3)],
    ]


def test_it_begins_where_the_program_does():
    assert seen(path_rows(graphs.two_computations(), TWO), "op") == [(4,), (6,), (7,)]
    assert seen(path_rows(graphs.two_computations(), TWO, computation=0), "op") == [(1,), (2,)]
    assert seen(path_rows(graphs.lowered(), of(*[1] * 11)), "op") == [(5,), (7,), (8,), (9,), (10,)]


def test_fewest_edges():
    # 0 -> 1 -> 2 -> 3 and 0 -> 3 of which the long way is the dearer
    record = graphs.make_record("short", [("parameter", "f32[]")] * 4, [(1, 0), (2, 1), (3, 2), (3, 0)])
    figure = of(1, 1, 1, 1)
    assert seen(path_between(record, figure, 0, 3), "op") == [(0,), (1,), (2,), (3,)]
    assert seen(path_between(record, figure, 0, 3, fewest=True), "op", "finish") == [(0, 1), (3, 2)]
    # of two ways of equal length the smaller indices; calls are edges
    assert fewest_edges(graphs.diamond(), 0, 3) == [0, 1, 3]
    assert fewest_edges(graphs.two_computations(), 0, 6) == [0, 2, 6]
    assert fewest_edges(graphs.diamond(), 3, 3) == [3]
    with pytest.raises(NotFoundError, match="no data flows from op 3 to op 0; it flows from 0 to 3"):
        path_between(graphs.diamond(), DIAMOND, 3, 0, fewest=True)


def test_what_is_not_known_counts_as_nothing():
    assert seen(path_rows(graphs.chain(), of(1, np.nan, 2, 3)), "op", "cost") == [(0, 1), (1, 0), (2, 2), (3, 3)]


def test_between_two_ops():
    assert seen(path_between(graphs.diamond(), DIAMOND, 1, 3), "op", "finish") == [(1, 5), (3, 7)]
    with pytest.raises(NotFoundError, match="no data flows from op 3 to op 1; it flows from 1 to 3"):
        path_between(graphs.diamond(), DIAMOND, 3, 1)
    with pytest.raises(NotFoundError, match=r"no data flows from op 1 to op 2$"):
        path_between(graphs.diamond(), DIAMOND, 1, 2)


def test_slack():
    rows = slack_rows(graphs.diamond(), DIAMOND)
    assert seen(rows, "op", "cost", "slack", "finish") == [(1, 5, 0, 6), (3, 2, 0, 8), (0, 1, 0, 1), (2, 3, 2, 4)]
    assert (len(slack_rows(graphs.diamond(), DIAMOND, count=2)), rows.total) == (2, 4)


def test_no_such_computation():
    with pytest.raises(NotFoundError, match="has no computation 2: expected 0 to 1"):
        path_rows(graphs.two_computations(), TWO, computation=2)


def test_a_ratio_has_no_path():
    with pytest.raises(UsageError, match="cost is no sum, and so has no path"):
        path_rows(graphs.diamond(), of(1, 2, 3, 4, totals=False))
