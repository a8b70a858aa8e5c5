"""A Neo4j that goes away in mid-load: the load goes on when it is back, or says how to go on."""

import os
import signal
import threading
import time
from functools import partial

import neo4j as driver
import pytest

import tpugraph_db
from tests.faults.common import LIMIT, check_all, own_server, write_files
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run
from tpugraph_db.errors import StoreError
from tpugraph_db.stores import neo4j_load, neo4j_retry
from tpugraph_db.stores.neo4j import Neo4jStore

SIZES = [4_000, 600, 600, 600, 600, 600, 600, 600]
"""The first comes in pieces."""


@pytest.fixture(scope="module")
def server(tmp_path_factory, neo4j_password):
    with own_server(tmp_path_factory.mktemp("outage"), neo4j_password) as server:
        yield server


@pytest.fixture
def files(server, tmp_path, monkeypatch):
    """Files for an empty server, in many small transactions."""
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path / "payload"))
    monkeypatch.delenv("NEO4J_DATABASE", raising=False)
    monkeypatch.setattr(neo4j_load, "TRANSACTION_ELEMENTS", 2_000)
    monkeypatch.setattr(neo4j_load, "LARGE_ELEMENTS", 5_000)
    monkeypatch.setattr(Neo4jStore, "batch_elements", 4_000)
    with tpugraph_db.open(server.uri) as db:
        db.query("MATCH (n) DETACH DELETE n", write=True)
    return write_files(tmp_path, SIZES)


def outage(server, number, begin, returns=True):
    """Take the server away as soon as ``begin`` says so, and bring it back."""

    def work():
        assert begin()
        server.stop(number)
        if returns:
            time.sleep(1)
            server.start()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("moment", "number"),
    [("in-pieces", signal.SIGKILL), ("between-graphs", signal.SIGTERM)],
    ids=["killed-in-pieces", "stopped-between-graphs"],
)
def test_a_load_goes_on_when_the_server_is_back(server, files, number, moment, monkeypatch):
    monkeypatch.setattr(neo4j_retry, "RETRY_SECONDS", LIMIT)  # starting may take long on a busy machine
    begun = threading.Event()
    with tpugraph_db.open(server.uri) as db:
        first_piece = partial(seen, server, "MATCH (o:Op) RETURN count(o) > 600")
        away = outage(server, number, first_piece if moment == "in-pieces" else partial(begun.wait, LIMIT))
        outcomes = db.load(files, on_outcome=lambda outcome: outcome.ops < 1_000 and begun.set())
        away.join(LIMIT)
        assert [outcome.status for outcome in outcomes] == ["loaded"] * len(files)
        check_all(db, files)


def test_a_server_that_stays_away(server, files, monkeypatch, capfd):
    monkeypatch.setattr(neo4j_retry, "RETRY_SECONDS", 2.0)
    folder = files[0].parents[5]
    third = partial(seen, server, "MATCH (g:Graph) RETURN count(g) > 2")
    away = outage(server, signal.SIGKILL, third, returns=False)
    started = time.monotonic()
    words = ["load", str(folder), "--db", server.uri]
    code = run(tpudb, words)
    said = capfd.readouterr()
    assert (code, said.out) == (3, "")
    assert said.err.startswith(f"tpudb: {server.uri}: Neo4j has not answered for 2 s (")
    assert said.err.endswith("; start it and say the same again: what is done stays\n")
    assert said.err.count("\n") == 1
    assert time.monotonic() - started < 60
    away.join(LIMIT)
    server.start()
    assert run(tpudb, words) == 0
    assert capfd.readouterr().out.count("skipped") >= 3
    with tpugraph_db.open(server.uri) as db:
        check_all(db, files)


def test_a_server_that_goes_in_the_middle_of_an_answer(server, files, monkeypatch, capfd):
    monkeypatch.setattr(neo4j_retry, "RETRY_SECONDS", 2.0)
    asked = [["hot", "one", "--by", "cost"], ["match", "* -> *"], ["stats", "one"], ["diff", "one", "other"]]
    with tpugraph_db.open(server.uri) as db:
        db.load(files[-2:])
        found = sorted(row[0].rpartition("/")[2] for row in db.graphs())
        with pytest.raises(StoreError, match=f"{server.uri}: no Neo4j answers there"):
            killed_while_answering(server, db)
    graphs = dict(zip(("one", "other"), found, strict=True))
    for words in asked:
        code = run(tpudb, [*(graphs.get(word, word) for word in words), "--db", server.uri])
        said = capfd.readouterr()
        assert (code, said.out, said.err.count("\n")) == (3, "", 1), said.err
    server.start()
    assert run(tpudb, ["hot", found[0], "--by", "cost", "--db", server.uri]) == 0
    assert "modelled" in capfd.readouterr().out


def killed_while_answering(server, db):
    with db.stream("MATCH (a:Op), (b:Op) RETURN a.uid, b.uid") as cursor:
        next(cursor.rows)
        server.stop(signal.SIGKILL)
        list(cursor.rows)


def seen(server, question):
    """Wait until a question's answer is true."""
    until = time.monotonic() + LIMIT
    with driver.GraphDatabase.driver(server.uri, auth=("neo4j", os.environ["NEO4J_PASSWORD"])) as asking:
        while time.monotonic() < until:
            if asking.execute_query(question).records[0].value():
                return True
            time.sleep(0.02)
    return False
