"""Queries that take too long, or give very many rows."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import open_empty
from tests.faults.common import LIMIT, ROOT
from tpugraph_db.errors import QueryTimeoutError

ENDLESS = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS x WHERE x = -7 RETURN count(x)"
RUNNING = "SHOW TRANSACTIONS YIELD currentQuery AS text WHERE text STARTS WITH 'UNWIND range' RETURN count(*)"

MEASURED = """
import json, sys
from pathlib import Path
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run

def used(query):
    "Megabytes at most so far."
    words = ["--limit", "-1", "--db", sys.argv[1], "-o", sys.argv[2], "--timeout", "0"]
    assert run(tpudb, ["query", query, *words]) == 0
    # getrusage counts what the parent held at the fork
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) >> 10

before = used("RETURN 1 AS i")
print(json.dumps(used("UNWIND range(1, 300000) AS i RETURN i, 'row ' + i AS text") - before))
"""


def wait_for(running, session):
    until = time.monotonic() + LIMIT
    while session.run(RUNNING).single().value() != running:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_query_past_its_time_stops_on_the_server(neo4j, tmp_path, request):
    with (
        open_empty("neo4j", request, tmp_path) as db,
        db.store._driver.session() as session,
        ThreadPoolExecutor() as thread,
    ):
        asked = thread.submit(db.query, ENDLESS, timeout=3)
        wait_for(1, session)
        with pytest.raises(QueryTimeoutError, match="time limit of 3 s"):
            asked.result(LIMIT)
        wait_for(0, session)


def test_a_query_past_its_time_stops_in_the_embedded_engine(tmp_path, request):
    with open_empty("arcadedb", request, tmp_path) as db:
        with pytest.raises(QueryTimeoutError, match=r"time limit of 0\.5 s"):
            db.query(ENDLESS, timeout=0.5)
        busy = time.process_time()  # of all threads, Java's too
        time.sleep(2)
        assert time.process_time() - busy < 1
        assert db.query("RETURN 1 AS x").rows == [(1,)]


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl"])
def test_rows_are_written_as_they_come(neo4j, tmp_path, name):
    # on Neo4j: this process holds no engine, whose memory would be counted too; kept, the rows would take 48 MB
    command = [sys.executable, "-c", MEASURED, neo4j.uri, str(tmp_path / name)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) < 20
    with open(tmp_path / name) as lines:
        assert sum(1 for _ in lines) == 300_000 + (name == "rows.csv")


def test_a_stream_that_is_left_early_leaves_nothing_running(db):
    with db.stream("UNWIND range(1, 1000000) AS i RETURN i") as cursor:
        assert cursor.columns == ("i",)
        assert [next(cursor.rows) for _ in range(3)] == [(1,), (2,), (3,)]
    assert db.query("RETURN 1 AS x").rows == [(1,)]
