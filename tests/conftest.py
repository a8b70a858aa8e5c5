"""Fixtures that every test shares: the two engines, literal graphs, real data."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

import tpugraph_db
from tests import graphs, neo4j_jars, neo4j_server, real
from tests.serving import serving
from tpugraph_db.database import Database
from tpugraph_db.formats import npz
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import open_store

os.environ.setdefault("DGLBACKEND", "pytorch")  # else DGL writes a file into the user's home

settings.register_profile("patient", deadline=None, max_examples=50)
settings.load_profile("patient")  # how long an example takes says nothing on a busy machine

ENGINES = ("arcadedb", "neo4j")
SERVERS = {"neo4j": "neo4j", "neo4j-2026": "neo4j_newest"}
STORES = ("arcadedb", "served", *SERVERS)
"""What the store suite runs on."""


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real TpuGraphs files: TPUDB_TEST_DATA, else ../shared/data beside the checkout."""
    folder = real.folder()
    if not (folder / "npz").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"no real data in {folder}: CI must have it ({real.DATA})")
        pytest.skip(f"no real TpuGraphs files in {folder}; set {real.DATA} to their folder")
    return folder


@pytest.fixture(scope="session")
def neo4j_password() -> Iterator[str]:
    """One password for the servers of this run, in the environment with their user."""
    with pytest.MonkeyPatch.context() as environment:
        password = secrets.token_urlsafe(18)
        environment.setenv("NEO4J_USERNAME", "neo4j")
        environment.setenv("NEO4J_PASSWORD", password)
        yield password


@pytest.fixture(scope="session")
def neo4j(tmp_path_factory: pytest.TempPathFactory, neo4j_password: str) -> Iterator[neo4j_server.Neo4jServer]:
    """A real Neo4j 5.26, one for the whole run."""
    with neo4j_server.start(tmp_path_factory.mktemp("neo4j"), password=neo4j_password) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_newest(tmp_path_factory: pytest.TempPathFactory, neo4j_password: str) -> Iterator[neo4j_server.Neo4jServer]:
    """A real Neo4j 2026, one for the whole run."""
    folder = tmp_path_factory.mktemp("neo4j-newest")
    with neo4j_server.start(folder, neo4j_jars.NEWEST, password=neo4j_password) as server:
        yield server


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of an embedded store that a process of its own serves, one for the whole run."""
    folder = tmp_path_factory.mktemp("served") / "store"
    with serving(folder, "--write"):
        yield folder


def emptied(folder: Path) -> Database:
    """A client of a served store, with nothing in it."""
    with closing(open_store(folder, create=False)) as store:
        store.write([("MATCH (n) DETACH DELETE n", {})])
        shutil.rmtree(store.payload_folder, ignore_errors=True)
    return tpugraph_db.open(folder)


def open_empty(engine: str, request: pytest.FixtureRequest, folder: Path) -> Database:
    """An empty database of an engine; its folder (or its payload's) is ``folder``."""
    if engine == "arcadedb":
        return tpugraph_db.open(folder / "store")
    if engine == "served":
        return emptied(request.getfixturevalue("served"))
    server = request.getfixturevalue(SERVERS[engine])
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TPUDB_PAYLOAD", str(folder / "payload"))
        store = open_store(server.uri, create=True)
        store.write([("MATCH (n) DETACH DELETE n", {})])
        store.close()
        return tpugraph_db.open(server.uri)


@pytest.fixture(params=ENGINES)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, on each engine in turn."""
    with open_empty(request.param, request, tmp_path) as database:
        yield database


@pytest.fixture(scope="session")
def literal_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the literal graphs as npz files, in TpuGraphs' folders."""
    folder = tmp_path_factory.mktemp("files")
    for record in (graphs.chain(), graphs.diamond(), graphs.two_computations()):
        write_npz(record, folder)
    return folder


def write_npz(record: GraphRecord, folder: Path) -> Path:
    """Write a record where its collection and split would be found again."""
    kind, source = record.collection.split(":", 1)
    path = folder / "npz" / kind / source.replace(":", "/") / record.split / f"{record.name}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    npz.write(record, path)
    return path
