"""What only an engine inside this process can get wrong: locks, processes, the terminal, the current folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tpugraph_db
from tests import graphs
from tpugraph_db.errors import QueryError, StoreBusyError, StoreError
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores.change import add_graphs

ROOT = Path(__file__).parents[2]
DIAMOND = graph_rows(graphs.diamond(), "payload")
HOLD = "import sys, tpugraph_db; db = tpugraph_db.open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
USE = """
import sys, tpugraph_db
db = tpugraph_db.open(sys.argv[1])
db.load([sys.argv[2]])
assert len(db.query("MATCH (g:Graph) RETURN g")) == 3
"""


@pytest.fixture
def database(tmp_path):
    with tpugraph_db.open(tmp_path / "store") as database:
        database.load([])
        yield database


def python(code, *arguments, cwd):
    """Run code in a new process whose folder is empty."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def holder(tmp_path):
    """Another process that has the store open."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "store")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def test_a_store_opens_once_in_a_process(database, capfd):
    with pytest.raises(StoreBusyError, match="held by this process; close it there first") as caught:
        tpugraph_db.open(database.store.location)
    assert caught.value.pid == os.getpid()
    assert capfd.readouterr() == ("", "")
    database.close()
    tpugraph_db.open(database.store.location).close()


def test_a_store_held_elsewhere_names_the_process(holder, tmp_path, capfd):
    with pytest.raises(StoreBusyError, match=f"held by process {holder.pid}; close it there first") as caught:
        tpugraph_db.open(tmp_path / "store")
    assert caught.value.pid == holder.pid
    assert capfd.readouterr() == ("", "")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    tpugraph_db.open(tmp_path / "store").close()


@pytest.mark.parametrize("end", ["db.close()", "", "sys.exit()"], ids=["closed", "left-open", "exit"])
def test_nothing_is_printed_or_left_behind(end, tmp_path, literal_files):
    folder = tmp_path / "current"
    folder.mkdir()
    started = time.monotonic()
    done = python(USE + end, tmp_path / "store", literal_files, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(folder.iterdir()) == []
    assert time.monotonic() - started < 60
    assert (tmp_path / "store" / "owner").read_text() == ""


def test_an_exception_ends_the_process(tmp_path, literal_files):
    done = python(USE + "raise ValueError('mine')", tmp_path / "store", literal_files, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("\nValueError: mine\n")
    with tpugraph_db.open(tmp_path / "store") as database:
        assert database.query("MATCH (g:Graph) RETURN count(g)").rows == [(3,)]


FORK = """
import os, sys, tpugraph_db
from tpugraph_db.errors import StoreError
db = tpugraph_db.open(sys.argv[1])
child = os.fork()
if child == 0:
    for use in (lambda: db.query("RETURN 1"), lambda: tpugraph_db.open(sys.argv[1] + "2")):
        try:
            use()
        except StoreError as error:
            print(error, flush=True)
    os._exit(7)  # as multiprocessing's children end
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status), db.query("RETURN 2 AS x").rows)
"""


def test_a_forked_child_is_refused_and_the_parent_goes_on(tmp_path):
    done = python(FORK, tmp_path / "store", cwd=tmp_path)
    refused = (
        "the embedded store cannot be used in a forked process: start processes with multiprocessing's 'spawn' "
        "(or open the store only in the child)"
    )
    assert done.stdout.splitlines() == [refused, refused, "7 [(2,)]"]
    assert (done.returncode, done.stderr) == (0, "")


def test_a_store_in_a_place_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file/store: cannot make the store's folder"):
        tpugraph_db.open(tmp_path / "file" / "store")


def test_a_folder_is_its_users_alone(database):
    assert Path(database.store.location).stat().st_mode & 0o077 == 0


def test_a_broken_store_says_so_in_a_line(database):
    database.close()
    graph = Path(database.store.location) / "graph"
    graph.rename(graph.with_name("away"))
    graph.write_text("not a folder")
    with pytest.raises(StoreError) as caught:
        tpugraph_db.open(database.store.location)
    assert str(caught.value).startswith(f"{database.store.location}: the store does not open: ")
    assert "\n" not in str(caught.value)


def test_a_closed_store_is_not_asked(database):
    database.close()
    database.close()
    with pytest.raises(StoreError, match="the store is closed"):
        database.query("RETURN 1")


def test_what_a_killed_load_has_left_is_swept_at_the_next_opening(database, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    database.load([])
    monkeypatch.setattr("tpugraph_db.stores.arcadedb.add_graph_nodes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        add_graphs(database.store, [DIAMOND])
    assert database.query("MATCH (o:Op) RETURN count(o)").rows == [(4,)]
    database.close()
    with tpugraph_db.open(database.store.location) as reopened:
        assert reopened.query("MATCH (n) WHERE NOT n:Store RETURN count(n)").rows == [(0,)]


def test_indexes_of_few_keys_have_small_pages(database):
    pages = {str(index.getName()): int(index.getPageSize()) for index in database.store._java.getSchema().getIndexes()}
    small = {name.split("[")[0] for name, size in pages.items() if size == 8192}
    assert {"Op", "Config", "Graph", "Prediction"} <= small
    unique = database.store._java.getSchema().getIndexByName("Op[uid]")
    assert unique.getPageSize() > 8192


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MATCH (n:Op) REMOVE n.`cost`", r"say SET n\.`cost` = null"),
        ("MATCH (n:Op) REMOVE n.x, n.`cost`", r"say SET n\.`cost` = null"),
        ("MATCH (n:Op) WITH n.uid AS a RETURN *, 1 AS b", r"say WITH \*, \.\.\. RETURN \*"),
        ("MATCH (n:Op) WITH n.uid AS a RETURN DISTINCT *, 1 AS b", r"say WITH \*, \.\.\. RETURN \*"),
        ("CALL { WITH 1 AS a RETURN *, 2 AS b } RETURN a, b", r"say WITH \*, \.\.\. RETURN \*"),
        ("MATCH ()-[r:FEEDS]->() SET r.weight = 1", "Lightweight edges cannot be modified"),
    ],
)
def test_what_the_engine_would_do_wrong_is_refused(database, text, said):
    database.query("CREATE (:Op {uid: 'a', cost: 1.5})-[:FEEDS]->(:Op {uid: 'b', cost: 2.5})", write=True)
    with pytest.raises(QueryError, match=said):
        database.query(text, write=True)
    assert database.query("MATCH (n:Op) RETURN n.cost ORDER BY n.uid").rows == [(1.5,), (2.5,)]
