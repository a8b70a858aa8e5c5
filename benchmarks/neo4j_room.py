"""A real Neo4j for the rows that need one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import neo4j_jars, neo4j_server
from tpugraph_db.stores.neo4j import Neo4jStore

VERSIONS = (neo4j_jars.VERSION, neo4j_jars.NEWEST)


@contextmanager
def neo4j_store(version: str = neo4j_jars.VERSION) -> Iterator[Neo4jStore]:
    """A store with its schema in a server of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        neo4j_server.start(Path(folder) / "neo4j", version, heap="2g") as server,
    ):
        os.environ |= {"NEO4J_USERNAME": server.username, "NEO4J_PASSWORD": server.password}
        store = Neo4jStore(server.uri, Path(folder) / "payload")
        store.apply_schema()
        yield store
        store.close()


def empty(store: Neo4jStore) -> None:
    """Remove everything, a bit at a time."""
    while store.write([("MATCH (n) WITH n LIMIT 20000 DETACH DELETE n RETURN count(*)", {})]).rows != [(0,)]:
        pass
