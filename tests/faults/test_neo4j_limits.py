"""A server that allows a transaction little memory: loads go on in smaller ones."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

import tpugraph_db
from benchmarks.synthetic import make
from tests import neo4j_server
from tpugraph_db.errors import TooLargeError
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores.change import add_graphs

SERVE = """
import os, sys
from pathlib import Path
from tests import neo4j_server
neo4j_server.CONFIGURATION += "db.memory.transaction.max=20m\\n"
neo4j_server.serve(Path(sys.argv[1]), neo4j_server.VERSION, 0, "512m", os.getppid())
"""
COUNTS = """
MATCH (g:Graph)
OPTIONAL MATCH (o:Op {graph: g.id}) WITH g, count(o) AS ops, sum(o.index) AS sum
OPTIONAL MATCH (:Op {graph: g.id})-[e:FEEDS]->(:Op) WITH g, ops, sum, count(e) AS edges
OPTIONAL MATCH (c:Config)-[:OF]->(g)
RETURN g.name AS name, g.ops AS said, ops, sum, g.edges AS said_edges, edges, count(c) AS configs ORDER BY name
"""


@pytest.fixture(scope="module")
def small_server(tmp_path_factory, neo4j_password):
    """A server of this test alone, with a setting that the usual one has not."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "import").mkdir()
    (folder / "password").write_text(neo4j_password)
    neo4j_server.jars(neo4j_server.VERSION)
    log = open(folder / "server.log", "wb")
    with (
        log,
        subprocess.Popen(
            [sys.executable, "-c", SERVE, str(folder)], cwd=Path(__file__).parents[2], stdout=log, stderr=log
        ) as process,
    ):
        until = time.monotonic() + neo4j_server.START_LIMIT
        while not ((server := neo4j_server.find(folder)) and server.uri):
            assert process.poll() is None, (folder / "server.log").read_text()
            assert time.monotonic() < until
            time.sleep(0.1)
        yield server
        process.terminate()


@pytest.fixture
def db(small_server, tmp_path, monkeypatch):
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path))
    with tpugraph_db.open(small_server.uri) as database:
        database.load([])
        yield database


def test_a_load_goes_on_in_smaller_transactions(db):
    rows = [
        graph_rows(make(f"g{i}", ops, 30, seed=i), "payload", configs=30) for i, ops in enumerate((6_000, 900, 900))
    ]
    started = time.monotonic()
    add_graphs(db.store, rows)
    assert time.monotonic() - started < 60  # a limit is no passing fault that is waited for
    for found, graph in zip(db.query(COUNTS).to_dicts(), rows, strict=True):
        ops = graph.graph["ops"]
        assert (found["said"], found["ops"], found["sum"]) == (ops, ops, ops * (ops - 1) // 2)
        assert found["said_edges"] == found["edges"] == len(graph.feeds)
        assert found["configs"] == 30
    assert db.query("MATCH (l:Load) RETURN l").rows == []


def test_a_query_that_needs_more_says_which_setting(db):
    started = time.monotonic()
    with pytest.raises(TooLargeError, match=r"db\.memory\.transaction\.max"):
        db.query("UNWIND range(1, 3000000) AS i WITH collect(toString(i)) AS all RETURN size(all)")
    assert time.monotonic() - started < 30
