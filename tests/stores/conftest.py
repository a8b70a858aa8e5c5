"""Databases of the store suite: each engine in turn, opened once a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import STORES, open_empty
from tests.stores.people import PEOPLE
from tpugraph_db.database import Database


@pytest.fixture(scope="module", params=STORES)
def ready(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with its schema, whose content tests of a module share."""
    with open_empty(request.param, request, tmp_path_factory.mktemp("db")) as database:
        database.load([])
        yield database


@pytest.fixture
def db(ready: Database) -> Database:
    """A database with its schema and nothing else."""
    ready.store.write([("MATCH (n) WHERE NOT n:Store DETACH DELETE n", {})])
    return ready


@pytest.fixture(scope="module")
def loaded(ready: Database, literal_files: Path) -> Database:
    """The literal graphs and some people; only to be read."""
    ready.load([literal_files])
    ready.store.write([(PEOPLE, {})])
    return ready
