from dataclasses import replace

import pytest

from tests import graphs
from tests.stores.random_patterns import SmallGraph
from tpugraph_db import schema
from tpugraph_db.errors import ExistsError, TpuGraphError
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores import change
from tpugraph_db.stores.change import add_graphs, remove_graph

CONTENT = "MATCH (n) WHERE NOT n:Store RETURN labels(n)[0] AS label, count(*) ORDER BY label"
EDGES = "MATCH (a)-[r]->(b) RETURN type(r) AS type, count(*) ORDER BY type"
DIAMOND = graph_rows(graphs.diamond(), "payload-of-diamond")
TWO = graph_rows(graphs.two_computations(), "payload-of-two")
LOWERED = graph_rows(graphs.lowered(), "payload-of-lowered")


def doubled(columns, name="uid"):
    """The last node has the key of the first."""
    return {**columns, name: [*columns[name][:-1], columns[name][0]]}


BROKEN = {
    "an op's key is there twice": replace(DIAMOND, ops=doubled(DIAMOND.ops)),
    "a configuration's key is there twice": replace(DIAMOND, configs=doubled(DIAMOND.configs)),
    "an edge ends nowhere": replace(DIAMOND, feeds=DIAMOND.feeds + 100),
    "a computation's key is there twice": replace(LOWERED, computations=doubled(LOWERED.computations)),
    "a call ends nowhere": replace(LOWERED, calls=LOWERED.calls + 100),
}


def test_a_graph_is_added(db):
    add_graphs(db.store, [DIAMOND])
    assert db.query(CONTENT).rows == [("Config", 4), ("Graph", 1), ("Op", 4)]
    assert db.query(EDGES).rows == [("FEEDS", 4), ("OF", 4)]


def test_several_graphs_are_added_at_once(db):
    add_graphs(db.store, [DIAMOND, TWO])
    assert db.query(CONTENT).rows == [("Config", 7), ("Graph", 2), ("Op", 12)]
    assert db.query(EDGES).rows == [("CALLED_BY", 1), ("FEEDS", 10), ("OF", 7)]


def test_graphs_with_and_without_a_program_are_added_at_once(db):
    again = graph_rows(graphs.lowered().replace(name="again"), "payload-of-again")
    add_graphs(db.store, [LOWERED, TWO, again])
    assert db.query(CONTENT).rows == [("Computation", 6), ("Config", 3), ("Graph", 3), ("Op", 30)]
    assert db.query(EDGES).rows == [("CALLED_BY", 5), ("CALLS", 4), ("FEEDS", 24), ("IN", 22), ("OF", 3)]
    for graph in (LOWERED, again):
        inside = (
            "MATCH (o:Op {graph: $id})-[:IN]->(c:Computation) RETURN o.index, c.index, c.graph = $id ORDER BY o.index"
        )
        assert db.query(inside, {"id": graph.id}).rows == [(*pair, True) for pair in LOWERED.inside.tolist()]
        calls = (
            "MATCH (o:Op {graph: $id})-[r:CALLS]->(c) RETURN o.index, r.kind, c.index, c.graph = $id ORDER BY o.index"
        )
        assert db.query(calls, {"id": graph.id}).rows == [(7, "calls", 1, True), (9, "to_apply", 0, True)]


def test_computations_have_their_properties(db):
    add_graphs(db.store, [LOWERED])
    found = db.query("MATCH (c:Computation) RETURN properties(c) ORDER BY c.index").rows
    names = schema.COMPUTATION.property_names()
    expected = zip(*(LOWERED.computations[name] for name in names), strict=True)
    assert [row[0] for row in found] == [dict(zip(names, values, strict=True)) for values in expected]


def test_a_graph_without_edges_or_configurations(db):
    add_graphs(db.store, [SmallGraph("lonely", ["add"], []).rows()])
    assert db.query(CONTENT).rows == [("Graph", 1), ("Op", 1)]


@pytest.mark.parametrize("broken", BROKEN.values(), ids=[name.replace(" ", "-") for name in BROKEN])
def test_a_load_that_fails_leaves_nothing(db, broken):
    with pytest.raises((TpuGraphError, IndexError)):
        add_graphs(db.store, [TWO, broken])
    assert db.query(CONTENT).rows == []
    add_graphs(db.store, [TWO, DIAMOND])
    assert db.query(CONTENT).rows == [("Config", 7), ("Graph", 2), ("Op", 12)]


