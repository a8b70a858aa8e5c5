"""Two engines behind one interface (:class:`Store`), both speaking Neo4j's Cypher."""

from __future__ import annotations

import os
from pathlib import Path

from tpugraph_db.errors import StoreBusyError, UsageError
from tpugraph_db.stores.base import Store
from tpugraph_db.stores.result import Result
from tpugraph_db.stores.values import Node, Relationship
from tpugraph_db.stores.values import Path as Walk

__all__ = ["Node", "Relationship", "Result", "Store", "Walk", "default_uri", "open_store"]

PAYLOAD = "TPUDB_PAYLOAD"
"""Environment variable: the payload folder of Neo4j stores."""


def open_store(uri: str | Path | None, *, create: bool) -> Store:
    """Open the store of an address: a path, ``arcadedb:PATH``, or a Bolt address; None: :func:`default_uri`.

    Raises:
        StoreError: it cannot be reached or opened; with ``create`` False, also where there is none yet.
        UsageError: the address makes no sense.
    """
    address = str(uri or default_uri())
    scheme, colon, rest = address.partition(":")
    if "://" in address:
        return _open_neo4j(scheme, address)
    path = rest if colon and scheme == "arcadedb" else address
    if not path:
        raise UsageError("arcadedb: needs a folder: arcadedb:PATH")
    return _open_embedded(Path(path).expanduser(), create)


def default_uri() -> str:
    """TPUDB_DB, else NEO4J_URI, else a folder under the platform's data folder."""
    import platformdirs

    embedded = str(platformdirs.user_data_path("tpugraph-db") / "store")
    return os.environ.get("TPUDB_DB") or os.environ.get("NEO4J_URI") or embedded


def _open_embedded(path: Path, create: bool) -> Store:
    """The store in a folder, or what another process serves of it."""
    from tpugraph_db.stores.arcadedb import ArcadeStore

    try:
        return ArcadeStore(path, create=create)
    except StoreBusyError as busy:
        from tpugraph_db.stores.served import find_served

        served = find_served(path, busy)
        if served is None:
            raise
        return served


def _open_neo4j(scheme: str, address: str) -> Store:
    from tpugraph_db.stores.neo4j import SCHEMES, Neo4jStore

    if scheme not in SCHEMES:
        raise UsageError(f"{scheme}: unknown kind of store; expected a path, arcadedb:PATH, or {', '.join(SCHEMES)}")
    import platformdirs

    folder = os.environ.get(PAYLOAD) or platformdirs.user_data_path("tpugraph-db") / "payload"
    return Neo4jStore(address, Path(folder))
