"""What the faults share: files to load, a look at what has been loaded, a Neo4j that a test may stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.synthetic import make
from tests import neo4j_server
from tests.conftest import write_npz
from tpugraph_db.database import Database

ROOT = Path(__file__).parents[2]
LIMIT = 300.0
"""Seconds after which a test gives up; a busy machine is slow, a fault makes something hang."""

SERVE = """
import os, sys
from pathlib import Path
from tests import neo4j_server
neo4j_server.CONFIGURATION += sys.argv[3]
neo4j_server.serve(Path(sys.argv[1]), neo4j_server.VERSION, int(sys.argv[2]), "512m", os.getppid())
"""

COUNTS = """
MATCH (g:Graph)
OPTIONAL MATCH (o:Op {graph: g.id}) WITH g, count(o) AS ops, sum(o.index) AS sum
OPTIONAL MATCH (:Op {graph: g.id})-[e:FEEDS|CALLED_BY]->(:Op) WITH g, ops, sum, count(e) AS edges
OPTIONAL MATCH (c:Config)-[:OF]->(g)
RETURN g.id AS id, g.ops AS said_ops, ops, sum, g.edges AS said_edges, edges, g.configs AS said_configs,
       count(c) AS configs
ORDER BY id
"""
NODES = "MATCH (n) WHERE NOT n:Store RETURN labels(n)[0] AS label, count(*) AS nodes"


class OwnServer:
    """A small Neo4j that may be stopped, killed and started again at the same address."""

    def __init__(self, folder: Path, password: str, settings: str = "") -> None:
        self._folder, self._password, self._settings = folder, password, settings
        self._port = neo4j_server._free_port()
        self.uri = f"bolt://127.0.0.1:{self._port}"
        (folder / "import").mkdir(parents=True)
        neo4j_server._password(folder, password)
        neo4j_server.jars(neo4j_server.VERSION)
        self.start()

    def start(self) -> None:
        """Return when it answers."""
        with open(self._folder / "server.log", "ab") as log:
            command = [sys.executable, "-c", SERVE, str(self._folder), str(self._port), self._settings]
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + LIMIT
        while not ((server := neo4j_server.find(self._folder)) and server.uri):
            assert self._process.poll() is None, (self._folder / "server.log").read_text()
            assert time.monotonic() < until
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """In good order, or by SIGKILL."""
        self._process.send_signal(number)
        self._process.wait(LIMIT)


@contextmanager
def own_server(folder: Path, password: str, settings: str = "") -> Iterator[OwnServer]:
    """A server of one test module; its end too."""
    server = OwnServer(folder / "server", password, settings)
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)


def write_files(folder: Path, sizes: list[int], configs: int = 20) -> list[Path]:
    """Files of made-up graphs of so many ops."""
    return [write_npz(make(f"g{number}", ops, configs, seed=number), folder) for number, ops in enumerate(sizes)]


def check_all(db: Database, files: list[Path]) -> None:
    """Each file's graph is there once, whole, with its payload; nothing else is, and no mark."""
    rows = db.query(COUNTS).to_dicts()
    assert sorted(row["id"].rsplit("/")[-1] for row in rows) == sorted(path.stem for path in files)
    for row in rows:
        ops = row["said_ops"]
        assert (row["ops"], row["sum"]) == (ops, ops * (ops - 1) // 2)
        assert (row["edges"], row["configs"]) == (row["said_edges"], row["said_configs"])
        assert len(db.record(row["id"], verify=True)) == ops
    whole = {"Graph": len(rows), "Op": sum(r["ops"] for r in rows), "Config": sum(r["configs"] for r in rows)}
    assert {row["label"]: row["nodes"] for row in db.query(NODES).to_dicts()} == {k: v for k, v in whole.items() if v}
    drafts = [path for path in db.store.payload_folder.rglob("*") if path.name.startswith(".")]
    assert not drafts


def tpudb(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "tpugraph_db", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
