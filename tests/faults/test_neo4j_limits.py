"""A server that allows a transaction little memory: loads go on in smaller ones."""

import time

import pytest

import tpugraph_db
from tests.faults.common import check_all, own_server, write_files
from tpugraph_db.errors import TooLargeError


@pytest.fixture(scope="module")
def server(tmp_path_factory, neo4j_password):
    settings = "db.memory.transaction.max=20m\n"
    with own_server(tmp_path_factory.mktemp("limits"), neo4j_password, settings) as server:
        yield server


@pytest.fixture
def db(server, tmp_path, monkeypatch):
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path / "payload"))
    with tpugraph_db.open(server.uri) as database:
        yield database


def test_a_load_goes_on_in_smaller_transactions(db, tmp_path):
    files = write_files(tmp_path, [6_000, 900, 900, 900])  # 6,000 ops take 60 MB at once
    started = time.monotonic()
    db.load(files)
    assert time.monotonic() - started < 60  # a limit is no passing fault that is waited for
    check_all(db, files)
    db.predict(write=True)
    assert db.query("MATCH (o:Op) WHERE o.cost IS NULL RETURN count(*)").rows == [(0,)]
    assert db.query("MATCH (p:Prediction) RETURN sum(p.nodes)").rows == [(8_700,)]
    db.remove(row["id"] for row in db.graphs().to_dicts())
    assert db.query("MATCH (n) WHERE NOT n:Store RETURN count(*)").rows == [(0,)]


def test_a_query_that_needs_more_says_which_setting(db):
    started = time.monotonic()
    with pytest.raises(TooLargeError, match=r"set .*db\.memory\.transaction\.max higher in neo4j\.conf"):
        db.query("UNWIND range(1, 3000000) AS i WITH collect(toString(i)) AS texts RETURN size(texts)")
    assert time.monotonic() - started < 60
