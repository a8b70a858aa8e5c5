"""Servers that cannot be worked with: each is a line and exit code 3, soon."""

import socket
import time

import pytest

from tests.faults.common import LIMIT
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run
from tpugraph_db.stores import neo4j as neo4j_store


@pytest.fixture
def refused(capfd, tmp_path, monkeypatch):
    """What is said of an address, without the address."""
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path))

    def ask(uri):
        started = time.monotonic()
        code = run(tpudb, ["ls", "--db", uri])
        said = capfd.readouterr()
        assert (code, said.out) == (3, "")
        assert time.monotonic() - started < LIMIT / 10
        assert said.err.startswith(f"tpudb: {uri}: ")
        assert said.err.count("\n") == 1
        return said.err.removeprefix(f"tpudb: {uri}: ")

    return ask


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s", "bolt+ssc"])
def test_a_server_that_accepts_and_never_answers(refused, monkeypatch, neo4j_password, scheme):
    monkeypatch.setattr(neo4j_store, "CONNECT_SECONDS", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = refused(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}")
    assert said.startswith("no Neo4j answers there (")
    assert ("leave out +s or +ssc where it has no TLS" in said) == ("+s" in scheme)


@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+ssc"])
def test_tls_asked_and_not_offered(refused, neo4j, scheme):
    said = refused(neo4j.uri.replace("bolt", scheme))
    assert said.startswith("no Neo4j answers there (")
    assert "leave out +s or +ssc where it has no TLS" in said


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_wrong_password(refused, neo4j, monkeypatch, scheme):
    monkeypatch.setenv("NEO4J_PASSWORD", "never-this-one")
    said = refused(neo4j.uri.replace("bolt", scheme))
    assert said == "Neo4j refused the user or password; set NEO4J_USERNAME and NEO4J_PASSWORD\n"


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_wrong_database(refused, neo4j, monkeypatch, scheme):
    monkeypatch.setenv("NEO4J_DATABASE", "elsewhere")
    said = refused(neo4j.uri.replace("bolt", scheme))
    assert "elsewhere" in said
    assert said.endswith("; set NEO4J_DATABASE\n")
