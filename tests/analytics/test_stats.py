"""Stats of literal graphs, whose numbers are worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests import graphs
from tests.analytics.made import layers
from tpugraph_db.analytics.cost import weighted_sum
from tpugraph_db.analytics.stats import COLUMNS, stats
from tpugraph_db.errors import NotFoundError


def rows(*given, **options):
    return stats(*given, **options).to_dicts()


def some(row, *names):
    return tuple(row[name] for name in names)


def test_a_whole_graph():
    (row,) = rows(graphs.lowered())
    assert tuple(row) == COLUMNS
    # sum 0-2, fused 3-4, main 5-10; 3 -> 4 -> 7 -> 8 -> 9 -> 10 is the longest way; 0, 1, 3, 5, 6 are fed by nothing
    assert some(row, "ops", "edges", "depth", "width") == (11, 11, 5, 5)
    assert row["opcodes"] == "parameter 4, add 1, constant 1, erf 1, fusion 1, multiply 1 and 2 others"
    # 32 products of the fusion's body; 28 additions, 8 to 1 in each of 4 rows
    assert some(row, "flops", "flops_known", "flops_share", "cost_share") == (60, 11, 1, pytest.approx(1))
    assert some(row, "bytes_in", "bytes_out", "configurable") == (0, 0, 0)
    assert row["provenance"] == "structural; cost, cost_share modelled"


def test_what_crosses_the_border():
    record = graphs.diamond()
    (row,) = rows(record, np.array([1, 3]))
    # in: 0, f32[4,8], used by 1, and 2, f32[4,16], used by 3; out: nothing uses 3, and 1 is used inside
    assert some(row, "ops", "edges", "bytes_in", "bytes_out") == (2, 1, 128 + 256, 0)
    assert some(row, "configurable", "configurable_share") == (1, 0.5)
    cost = weighted_sum(record.features)
    assert row["cost_share"] == pytest.approx((cost[1] + cost[3]) / cost.sum())
    # an npz lost the dimensions that a convolution contracts
    assert some(row, "flops", "flops_known") == (1, 1)
    # each output once, however many use it
    assert some(rows(record, np.array([1, 2]))[0], "bytes_in", "bytes_out") == (128, 1024 + 256)
    assert some(rows(record, np.array([0]))[0], "bytes_in", "bytes_out") == (0, 128)


def test_calls_cross_it_too():
    found = {row["computation"]: row for row in rows(graphs.two_computations(), by="computation")}
    assert some(found[0], "ops", "edges", "depth", "width", "bytes_out") == (4, 3, 1, 2, 4)
    assert some(found[1], "ops", "edges", "depth", "width", "bytes_in") == (4, 3, 2, 2, 4)


def test_groups_come_dearest_first_and_add_up():
    record = graphs.lowered()
    result = stats(record, by="computation")
    assert [row[0] for row in result] == ["main", "fused", "sum"]
    (whole,) = rows(record)
    for name in ("ops", "flops", "bytes_accessed", "cost"):
        assert sum(row[name] for row in result.to_dicts()) == pytest.approx(whole[name])
    cut = stats(record, by="opcode", count=2)
    assert (len(cut), cut.total) == (2, 8)


def test_groups_of_a_part():
    found = {row["source"]: row["ops"] for row in rows(graphs.lowered(), np.array([7, 8, 9]), by="source")}
    assert found == {None: 1, "/home/me/model.py:12": 1, "/home/me/model.py:13": 1}


def test_blocks():
    found = {row["block"]: row for row in rows(layers(4), by="block")}
    assert len(found) == 2
    assert found[0]["ops"] == 12
    assert found[0]["opcodes"] == "add 4, dot 4, tanh 4"


def test_no_edges_and_one_op():
    (row,) = rows(graphs.chain(), np.array([2]))
    assert some(row, "ops", "edges", "depth", "width", "bytes_in", "bytes_out") == (1, 0, 0, 1, 4096, 4096)


def test_no_such_group():
    with pytest.raises(NotFoundError, match=r"no group 'opcodes'; there is .*did you mean opcode"):
        stats(graphs.chain(), by="opcodes")
