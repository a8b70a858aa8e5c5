"""The verb doctor: what is installed, where the store and its arrays are, and whether all of it can be used.

It changes nothing, and makes no store where there is none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tpugraph_db import doctor_files, schema
from tpugraph_db.database import Database
from tpugraph_db.database import open as open_database
from tpugraph_db.doctor_check import Check, listed
from tpugraph_db.doctor_installed import installed
from tpugraph_db.errors import QueryError, SchemaVersionError, StoreBusyError, StoreError, UsageError
from tpugraph_db.stores import default_uri, jvm
from tpugraph_db.stores.arcadedb_errors import plain_text
from tpugraph_db.stores.arcadedb_values import converter
from tpugraph_db.stores.base import check_schema_version
from tpugraph_db.stores.owner import Owner
from tpugraph_db.stores.served import find_served

try:
    import fcntl
except ImportError:  # Windows, where nobody is asked before the store is looked at
    fcntl = None  # type: ignore[assignment]

Ask = Callable[..., list[tuple[Any, ...]]]
"""Runs Cypher, given its text and the names of its columns."""


def examine(uri: str | Path | None = None, *, verify: bool = False) -> list[Check]:
    """Look at what is installed, and at the store of an address (as :func:`tpugraph_db.open` takes it).

    Args:
        verify: Read every payload file and compare its sha256 with its name.

    Raises:
        UsageError: the address makes no sense.
    """
    address, checks = str(uri or default_uri()), list(installed())
    if "://" in address:
        return [*checks, *_server(address, verify)]
    path = address.removeprefix("arcadedb:")
    if not path:
        raise UsageError("arcadedb: needs a folder: arcadedb:PATH")
    able = all(check.status != "fail" for check in checks if check.check in ("arcadedb-embedded", "java", "heap"))
    return [*checks, *_embedded(Path(path).expanduser().absolute(), verify, able)]


def _embedded(folder: Path, verify: bool, able: bool) -> Iterator[Check]:
    there, open_to_us = os.access(folder, os.F_OK), os.access(folder, os.R_OK | os.X_OK)
    made = open_to_us and (folder / "graph").is_dir()
    if made:
        yield Check("store", "ok", f"embedded, in {folder}")
    elif there and not open_to_us:
        yield Check("store", "fail", f"{folder}: cannot be looked into", "ask its owner, or choose another with --db")
    else:
        yield Check("store", "warn", f"none yet in {folder}", "tpudb load makes one")
    yield from doctor_files.folder(folder)
    if made and able:
        yield from _engine(folder, verify)


def _engine(folder: Path, verify: bool) -> Iterator[Check]:
    try:
        with _nobody_else(folder / "owner"):
            if (folder / "graph" / "database.lck").exists():
                yield Check("owner", "warn", "the last one was killed", "any other command repairs it; then look again")
                return
            yield Check("owner", "ok", "nobody has the store open")
            with _read_only(folder) as ask:
                yield from _contents(ask, str(folder), folder / "payload", verify)
    except StoreBusyError as error:
        yield from _held(folder, error, verify)
    except StoreError as error:
        yield _failed("open", error)


def _held(folder: Path, busy: StoreBusyError, verify: bool) -> Iterator[Check]:
    try:
        served = find_served(folder, busy)
        if served is None:
            raise busy
        with Database(served) as database:
            yield Check("owner", "ok", f"process {busy.pid} serves it to others")
            yield from _contents(
                lambda text, *names: database.query(text).rows, str(folder), folder / "payload", verify
            )
    except StoreError as error:
        yield _failed("owner", error)


def _server(address: str, verify: bool) -> Iterator[Check]:
    try:
        with open_database(address, create=False) as database:
            place = database.store.payload_folder
            yield from _neo4j(database)
            yield from doctor_files.folder(place)
            yield from _contents(lambda text, *names: database.query(text).rows, address, place, verify)
    except (QueryError, StoreError) as error:
        yield _failed("schema" if isinstance(error, SchemaVersionError) else "server", error)


def _neo4j(database: Database) -> Iterator[Check]:
    ((version, edition),) = database.query(
        "CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' RETURN versions[0], edition"
    )
    yield Check("server", "ok", f"Neo4j {version} {edition} at {database.store.location}")
    name = os.environ.get("NEO4J_DATABASE")
    which = "DATABASE $name" if name else "HOME DATABASE"
    show = f"SHOW {which} YIELD name, access, currentStatus RETURN DISTINCT name, access, currentStatus"
    # not a read to Cypher, though it changes nothing
    for found, access, status in database.query(show, {"name": name}, write=True):
        well = access == "read-write" and status == "online"
        cure = "" if well else "ask who runs the server, or choose another with NEO4J_DATABASE"
        yield Check("database", "ok" if well else "fail", f"{found}: {access}, {status}", cure)


def _contents(ask: Ask, location: str, place: Path, verify: bool) -> Iterator[Check]:
    """Schema, graphs, what is under way, and the payload files of all of them."""
    yield _schema(ask("MATCH (s:Store) RETURN s.schema_version AS version", "version"), location)
    graphs = ask("MATCH (g:Graph) RETURN g.id AS id, g.payload AS payload, g.ops AS ops", "id", "payload", "ops")
    loads = ask("MATCH (l:Load) RETURN l.id AS id, l.payloads AS payloads", "id", "payloads")
    ((ops,),) = ask("MATCH (o:Op) RETURN count(o) AS ops", "ops")
    yield _graphs(len(graphs), sum(row[2] or 0 for row in graphs), ops, bool(loads))
    cure = "the next load ends or undoes what no process is at any more"
    yield listed(
        "under way", "warn", "being loaded, removed or predicted", [row[0] for row in loads], cure, well="nothing"
    )
    underway = {name for _, names in loads for name in names or ()}
    said = ask(_SCORES, "graph", "model", "scores")
    scores = {(graph, model): name for graph, model, name in said}
    yield from doctor_files.payloads(place, {row[0]: row[1] for row in graphs}, scores, underway, verify)


_SCORES = (
    "MATCH (p:Prediction) WHERE p.scores IS NOT NULL RETURN p.graph AS graph, p.model AS model, p.scores AS scores"
)


def _graphs(graphs: int, wanted: int, found: int, underway: bool) -> Check:
    text = f"{graphs:,}, of {wanted:,} ops"
    if found == wanted or underway:
        return Check("graphs", "ok", text)
    return Check("graphs", "warn", f"{text}; but {found:,} are there", "load the files again with --replace")


def _schema(stores: list[tuple[Any, ...]], location: str) -> Check:
    if not stores:
        return Check("schema", "ok", "nothing is loaded yet")
    found = stores[0][0]
    try:
        check_schema_version(found, location)
    except SchemaVersionError as error:
        return _failed("schema", error)
    if found < schema.SCHEMA_VERSION:
        return Check(
            "schema", "warn", f"version {found} of {schema.SCHEMA_VERSION}", "the next load brings it up to date"
        )
    return Check("schema", "ok", f"version {found}")


def _failed(check: str, error: StoreError | QueryError) -> Check:
    """An error's line; what follows its last semicolon is the cure."""
    found, semicolon, cure = str(error).rpartition("; ")
    return Check(check, "fail", found if semicolon else cure, cure if semicolon else "")