def test_a_load_that_fails_leaves_other_graphs_alone(db):
    add_graphs(db.store, [TWO])
    with pytest.raises(TpuGraphError):
        add_graphs(db.store, [BROKEN["an op's key is there twice"]])
    assert db.query(CONTENT).rows == [("Config", 3), ("Graph", 1), ("Op", 8)]


def test_a_graph_that_is_there_is_not_added_again(db):
    add_graphs(db.store, [DIAMOND])
    before = db.query("MATCH (n:Op) RETURN n ORDER BY n.uid").rows
    with pytest.raises(ExistsError, match="layout:test:default/valid/diamond is there already"):
        add_graphs(db.store, [TWO, DIAMOND])
    assert db.query(CONTENT).rows == [("Config", 4), ("Graph", 1), ("Op", 4)]
    assert db.query("MATCH (n:Op) RETURN n ORDER BY n.uid").rows == before


def test_remove_takes_all_of_one_graph(db):
    add_graphs(db.store, [DIAMOND, TWO])
    prediction = "MATCH (g:Graph) CREATE (:Prediction {id: g.id, graph: g.id})-[:FOR]->(g)"
    db.query(prediction, write=True)
    remove_graph(db.store, DIAMOND.id)
    assert db.query(CONTENT).rows == [("Config", 3), ("Graph", 1), ("Op", 8), ("Prediction", 1)]
    assert db.query(EDGES).rows == [("CALLED_BY", 1), ("FEEDS", 6), ("FOR", 1), ("OF", 3)]


def test_remove_takes_computations(db):
    add_graphs(db.store, [LOWERED, TWO])
    remove_graph(db.store, LOWERED.id)
    assert db.query(CONTENT).rows == [("Config", 3), ("Graph", 1), ("Op", 8)]
    assert db.query(EDGES).rows == [("CALLED_BY", 1), ("FEEDS", 6), ("OF", 3)]


def test_remove_in_pieces_takes_computations(db, monkeypatch):
    monkeypatch.setattr(change, "REMOVED_NODES", 2)
    add_graphs(db.store, [LOWERED, TWO])
    remove_graph(db.store, LOWERED.id)
    assert db.query(CONTENT).rows == [("Config", 3), ("Graph", 1), ("Op", 8)]


def test_remove_of_a_graph_that_is_not_there(db):
    add_graphs(db.store, [TWO])
    remove_graph(db.store, "none")
    assert db.query("MATCH (g:Graph) RETURN g.name").rows == [("two",)]


def test_a_removed_graph_may_be_added_again(db):
    for _ in range(3):
        add_graphs(db.store, [DIAMOND])
        remove_graph(db.store, DIAMOND.id)
    add_graphs(db.store, [DIAMOND])
    assert db.query(CONTENT).rows == [("Config", 4), ("Graph", 1), ("Op", 4)]


def test_a_replace_that_fails_leaves_no_half(db, literal_files, monkeypatch):
    db.load([literal_files])

    def fail(*_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(db.store, "add_graphs", fail)
    changed = literal_files / "npz" / "layout" / "test" / "default" / "valid"
    with pytest.raises(RuntimeError):
        db.load([changed], replace=True)
    graphs_seen = db.query("MATCH (g:Graph) RETURN g.id AS id ORDER BY id").rows
    owners = db.query("MATCH (n) WHERE n:Op OR n:Config RETURN DISTINCT n.graph AS id ORDER BY id").rows
    assert len(graphs_seen) == 2
    assert set(owners) <= set(graphs_seen)


def test_payload_that_another_graph_refers_to_is_kept(db, literal_files):
    outcomes = db.load([literal_files])
    graph, name = db.query("MATCH (g:Graph {name: 'diamond'}) RETURN g.id, g.payload").rows[0]
    db.query("CREATE (:Graph {id: 'same', payload: $name})", {"name": name}, write=True)
    db.remove([graph])
    assert (db.store.payload_folder / name).is_file()
    db.remove(["same"])
    assert not (db.store.payload_folder / name).exists()
    left = [row[0] for row in db.query("MATCH (g:Graph) RETURN g.payload")]
    assert len(left) == len(outcomes) - 1
    assert all((db.store.payload_folder / name).is_file() for name in left)
