"""Ways, slack and ways between two ops of literal graphs, as tables."""

import numpy as np
import pytest

from tests import graphs
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.path_table import between_page, computation_at, slack_page, ways_page


def opened(record):
    return Opened("g", record)


def column(page, name):
    found = page.table.column(name)
    return [found.text(row) for row in range(page.table.rows)]


def diamond():
    """Bytes of the outputs: parameter 4*8*4 = 128, convolution 4*8*16*2 = 1,024, dot 4*16*4 = 256, add 4."""
    return opened(graphs.diamond())


def test_the_critical_path_op_after_op():
    page = ways_page(diamond(), "bytes", 0, 1)
    assert column(page, "op") == ["0", "1", "3"]
    assert column(page, "step") == ["0", "1", "2"]
    assert column(page, "bytes") == ["128", "1,024", "4"]
    assert column(page, "share") == ["11.1 %", "88.6 %", "0.35 %"]
    assert column(page, "finish") == ["128", "1,152", "1,156"]
    assert column(page, "slack") == ["0", "0", "0"]
    assert page.table.ops.tolist() == [0, 1, 3]
    assert page.note == "computation 0: 3 ops, 1,156, 81.9 % of what all its ops add up to"  # 1,412 in all


def test_the_next_longest_way_and_its_slack():
    page = ways_page(diamond(), "bytes", 0, 5)
    assert column(page, "path") == ["0", "0", "0", "1", "1", "1"]
    assert column(page, "op")[3:] == ["0", "2", "3"]
    assert column(page, "slack")[3:] == ["0", "768", "0"]
    assert page.note.endswith("the shortest of 2 ways shown is 33.6 % of the first")  # 388 of 1,156


def test_slack_of_all_ops_the_tightest_first():
    page = slack_page(diamond(), "bytes", 0)
    assert column(page, "op") == ["1", "0", "3", "2"]
    assert column(page, "slack") == ["0", "0", "0", "768"]
    assert page.note.startswith("computation 0: 3 of 4 ops have no slack")


def test_between_two_ops_whichever_way_data_flows():
    there, back = (between_page(diamond(), "bytes", *ends) for ends in ((2, 3), (3, 2)))
    assert there.ends == back.ends == (2, 3)
    assert column(there, "op") == column(back, "op") == ["2", "3"]
    assert there.note == "from 2 to 3: 2 ops, 260"
    assert back.note == "data flows the other way: from 2 to 3; from 2 to 3: 2 ops, 260"
    with pytest.raises(NotFoundError, match="no data flows between op 1 and op 2, either way"):
        between_page(diamond(), "bytes", 1, 2)


def test_the_computation_of_an_op_else_the_entry():
    graph = opened(graphs.lowered())
    assert [computation_at(graph, "flops", op) for op in (None, 0, 4, 9)] == [2, 0, 1, 2]
    assert ways_page(graph, "bytes", 1, 1).note.startswith("fused: 2 ops")
    two = opened(graphs.two_computations())
    assert computation_at(two, "bytes", None) == int(graphs.two_computations().computation[7])


def test_a_figure_that_is_no_sum_has_no_path():
    with pytest.raises(UsageError, match="fanout is no sum"):
        computation_at(diamond(), "fanout", None)


def test_what_costs_nothing_has_shares_of_nothing():
    record = graphs.chain()
    page = ways_page(opened(record), "flops", 0, 1)
    assert np.isfinite(page.table.column("share").rank).all()
