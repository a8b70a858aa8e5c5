"""tpudb serve as its user meets it: what it prints, how it ends, what the other commands make of it."""

import json
import signal
import socket

import pytest

import tpugraph_db
from tests.serving import END_SECONDS, serving


@pytest.fixture
def folder(empty, literal_files):
    """An embedded store with the literal graphs."""
    with tpugraph_db.open(empty) as db:
        db.load([literal_files])
    return empty


@pytest.mark.parametrize(("number", "code", "words"), [(signal.SIGINT, 130, []), (signal.SIGTERM, 143, ["--write"])])
def test_it_serves_until_a_signal(cli, folder, number, code, words):
    with serving(folder, *words) as server:
        ran = cli("query", "MATCH (g:Graph) RETURN count(*) AS n", "--format", "json")
        assert (ran.code, json.loads(ran.out), ran.err) == (0, [{"n": 3}], "")
        ran = cli("query", "CREATE (:Note)", "--write")
        assert ran.code == (0 if words else 1)
        assert ("tpudb serve --write" in ran.err) == (not words)
        assert cli("hot", "diamond").code == 0
        ran = cli("doctor", "--format", "json")
        rows = {row["check"]: row for row in json.loads(ran.out)}
        assert (ran.code, rows["owner"]["found"]) == (0, f"process {server.pid} serves it to others")
        ran = cli("serve")
        assert (ran.code, ran.out) == (3, "")
        assert "served already, by another process" in ran.err
        server.send_signal(number)
        out, err = server.communicate(timeout=END_SECONDS)
        assert (server.returncode, out) == (code, "")
        assert err.endswith("Ctrl-C ends it\n")
        assert len(err.splitlines()) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["graph", "owner", "payload"]
    assert not (folder / "graph" / "database.lck").exists()


def test_a_port_that_is_taken(cli, folder):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = cli("serve", "--port", port)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        f"tpudb: 127.0.0.1:{port}: the port is taken, or not to be had (Address already in use); choose another with "
        "--port, or none for a free one\n"
    )


def test_what_cannot_be_served(cli, empty):
    ran = cli("serve")
    assert (ran.code, "no store is there" in ran.err) == (3, True)
    assert cli("serve", "--port", 65536).code == 2
    assert not empty.exists()


def test_a_neo4j_serves_itself(cli, neo4j):
    ran = cli("serve", "--db", neo4j.uri)
    assert ran.code == 2
    assert ran.err.endswith("a Neo4j is a server itself; give its clients its address\n")
