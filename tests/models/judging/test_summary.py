import pytest

from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.judge import Judged
from tpugraph_db.models.judging.summary import by_graph, summary


def layout(graph, tau, repeat_tau=None):
    slowdown = {1: 0.5, 5: 0.25, 10: 0.125, 100: 0.0}
    return Judged(graph, "layout:xla:default", 9, 8, repeat_tau, tau, tau / 2, (1 + tau) / 2, slowdown, None)


def tile(graph, score):
    return Judged(graph, "tile:xla", 9, 9, None, 0.1, None, 0.55, dict.fromkeys((1, 5, 10, 100), 1 - score), score)


def test_by_graph_averages_seeds():
    judged = [layout("a", 0.25), layout("b", 1.0), layout("a", 0.75)]
    assert by_graph(judged, "tau") == {"a": 0.5, "b": 1.0}
    assert by_graph(judged, "slowdown@5") == {"a": 0.25, "b": 0.25}


def test_a_graph_without_the_metric_is_not_there():
    judged = [layout("a", 0.25, repeat_tau=0.75), layout("b", 1.0), tile("c", 0.5)]
    assert by_graph(judged, "repeat_tau") == {"a": 0.75}
    assert by_graph(judged, "tile_score") == {"c": 0.5}


def test_an_unknown_metric_names_near_ones():
    with pytest.raises(UsageError, match=r"no metric 'tua'; there is tau, .*; did you mean tau"):
        by_graph([layout("a", 0.25)], "tua")


def test_the_table_has_a_row_for_each_metric_that_some_graph_has():
    rows = {row.metric: row for row in summary([layout("a", 0.0), layout("b", 1.0), layout("b", 1.0)])}
    assert list(rows) == [
        *("tau", "tau_within", "opa", "slowdown@1", "slowdown@5", "slowdown@10", "slowdown@100"),
    ]
    assert rows["tau"][1:] == (0.5, 0, 1, 2)  # two graphs, though three were judged
    assert rows["opa"][1:] == (0.75, 0.5, 1, 2)
    assert rows["slowdown@10"][1:] == (0.125, 0.125, 0.125, 2)


def test_no_graphs_no_rows():
    assert summary([]) == []
