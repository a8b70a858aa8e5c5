"""A one-shot query, as a process, against the engine alone: its Python package used as documented, on the same store.

Once with the archive of Java's classes that the first load makes (:mod:`tpugraph_db.stores.jvm_archive`), once without.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.common import Result, compare, seconds
from benchmarks.processes import python

CYPHER = "MATCH (o:Op) RETURN count(*)"
ENGINE = """
import sys
import arcadedb_embedded as arcadedb

with arcadedb.open_database(sys.argv[1]) as db:
    for row in db.query("opencypher", sys.argv[2]):
        print(row.get("count(*)"))
"""
GRAPHS, OPS = 5, 4_000


def measure() -> Iterator[Result]:
    """A store of 20,000 ops; both print their number."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python(folder, "-m", "benchmarks.synthetic", folder, "--graphs", GRAPHS, "--ops", OPS)
        python(folder, "-m", "tpugraph_db", "load", folder / "npz", "--db", "store", XDG_CACHE_HOME=folder / "none")
        python(folder, "-m", "tpugraph_db.stores.jvm_archive", XDG_CACHE_HOME=folder / "cache")
        for row, cache in (("one_shot", folder / "cache"), ("one_shot without archive", folder / "none")):
            yield compare(
                row,
                "the engine alone",
                lambda cache=cache: seconds(lambda: _ours(folder, cache)),
                lambda: seconds(lambda: _peer(folder)),
                pairs=9,
            )


def _ours(folder: Path, cache: Path) -> None:
    printed = python(folder, "-m", "tpugraph_db", "query", CYPHER, "--db", "store", XDG_CACHE_HOME=cache)
    assert printed.split()[-1] == str(GRAPHS * OPS), printed


def _peer(folder: Path) -> None:
    printed = python(folder, "-c", ENGINE, "store/graph", CYPHER)
    assert printed.split()[-1] == str(GRAPHS * OPS), printed
