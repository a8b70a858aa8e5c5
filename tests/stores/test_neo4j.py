"""What only a server far away can get wrong: its address, its password, its databases."""

import logging
import socket

import pytest

import tpugraph_db
from tpugraph_db.errors import QueryError, StoreError, UsageError
from tpugraph_db.stores import open_store


@pytest.fixture
def server(neo4j, tmp_path, monkeypatch):
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path))
    monkeypatch.delenv("NEO4J_DATABASE", raising=False)
    return neo4j


def refused(uri, error=StoreError):
    """What is said when an address does not open."""
    with pytest.raises(error) as caught:
        tpugraph_db.open(uri)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_no_server_there(server, scheme):
    uri = f"{scheme}://127.0.0.1:{free_port()}"
    assert refused(uri).startswith(f"{uri}: no Neo4j answers there")


def test_a_name_that_is_none(server):
    assert "no Neo4j answers there" in refused("bolt://no-such-host.invalid")


def test_a_wrong_password(server, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong")
    said = refused(server.uri)
    assert "refused the user or password; set NEO4J_USERNAME and NEO4J_PASSWORD" in said
    assert "wrong" not in said


def test_the_driver_says_nothing_on_the_terminal(server, capfd):
    assert logging.getLogger("neo4j").handlers
    refused(f"neo4j://127.0.0.1:{free_port()}")
    assert capfd.readouterr() == ("", "")


def test_no_password(server, monkeypatch):
    monkeypatch.delenv("NEO4J_PASSWORD")
    assert "set NEO4J_USERNAME and NEO4J_PASSWORD" in refused(server.uri)


def test_a_wrong_database(server, monkeypatch):
    monkeypatch.setenv("NEO4J_DATABASE", "elsewhere")
    said = refused(server.uri)
    assert "elsewhere" in said
    assert "set NEO4J_DATABASE" in said


def test_the_right_database(server, monkeypatch):
    monkeypatch.setenv("NEO4J_DATABASE", "neo4j")
    with tpugraph_db.open(server.uri) as database:
        assert database.query("RETURN 1 AS x").rows == [(1,)]


@pytest.mark.parametrize("uri", ["bolt://neo4j:secret@localhost", "neo4j+s://someone@host/x"])
def test_an_address_with_a_password(uri):
    said = refused(uri, UsageError)
    assert "put them in NEO4J_USERNAME and NEO4J_PASSWORD" in said
    assert "secret" not in said


@pytest.mark.parametrize("uri", ["http://localhost", "postgres://localhost", "bolt+x://localhost"])
def test_another_scheme(uri):
    assert "bolt+ssc" in refused(uri, UsageError)


@pytest.mark.parametrize("uri", ["bolt://localhost:port", "bolt://", "bolt://localhost?x=1"])
def test_an_address_that_makes_no_sense(server, uri):
    assert uri in refused(uri)


def test_encryption_that_is_not_there(server):
    assert server.uri.removeprefix("bolt") in refused(server.uri.replace("bolt:", "bolt+s:"))


def test_stores_share_a_payload_folder_each_in_its_room(server, tmp_path):
    store = open_store(server.uri, create=True)
    store.know_id("this-one")
    assert store.payload_folder == tmp_path / "this-one"
    store.close()


def test_a_closed_store_is_not_asked(server):
    database = tpugraph_db.open(server.uri)
    database.close()
    database.close()
    with pytest.raises(StoreError):
        database.query("RETURN 1")


def test_a_date_that_python_has_not(server):
    with tpugraph_db.open(server.uri) as database, pytest.raises(QueryError, match="return its parts"):
        database.query("RETURN date('-0001-01-01') AS d")
