"""Graphs in pieces must be the graphs that they are in one."""

import pytest

import tpugraph_db
from tests import graphs
from tpugraph_db.errors import LostChangeError
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores import neo4j_load
from tpugraph_db.stores.change import Change, add_graphs, remove_graph

TWO = graph_rows(graphs.two_computations(), "payload-of-two")
LOWERED = graph_rows(graphs.lowered(), "payload-of-lowered")
NODES = "MATCH (n) WHERE NOT n:Store RETURN labels(n) AS labels, properties(n) AS p ORDER BY coalesce(n.uid, n.id)"
EDGES = (
    "MATCH (a)-[r]->(b) RETURN coalesce(a.uid, a.id) AS a, type(r) AS r, r.kind AS kind, coalesce(b.uid, b.id) AS b "
    "ORDER BY a, r, kind, b"
)


@pytest.fixture
def db(neo4j, tmp_path, monkeypatch):
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path))
    with tpugraph_db.open(neo4j.uri) as database:
        database.store.write([("MATCH (n) DETACH DELETE n", {})])
        database.load([])
        yield database


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(neo4j_load, "TRANSACTION_ELEMENTS", 9)
    monkeypatch.setattr(neo4j_load, "LARGE_ELEMENTS", 1)
    monkeypatch.setattr(neo4j_load, "PIECE_VALUES", 2)


def content(db):
    return db.query(NODES).rows, db.query(EDGES).rows


@pytest.mark.parametrize("graph", [TWO, LOWERED], ids=["two", "lowered"])
def test_pieces_make_the_same_graph(db, small_pieces, monkeypatch, graph):
    add_graphs(db.store, [graph])
    in_pieces = content(db)
    assert len(list(neo4j_load.pieces(graph, "x"))) > 6
    remove_graph(db.store, graph.id)
    monkeypatch.undo()
    add_graphs(db.store, [graph])
    assert content(db) == in_pieces


def test_halved_pieces_make_the_same_graph(db, monkeypatch):
    monkeypatch.setattr(neo4j_load, "LARGE_ELEMENTS", 1)
    with Change(db.store, {LOWERED.id: []}) as change:
        pieces = neo4j_load.pieces(LOWERED, change.owner)
        halved = set()
        for part in pieces:
            text = part.statements[0][0]
            if text not in halved and pieces.halve():
                halved.add(text)
                continue
            db.store.write(part.statements, fence=part.fence)
        change.graphs.clear()
    assert len(halved) == 3  # computations, ops, edges
    in_halves = content(db)
    remove_graph(db.store, LOWERED.id)
    monkeypatch.undo()
    add_graphs(db.store, [LOWERED])
    assert content(db) == in_halves


def test_a_piece_that_got_through_is_not_done_twice(db, small_pieces):
    with Change(db.store, {TWO.id: []}) as change:
        for part in neo4j_load.pieces(TWO, change.owner):
            for _ in range(2):  # as the driver does when the answer is lost
                db.store.write(part.statements, fence=part.fence)
        change.graphs.clear()
    ops, edges = len(TWO.ops["uid"]), len(TWO.feeds) + len(TWO.called_by)
    assert db.query("MATCH (o:Op) RETURN count(o)").rows == [(ops,)]
    assert db.query("MATCH (:Op)-[r]->(:Op) RETURN count(r)").rows == [(edges,)]


def test_a_whole_graph_that_got_through_is_not_done_twice(db):
    with Change(db.store, {TWO.id: []}) as change:
        part = neo4j_load.whole([TWO], change.owner)
        db.store.write(part.statements, fence=part.fence)
        once = content(db)
        db.store.write(part.statements, fence=part.fence)
        assert content(db) == once
        change.graphs.clear()


def test_a_piece_out_of_order_is_refused(db, small_pieces):
    with Change(db.store, {TWO.id: []}) as change:
        second = list(neo4j_load.pieces(TWO, change.owner))[1]
        with pytest.raises(LostChangeError):
            db.store.write(second.statements, fence=second.fence)


def test_the_graph_is_not_there_before_its_last_piece(db, small_pieces):
    with Change(db.store, {TWO.id: []}) as change:
        *parts, last = neo4j_load.pieces(TWO, change.owner)
        for part in parts:
            db.store.write(part.statements, fence=part.fence)
            assert db.query("MATCH (g:Graph) RETURN g").rows == []
        db.store.write(last.statements, fence=last.fence)
        change.graphs.clear()
    assert db.query("MATCH (g:Graph) RETURN g.id").rows == [(TWO.id,)]


def test_small_graphs_share_a_transaction(monkeypatch):
    groups = list(neo4j_load.group([TWO] * 5))
    assert [len(group) for group in groups] == [5]
    monkeypatch.setattr(neo4j_load, "TRANSACTION_ELEMENTS", 2 * TWO.elements)
    assert [len(group) for group in neo4j_load.group([TWO] * 5)] == [2, 2, 1]
    monkeypatch.setattr(neo4j_load, "LARGE_ELEMENTS", 1)
    assert [len(group) for group in neo4j_load.group([TWO] * 3)] == [1, 1, 1]
