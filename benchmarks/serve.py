"""A store that another process serves, against the same store opened by the process itself: one-shot, rows, a load."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import tpugraph_db
from benchmarks.common import Result, Watch, compare, seconds
from benchmarks.processes import python
from benchmarks.synthetic import make
from tests.serving import serving
from tpugraph_db.database import Database
from tpugraph_db.rows import GraphRows, graph_rows
from tpugraph_db.stores.change import add_graphs, remove_graph

COUNT = "MATCH (o:Op) RETURN count(*)"
ROWS = "MATCH (o:Op) RETURN o.uid, o.opcode, o.index, o.bytes, o.dims"
ONE_ROW = "RETURN 1 AS x"
TIMES = 100
GRAPHS, OPS = 5, 20_000


def measure() -> Iterator[Result]:
    """A store of 100,000 ops and its copy; one of them is served."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python(folder, "-m", "benchmarks.synthetic", folder, "--graphs", GRAPHS, "--ops", OPS)
        python(folder, "-m", "tpugraph_db", "load", folder / "npz", "--db", "own", XDG_CACHE_HOME=folder / "none")
        python(folder, "-m", "tpugraph_db.stores.jvm_archive", XDG_CACHE_HOME=folder / "cache")
        shutil.copytree(folder / "own", folder / "shared")
        with serving(folder / "shared", "--write"):
            yield compare(
                "served one-shot query",
                "embedded one-shot query",
                lambda: seconds(lambda: _one_shot(folder, "shared")),
                lambda: seconds(lambda: _one_shot(folder, "own")),
                pairs=9,
            )
            with tpugraph_db.open(folder / "shared") as shared, tpugraph_db.open(folder / "own") as own:
                yield from _warm(shared, own)


def _warm(shared: Database, own: Database) -> Iterator[Result]:
    rows = [graph_rows(make("another", OPS, 20, seed=9), "")]
    yield _compared("served 100k rows of 5 columns", shared, own, lambda db: seconds(lambda: _all_rows(db)))
    yield _compared(f"served {TIMES} queries of a row", shared, own, lambda db: seconds(lambda: _one_row(db)))
    yield _compared("served graph of 20k ops added", shared, own, lambda db: _add(db, rows))


def _compared(row: str, shared: Database, own: Database, work: Callable[[Database], float]) -> Result:
    return compare(row, "embedded", lambda: work(shared), lambda: work(own))


def _one_shot(folder: Path, store: str) -> None:
    printed = python(folder, "-m", "tpugraph_db", "query", COUNT, "--db", store, XDG_CACHE_HOME=folder / "cache")
    assert printed.split()[-1] == str(GRAPHS * OPS), printed


def _all_rows(db: Database) -> None:
    assert len(db.query(ROWS)) == GRAPHS * OPS


def _one_row(db: Database) -> None:
    for _ in range(TIMES):
        assert db.query(ONE_ROW).rows == [(1,)]


def _add(db: Database, rows: list[GraphRows]) -> float:
    watch = Watch()
    with watch:
        add_graphs(db.store, rows)
    remove_graph(db.store, rows[0].id)
    return watch.seconds
