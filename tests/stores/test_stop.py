"""A read and a write that would never end are stopped by another thread, and the store goes on; plans."""

import threading
import time

import pytest

from tpugraph_db.errors import QueryStoppedError, ReadOnlyError
from tpugraph_db.stores.stop import Stop

ENDLESS = "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j WITH i, j WHERE i + j < 0 RETURN count(*)"
ROWS = "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j RETURN i, j"
WRITE = "CREATE (:Stopped) WITH 1 AS one UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j WITH i, j "
WRITE += "WHERE i + j < 0 CREATE (:Stopped)"


def stopped(db, run):
    """What became of ``run`` in a thread, which is stopped after a moment; whether it had ended by then."""
    stop, said = Stop(), []

    def work():
        try:
            with db.store.stoppable(stop):
                run()
        except BaseException as error:
            said.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    time.sleep(0.5)
    assert not said
    stop.now()
    thread.join(20)
    assert len(said) == 1
    return said[0]


def test_what_never_ends_is_stopped(db):
    for run in (
        lambda: db.query(ENDLESS),
        lambda: db.query(ROWS, limit=10),
        lambda: db.query(WRITE, write=True, timeout=60),
    ):
        error = stopped(db, run)
        assert isinstance(error, QueryStoppedError)
        assert str(error) == "the query was stopped"
    assert db.query("MATCH (n:Stopped) RETURN count(n)").rows == [(0,)]


def test_a_stop_without_anything_to_stop_does_nothing(db):
    stop = Stop()
    stop.now()
    with db.store.stoppable(stop):
        assert db.query("RETURN 1").rows == [(1,)]
    stop.now()
    assert db.query("RETURN 2").rows == [(2,)]


def test_a_plan_names_what_is_done_and_does_nothing(db):
    db.query("CREATE (:Op {opcode: 'tanh'})-[:FEEDS]->(:Op {opcode: 'copy'})", write=True)
    plan = db.explain("MATCH (o:Op {opcode: $opcode})-[:FEEDS]->(p) RETURN p.opcode;", {"opcode": "tanh"})
    assert len(plan.splitlines()) > 3
    assert "Op" in plan
    assert "\n+ " in f"\n{plan}"
    with pytest.raises(ReadOnlyError, match="begin with CREATE"):
        db.explain("CREATE (n:Planned)")
    assert db.explain("CREATE (n:Planned)", write=True)
    assert db.query("MATCH (n:Planned) RETURN count(n)").rows == [(0,)]