@contextmanager
def _nobody_else(owner: Path) -> Iterator[None]:
    """Keep others from opening the store meanwhile, without a word in its file ``owner``.

    Raises:
        StoreBusyError: a process has it open.
    """
    if not owner.exists():
        yield
        return
    try:
        handle = os.open(owner, os.O_RDONLY)
    except OSError as error:
        raise StoreError(f"{owner}: {error.strerror}; ask its owner, or choose another store with --db") from error
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise Owner(owner, str(owner.parent)).busy() from error
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def _read_only(folder: Path) -> Iterator[Ask]:
    """The engine, opened so that it neither repairs nor writes."""
    jvm.start()
    mode = jvm.java("com.arcadedb.engine.ComponentFile").MODE.READ_ONLY
    try:
        database = jvm.java("com.arcadedb.database.DatabaseFactory")(str(folder / "graph")).open(mode)
        try:
            # a schema that it cannot read is an empty one to the engine
            if any(folder.glob("graph/Store_*")) and not database.getSchema().existsType("Store"):
                raise StoreError(f"{folder}: the engine's schema is damaged; load the files into another store")
            yield partial(_ask, database)
        finally:
            database.close()
    except jvm.java("java.lang.Throwable") as error:
        raise StoreError(f"{folder}: the store does not open: {plain_text(str(error))}") from error


def _ask(database: Any, text: str, *names: str) -> list[tuple[Any, ...]]:
    convert, rows, found = converter(), database.query("opencypher", text), []
    while rows.hasNext():
        row = rows.next()
        found.append(tuple(convert(row.getProperty(name)) for name in names))
    return found
