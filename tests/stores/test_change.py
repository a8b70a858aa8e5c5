"""Marks of graphs on their way in or out: who has them, and what becomes of them when their owner is gone."""

import os
import subprocess
import sys

import pytest

from tests import graphs
from tpugraph_db import content, payload
from tpugraph_db.errors import ExistsError, LostChangeError, TooLargeError
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores import change as module
from tpugraph_db.stores.base import held
from tpugraph_db.stores.change import Change, add_graphs, sweep

DIAMOND = graph_rows(graphs.diamond(), "payload-of-diamond")
CONTENT = "MATCH (n) WHERE NOT n:Store RETURN labels(n)[0] AS label, count(*) ORDER BY label"
MARKS = "MATCH (l:Load) RETURN l.id ORDER BY l.id"
HALF = """
CREATE (:Op {uid: $id + '#0', graph: $id})-[:IN]->(:Computation {uid: $id + '/computation/0', graph: $id})
CREATE (:Config {uid: $id + '/config/0', graph: $id})
CREATE (:Load {id: $id, owner: $owner, heartbeat: timestamp() - $age, dirty: $dirty, step: 0, payloads: $payloads})
"""


@pytest.fixture(scope="module")
def gone():
    """An owner of this machine whose process has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return f"{module._machine()}:{ended.pid}:x"


def leave(db, graph, owner, age=0, dirty=True, payloads=()):
    """What a writer leaves behind that was killed in the middle."""
    values = {"id": graph, "owner": owner, "age": age, "dirty": dirty, "payloads": list(payloads)}
    db.query(HALF, values, write=True)


def test_a_change_marks_and_unmarks(db):
    with Change(db.store, {"b": [], "a": []}) as change:
        assert change.graphs == {"a", "b"}
        assert db.query(MARKS).rows == [("a",), ("b",)]
    assert db.query(MARKS).rows == []


def test_two_changes_never_have_one_graph(db):
    with Change(db.store, {"a": []}) as first, Change(db.store, {"a": [], "b": []}) as second:
        assert (first.graphs, second.graphs) == ({"a"}, {"b"})
        with pytest.raises(ExistsError, match="diamond is being loaded or removed by another process"):
            second.add([DIAMOND])


def test_a_change_that_fails_leaves_nothing(db):
    def fail():
        with Change(db.store, {DIAMOND.id: []}) as change:
            create = "CREATE (:Op {uid: 'x', graph: $id})", {"id": DIAMOND.id}
            db.store.write([create], fence=held([DIAMOND.id], change.owner))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert db.query(CONTENT).rows == []


def test_an_interrupted_change_is_left_to_the_next_one(db):
    with pytest.raises(KeyboardInterrupt), Change(db.store, {DIAMOND.id: []}):
        raise KeyboardInterrupt
    assert db.query(MARKS).rows == [(DIAMOND.id,)]
    add_graphs(db.store, [DIAMOND])
    assert db.query(CONTENT).rows == [("Config", 4), ("Graph", 1), ("Op", 4)]


def test_half_a_graph_of_a_process_that_is_gone_is_swept(db, gone):
    leave(db, "half", gone)
    sweep(db.store)
    assert db.query(CONTENT).rows == []


def test_half_a_graph_is_swept_before_it_is_loaded_again(db, gone):
    leave(db, DIAMOND.id, gone)
    add_graphs(db.store, [DIAMOND])
    assert db.query(CONTENT).rows == [("Config", 4), ("Graph", 1), ("Op", 4)]


def test_a_whole_graph_with_a_clean_mark_is_kept(db, gone):
    add_graphs(db.store, [DIAMOND])
    mark = "CREATE (:Load {id: $id, owner: $owner, heartbeat: 0, dirty: false, step: 0, payloads: []})"
    db.query(mark, {"id": DIAMOND.id, "owner": gone}, write=True)
    sweep(db.store)
    assert db.query(CONTENT).rows == [("Config", 4), ("Graph", 1), ("Op", 4)]


def test_the_payload_of_a_load_that_never_ended_is_deleted(db, gone):
    encoded = payload.encode(graphs.chain())
    content.write([encoded], db.store.payload_folder)
    leave(db, "half", gone, payloads=[encoded.name])
    sweep(db.store)
    assert not content.is_there(db.store.payload_folder, encoded.name)


@pytest.mark.parametrize(("age", "swept"), [(0, False), (module.STALE_MS - 20_000, False), (module.STALE_MS * 2, True)])
def test_of_another_machine_only_what_is_old_is_swept(db, age, swept):
    leave(db, "half", "far-away/1:1:x", age=age)
    sweep(db.store)
    assert (db.query(CONTENT).rows == []) == swept


def test_what_this_process_is_at_is_not_swept(db):
    with Change(db.store, {"a": []}):
        sweep(db.store)
        assert db.query(MARKS).rows == [("a",)]


def test_who_has_lost_a_mark_writes_nothing_more(db):
    with Change(db.store, {DIAMOND.id: []}) as change:
        db.query("MATCH (l:Load) SET l.owner = 'someone else'", write=True)
        with pytest.raises(LostChangeError, match="another process has taken over"):
            change.add([DIAMOND])
    assert db.query("MATCH (n:Op) RETURN count(n)").rows == [(0,)]
    db.query("MATCH (l:Load) DELETE l", write=True)


def test_a_long_removal_comes_in_pieces(db, monkeypatch):
    add_graphs(db.store, [DIAMOND])
    monkeypatch.setattr(module, "REMOVED_NODES", 1)
    with Change(db.store, {DIAMOND.id: []}) as change:
        change.remove(DIAMOND.id)
    assert db.query(CONTENT).rows == []


def test_a_removal_that_is_too_large_is_tried_again_with_half(db, monkeypatch):
    add_graphs(db.store, [DIAMOND])
    write, limits = db.store.write, []

    def with_little_memory(statements, *args, **kwargs):
        limit = max((parameters.get("limit", 0) for _, parameters in statements), default=0)
        limits.append(limit)
        if limit > 2:
            raise TooLargeError("too large")
        return write(statements, *args, **kwargs)

    monkeypatch.setattr(module, "REMOVED_NODES", 9)
    with Change(db.store, {DIAMOND.id: []}) as change:
        monkeypatch.setattr(db.store, "write", with_little_memory)
        change.remove(DIAMOND.id)
        monkeypatch.undo()
    assert limits == [9, 4, 2, 2]
    assert db.query(CONTENT).rows == []


def test_owners_of_one_process_differ(db):
    owners = {Change(db.store, {}).owner for _ in range(3)}
    assert len(owners) == 3
    assert all(f":{os.getpid()}:" in owner for owner in owners)
