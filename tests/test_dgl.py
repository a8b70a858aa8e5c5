import importlib
import sys

import pytest
from hypothesis import given, settings

from tests import graphs, real, strategies
from tpugraph_db import from_dgl
from tpugraph_db.errors import UsageError

if sys.version_info >= (3, 12):
    pytest.skip("DGL 1.1.3 has no wheel for Python 3.12 and later", allow_module_level=True)
dgl = importlib.import_module("dgl")

LITERAL = pytest.mark.parametrize(
    "record", [graphs.chain(), graphs.diamond(), graphs.two_computations()], ids=["chain", "diamond", "two"]
)


@LITERAL
def test_a_record_comes_back(record):
    assert from_dgl(record.to_dgl(), record) is record


@settings(max_examples=50)
@given(strategies.records())
def test_every_record_comes_back(record):
    assert from_dgl(record.to_dgl(), record) == record


@pytest.mark.parametrize("name", real.FILES)
def test_a_real_record_comes_back(data, name):
    record = real.record(data, name)
    graph = record.to_dgl()
    assert from_dgl(graph, record) is record
    assert (graph.num_nodes(), graph.num_edges()) == (len(record), len(record.edges))


def test_nodes_are_ops_with_opcode_and_features():
    record = graphs.diamond()
    graph = record.to_dgl()
    assert (graph.ndata["feat"].numpy() == record.features).all()
    assert graph.ndata["opcode"].tolist() == record.opcode_numbers.tolist()


def test_edges_run_from_producer_to_consumer_in_file_order_and_calls_are_marked():
    record = graphs.two_computations()
    graph = record.to_dgl()
    producers, consumers = graph.edges(order="eid")
    assert [list(pair) for pair in zip(consumers.tolist(), producers.tolist(), strict=True)] == record.edges.tolist()
    assert graph.edata["call"].tolist() == record.is_call.tolist()
    assert graph.edata["call"].sum() == 1


def test_edges_that_were_added_come_back_sorted_and_without_the_program():
    record = graphs.lowered()
    graph = record.to_dgl()
    graph.add_edges([0], [len(record) - 1])
    changed = from_dgl(graph, record)
    assert [len(record) - 1, 0] in changed.edges.tolist()
    assert changed.edges.tolist() == sorted(changed.edges.tolist())
    assert changed.program is None


def test_edges_that_were_removed_stay_away():
    record = graphs.chain()
    graph = record.to_dgl()
    graph.remove_edges(range(graph.num_edges()))
    assert from_dgl(graph, record).edges.shape == (0, 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: dgl.graph(([0], [1]), num_nodes=5), "expected the record's 4 nodes, found 5"),
        (lambda: dgl.graph(([0, 1], [1, 0]), num_nodes=4), "expected edges without a circle"),
        (
            lambda: dgl.heterograph({("a", "x", "b"): ([0], [0])}, num_nodes_dict={"a": 2, "b": 2}),
            "expected one kind of nodes and one of edges, found 2 and 1",
        ),
    ],
    ids=["a node more", "a circle", "two kinds"],
)
def test_what_is_no_record_s_graph_is_refused(make, message):
    with pytest.raises(UsageError, match=message):
        from_dgl(make(), graphs.diamond())


def test_without_dgl(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="to_dgl needs DGL"):
        graphs.chain().to_dgl()
