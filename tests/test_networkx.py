import networkx as nx
import pytest
from hypothesis import given

from tests import graphs, real, strategies
from tpugraph_db import from_networkx
from tpugraph_db.errors import UsageError

LITERAL = pytest.mark.parametrize(
    "record", [graphs.chain(), graphs.diamond(), graphs.two_computations()], ids=["chain", "diamond", "two"]
)


@LITERAL
def test_a_record_comes_back(record):
    assert from_networkx(record.to_networkx()) == record


@given(strategies.records())
def test_every_record_comes_back(record):
    assert from_networkx(record.to_networkx()) == record


@pytest.mark.parametrize("name", real.FILES)
def test_a_real_record_comes_back(data, name):
    record = real.record(data, name)
    assert from_networkx(record.to_networkx()) == record


def test_nodes_are_op_indices_with_opcode_and_features():
    record = graphs.diamond()
    graph = record.to_networkx()
    assert dict(graph.nodes("opcode")) == {0: "parameter", 1: "convolution", 2: "dot", 3: "add"}
    assert all((graph.nodes[op]["features"] == record.features[op]).all() for op in graph)


def test_edges_run_from_producer_to_consumer_and_calls_are_marked():
    assert sorted(graphs.two_computations().to_networkx().edges(data="call")) == [
        (0, 2, False),
        (1, 2, False),
        (1, 3, False),
        (2, 6, True),
        (4, 6, False),
        (5, 6, False),
        (6, 7, False),
    ]


def test_the_graph_has_the_record_s_id():
    assert graphs.chain().to_networkx().graph["id"] == "layout:test:default/train/chain"


def test_edges_that_were_added_come_back_sorted_by_consumer():
    graph = graphs.two_computations().to_networkx()
    graph.add_edge(0, 3)
    edges = [[2, 0], [2, 1], [3, 0], [3, 1], [6, 2], [6, 4], [6, 5], [7, 6]]
    assert from_networkx(graph).edges.tolist() == edges


def test_edges_that_were_removed_stay_away():
    graph = graphs.chain().to_networkx()
    graph.remove_edges_from(list(graph.edges))
    assert from_networkx(graph).edges.shape == (0, 2)


def test_only_the_edges_change():
    graph = graphs.diamond().to_networkx()
    graph.remove_edge(0, 1)
    record = from_networkx(graph)
    assert record == graphs.diamond().replace(edges=record.edges)


def test_other_edges_are_not_those_of_the_program():
    graph = graphs.lowered().to_networkx()
    assert from_networkx(graph) == graphs.lowered()
    graph.remove_edge(0, 2)
    assert from_networkx(graph).program is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda graph: nx.DiGraph(graph.edges), "needs graph.graph\\['record'\\]"),
        (lambda graph: graph.to_undirected(), "expected a networkx.DiGraph, found a Graph"),
        (lambda graph: nx.MultiDiGraph(graph), "expected a networkx.DiGraph, found a MultiDiGraph"),
        (lambda graph: graph.add_node(4) or graph, "expected the nodes 0 to 3, found 5 others"),
        (lambda graph: graph.remove_node(3) or graph, "expected the nodes 0 to 3, found 3 others"),
        (lambda graph: nx.relabel_nodes(graph, {3: "d"}), "expected the nodes 0 to 3, found 4 others"),
        (lambda graph: graph.add_edge(3, 0) or graph, "expected edges without a circle"),
    ],
    ids=["no record", "undirected", "multi", "a node more", "a node less", "other names", "a circle"],
)
def test_what_is_no_record_s_graph_is_refused(change, message):
    with pytest.raises(UsageError, match=message):
        from_networkx(change(graphs.diamond().to_networkx()))
