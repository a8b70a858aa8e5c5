"""The Neo4j server that other tests rely on: it starts, keeps its data and its password, and really stops."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import AuthError, ServiceUnavailable

from tests import neo4j_server
from tests.neo4j_server import Neo4jServer


def wait_until(condition: Callable[[], bool], limit: float = 60) -> None:
    until = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def ask(server: Neo4jServer, query: str, password: str | None = None) -> list[object]:
    auth = (server.username, password or server.password)
    with neo4j.GraphDatabase.driver(server.uri, auth=auth) as driver, driver.session() as session:
        return [record[0] for record in session.run(query)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("neo4j")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Neo4jServer]:
    with neo4j_server.start(folder) as server:
        yield server


def test_a_query_answers(server: Neo4jServer) -> None:
    assert ask(server, "CREATE (op:Op {cost: 3}) RETURN op.cost") == [3]


def test_another_password_is_refused(server: Neo4jServer) -> None:
    with pytest.raises(AuthError):
        ask(server, "RETURN 1", password="another")


def test_only_its_owner_can_read_the_password(server: Neo4jServer) -> None:
    path = server.folder / "password"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == server.password


def test_a_folder_has_one_server(server: Neo4jServer) -> None:
    with pytest.raises(RuntimeError, match="already"):
        neo4j_server.start(server.folder)


def test_it_reads_csv_files_from_its_import_folder_only(server: Neo4jServer, tmp_path: Path) -> None:
    (server.folder / "import" / "ops.csv").write_text("index\n7\n")
    (tmp_path / "other.csv").write_text("index\n8\n")
    assert ask(server, "LOAD CSV WITH HEADERS FROM 'file:///ops.csv' AS row RETURN row.index") == ["7"]
    with pytest.raises(neo4j.exceptions.Neo4jError):
        ask(server, f"LOAD CSV WITH HEADERS FROM 'file://{tmp_path}/other.csv' AS row RETURN row.index")


def test_a_failed_start_tells_why(server: Neo4jServer, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Address already in use"):
        neo4j_server.start(tmp_path, port=int(server.uri.rsplit(":", 1)[1]))
    assert neo4j_server.find(tmp_path) is None


def test_it_stops_and_its_data_survives(server: Neo4jServer) -> None:
    server.stop()
    assert not server.running()
    assert neo4j_server.find(server.folder) is None
    with pytest.raises(ServiceUnavailable):
        ask(server, "RETURN 1")
    with neo4j_server.start(server.folder) as again:
        assert again.password == server.password
        assert ask(again, "MATCH (op:Op) RETURN op.cost") == [3]
        found = neo4j_server.find(server.folder)
        assert found
        assert (found.pid, found.uri) == (again.pid, again.uri)


def test_a_stale_state_file_is_no_server(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        state = f'{{"pid": {stranger.pid}, "uri": "bolt://127.0.0.1:1", "version": "1"}}'
        (tmp_path / "server.json").write_text(state)
        assert neo4j_server.find(tmp_path) is None
        Neo4jServer(tmp_path, stranger.pid, "bolt://127.0.0.1:1", "1").stop()
        assert stranger.poll() is None


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = "import pathlib, time\nfrom tests import neo4j_server\n"
    script += f"neo4j_server.start(pathlib.Path({str(tmp_path)!r}))\ntime.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[1]) as parent:
        wait_until(lambda: bool((found := neo4j_server.find(tmp_path)) and found.uri))
        os.kill(parent.pid, signal.SIGKILL)
    wait_until(lambda: neo4j_server.find(tmp_path) is None)
