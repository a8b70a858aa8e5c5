"""Several programs on one Neo4j at once: loads of the same files, and readers while a load runs."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import tpugraph_db
from tests.conftest import open_empty
from tests.faults.common import LIMIT, ROOT, check_all, write_files

SIZES = [300, 6_000, 300, 300, 2_000, 300, 300]
"""The second comes in pieces."""

LOAD = """
import sys
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run
from tpugraph_db.stores import neo4j_load
from tpugraph_db.stores.neo4j import Neo4jStore
neo4j_load.TRANSACTION_ELEMENTS, neo4j_load.LARGE_ELEMENTS, Neo4jStore.batch_elements = 3_000, 10_000, 6_000
sys.exit(run(tpudb, ["load", *sys.argv[1:]]))
"""

READ = """
import json, os, sys
from pathlib import Path
import tpugraph_db
from tests.faults.test_many_at_once import look
stop = Path(sys.argv[1])
with tpugraph_db.open(os.environ["NEO4J_URI"]) as db:
    print("ready", flush=True)
    looks, half = 0, []
    while not stop.exists():
        half += look(db)
        looks += 1
print(json.dumps([looks, half]))
"""

WHOLE = """
MATCH (g:Graph)
OPTIONAL MATCH (o:Op {graph: g.id}) WITH g, count(o) AS ops
OPTIONAL MATCH (:Op {graph: g.id})-[e:FEEDS|CALLED_BY]->(:Op) WITH g, ops, count(e) AS edges
WHERE ops <> g.ops OR edges <> g.edges
RETURN g.id
"""


def look(db):
    """Graphs that are not whole, by one query and by the library's."""
    half = [row[0] for row in db.query(WHOLE)]
    for graph, ops in db.query("MATCH (g:Graph) RETURN g.id, g.ops"):
        counted = sum(row["ops"] for row in db.run("opcode_histogram", graph=graph).to_dicts())
        half += [graph] if counted != ops else []
    return half


@pytest.fixture
def files(neo4j, tmp_path, monkeypatch, request):
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path / "payload"))
    monkeypatch.setenv("NEO4J_URI", neo4j.uri)
    monkeypatch.delenv("TPUDB_DB", raising=False)
    with open_empty("neo4j", request, tmp_path) as db:
        db.load([])  # the readers that come find the Store node
    return write_files(tmp_path, SIZES)


def start(code, *arguments):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), text=True, **pipes)


@pytest.mark.parametrize("words", [[], ["--replace"]], ids=["load-and-load", "load-and-replace"])
def test_two_loads_of_the_same_files(neo4j, files, words):
    loads = [start(LOAD, *files), start(LOAD, *reversed(files), *words)]
    said = [load.communicate(timeout=LIMIT) for load in loads]
    assert [load.returncode for load in loads] == [0, 0], said
    assert not any("refused" in out for out, _ in said)
    with tpugraph_db.open(neo4j.uri) as db:
        check_all(db, files)


def test_readers_see_whole_graphs_while_a_load_runs(neo4j, files, tmp_path):
    stop = tmp_path / "stop"
    readers = [start(READ, stop) for _ in range(4)]
    assert all(reader.stdout.readline() == "ready\n" for reader in readers)
    done = threading.Event()
    with tpugraph_db.open(neo4j.uri) as db, ThreadPoolExecutor(8) as threads:

        def read():
            looks, half = 0, []
            while not done.is_set():
                half += look(db)
                looks += 1
            return looks, half

        reading = [threads.submit(read) for _ in range(8)]
        load = start(LOAD, *files)
        said = load.communicate(timeout=LIMIT)
        done.set()
        stop.touch()
        answers = [each.result(LIMIT) for each in reading]
        answers += [json.loads(reader.communicate(timeout=LIMIT)[0]) for reader in readers]
        assert load.returncode == 0, said
        check_all(db, files)
    assert [half for _, half in answers] == [[]] * 12
    assert all(looks > 0 for looks, _ in answers)
