"""Real servers older than those of the tests: too old ones are refused, both versions named; the oldest one works.

``python -m benchmarks.older_servers [VERSION...]`` fetches each (about 150 MB) into the cache folder of the tests. Exit
4 where one is not refused, or the oldest that is worked with does not do the main job.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.synthetic import make
from tests import neo4j_server
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run
from tpugraph_db.formats import npz
from tpugraph_db.stores.neo4j_version import OLDEST

OLDEST_WORKING = f"{OLDEST[0]}.{OLDEST[1]}.0"
VERSIONS = ("5.1.0", "5.10.0", "5.20.0", OLDEST_WORKING)


def main() -> int:
    """Print a line a version."""
    faults = 0
    for version in sys.argv[1:] or VERSIONS:
        with tempfile.TemporaryDirectory() as folder, neo4j_server.start(Path(folder) / "neo4j", version) as server:
            os.environ |= {
                "TPUDB_DB": server.uri,
                "TPUDB_PAYLOAD": folder,
                "NEO4J_USERNAME": server.username,
                "NEO4J_PASSWORD": server.password,
            }
            said = _works(Path(folder)) if version == OLDEST_WORKING else _refused(version)
        print(f"{version:<8} {said or 'as promised'}", flush=True)
        faults += bool(said)
    return 4 if faults else 0


def _refused(version: str) -> str:
    code, said = _tpudb("ls")
    expected = f"expected Neo4j {OLDEST[0]}.{OLDEST[1]} or newer, found Neo4j/{version}"
    return "" if code == 3 and expected in said else f"exit {code}: {said}"


def _works(folder: Path) -> str:
    """The main job: load, every named query that needs no more than a graph, predict, remove."""
    npz.write(make("g", 300, 20, seed=0), folder / "g.npz")
    queries = ("biggest_ops", "calls", "computations", "hubs", "opcode_histogram", "repeats", "config_ranking")
    commands = [["load", str(folder / "g.npz")]]
    commands += [["query", "-n", name, "-p", "graph=g"] for name in queries]
    commands += [["predict", "g", "--write"], ["rm", "g"]]
    for words in commands:
        code, said = _tpudb(*words)
        if code:
            return f"{' '.join(words)}: exit {code}: {said}"
    return ""


def _tpudb(*words: str) -> tuple[int, str]:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        return run(tpudb, [*words]), said.getvalue().strip()


if __name__ == "__main__":
    sys.exit(main())
