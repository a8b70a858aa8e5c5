import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

import tpugraph_db
from tests.conftest import ENGINES, open_empty
from tpugraph_db import __version__
from tpugraph_db.schema import SCHEMA_VERSION
from tpugraph_db.stores import open_store

ROOT = Path(__file__).parents[2]
HOLD = "import sys, tpugraph_db; db = tpugraph_db.open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
KILLED = """
import os, signal, sys, tpugraph_db
tpugraph_db.open(sys.argv[1]).query("CREATE (:Note)", write=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
ELSEWHERE = "none yet in"


@pytest.fixture(params=ENGINES)
def store(request, tmp_path, literal_files, monkeypatch):
    """The environment names a store with the literal graphs; the folder of their payload."""
    with open_empty(request.param, request, tmp_path) as db:
        db.load([literal_files])
        monkeypatch.setenv("TPUDB_DB", str(db.store.location))
        monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path / "payload"))
        return db.store.payload_folder


@pytest.fixture
def embedded(empty, literal_files):
    """The environment names an embedded store with the literal graphs; its folder."""
    with tpugraph_db.open(empty) as db:
        db.load([literal_files])
    return empty


@pytest.fixture
def doctor(cli):
    """Run it: exit code, and the rows by the name of their check."""

    def call(*words):
        ran = cli("doctor", *words, "--format", "json")
        assert ran.err == ""
        rows = json.loads(ran.out)
        assert all(row["cure"] for row in rows if row["status"] != "ok")
        return ran.code, {row["check"]: row for row in rows}

    return call


def contents(folder):
    """Every file below a folder: mode and sha256."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path: (path.stat().st_mode, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files}


def set_version(number):
    """Of the store that the environment names."""
    with closing(open_store(None, create=False)) as store:
        store.write([("MATCH (s:Store) SET s.schema_version = $number", {"number": number})])


def failed(rows):
    return [name for name, row in rows.items() if row["status"] == "fail"]


def test_all_is_well(doctor, store):
    code, rows = doctor("--verify")
    assert (code, failed(rows)) == (0, [])
    assert rows["tpugraph-db"]["found"] == __version__
    assert rows["java"]["found"].split(".")[0].isdecimal()
    assert "in use" in rows["neo4j-rust-ext"]["found"]
    assert rows["graphs"]["found"] == "3, of 16 ops"
    assert rows["payload"]["found"].startswith("3 files, ")
    assert rows["payload"]["found"].endswith(f", in {store}")
    assert rows["sha256"]["found"].startswith("3 files are")
    assert [rows[name]["status"] for name in ("privacy", "unreferenced", "under way", "schema")] == ["ok"] * 4
    assert "free at" in rows["disk"]["found"]


def test_a_server_says_its_version_and_its_database(doctor, store):
    _, rows = doctor()
    if "://" not in os.environ["TPUDB_DB"]:
        assert rows["store"]["found"] == f"embedded, in {store.parent}"
        return
    assert rows["server"]["found"].startswith("Neo4j 5.26.")
    assert rows["server"]["found"].endswith(f" community at {os.environ['TPUDB_DB']}")
    assert rows["database"]["found"] == "neo4j: read-write, online"


def test_it_changes_nothing(doctor, store, tmp_path):
    before = contents(tmp_path)
    doctor("--verify")
    assert contents(tmp_path) == before
    with tpugraph_db.open(create=False) as db:
        assert db.query("MATCH (n) RETURN count(n)").rows[0][0] > 16


def test_a_missing_payload_is_named(doctor, store):
    gone = sorted(store.iterdir())[0]
    gone.unlink()
    code, rows = doctor("--verify")
    assert (code, failed(rows)) == (3, ["payload"])
    assert rows["payload"]["found"].startswith(f"1 missing: {gone.name} of ")
    assert "--replace" in rows["payload"]["cure"]
    assert rows["sha256"]["found"].startswith("2 files are")


def test_a_missing_folder_of_payload_is_named(doctor, store):
    store.rename(store.with_name("away"))
    code, rows = doctor("--verify")
    assert (code, failed(rows)) == (3, ["payload"])
    assert f"{store}: No such file" in rows["payload"]["found"]


def test_an_unreferenced_payload_is_named_with_its_size(doctor, store):
    (store / "stray.safetensors").write_bytes(b"x" * 1500)
    (store / ".writing-x").write_bytes(b"")
    code, rows = doctor()
    assert (code, failed(rows)) == (0, [])
    assert rows["unreferenced"]["status"] == "warn"
    assert rows["unreferenced"]["found"] == "2 of no graph: .writing-x (0 bytes), stray.safetensors (1.5 kB)"


def test_a_changed_payload_is_found_by_verify(doctor, store):
    path = sorted(store.iterdir())[0]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert doctor()[0] == 0
    code, rows = doctor("--verify")
    assert (code, failed(rows)) == (3, ["sha256"])
    assert rows["sha256"]["found"].startswith(f"1 changed: {path.name} of ")


def test_another_schema_is_said(doctor, store):
    set_version(99)
    code, rows = doctor()
    set_version(SCHEMA_VERSION)
    assert (code, failed(rows)) == (3, ["schema"])
    assert "found 99" in rows["schema"]["found"]
    assert rows["schema"]["cure"] == "upgrade tpugraph-db"


def test_no_store_yet_is_said_and_none_is_made(doctor, empty):
    code, rows = doctor()
    assert (code, failed(rows)) == (0, [])
    assert rows["store"]["found"].startswith(ELSEWHERE)
    assert "tpudb load" in rows["store"]["cure"]
    assert not empty.exists()


def test_a_store_held_by_another_process(doctor, embedded):
    command = [sys.executable, "-c", HOLD, str(embedded)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as holder:
        assert holder.stdout.readline() == "open\n"
        before = contents(embedded)
        code, rows = doctor()
        assert contents(embedded) == before
        holder.kill()
    assert (code, failed(rows)) == (3, ["owner"])
    assert f"held by process {holder.pid}" in rows["owner"]["found"]
    assert rows["owner"]["cure"] == "close it there first, or let that one serve it (tpudb serve)"
    assert "graphs" not in rows


def test_a_store_held_by_this_process(doctor, embedded):
    with tpugraph_db.open(embedded):
        code, rows = doctor()
    assert (code, failed(rows)) == (3, ["owner"])
    assert "held by this process" in rows["owner"]["found"]


def test_nobody_opens_a_store_while_it_is_looked_at(embedded, monkeypatch):
    from tpugraph_db import doctor_files
    from tpugraph_db.doctor import examine
    from tpugraph_db.errors import StoreBusyError

    def meanwhile(*_):
        with pytest.raises(StoreBusyError):
            tpugraph_db.open(embedded)
        return iter(())

    monkeypatch.setattr(doctor_files, "payloads", meanwhile)
    assert "graphs" in [check.check for check in examine(embedded)]
    tpugraph_db.open(embedded).close()


def test_a_killed_owner_is_said_and_nothing_repaired(doctor, embedded):
    subprocess.run([sys.executable, "-c", KILLED, str(embedded)], cwd=ROOT, check=False, capture_output=True)
    before = contents(embedded)
    code, rows = doctor()
    assert (code, rows["owner"]["status"]) == (0, "warn")
    assert "killed" in rows["owner"]["found"]
    assert contents(embedded) == before
    tpugraph_db.open(embedded).close()
    assert doctor()[1]["graphs"]["status"] == "ok"


@pytest.mark.parametrize(("damaged", "fails"), [("schema*.json", "open"), ("dictionary.*", "schema"), ("*", "open")])
def test_a_damaged_store_is_said_in_a_line(cli, embedded, damaged, fails):
    for path in (embedded / "graph").glob(damaged):
        path.write_bytes(b"{" * 100)
    before = contents(embedded)
    ran = cli("doctor", "--format", "json")
    rows = {row["check"]: row for row in json.loads(ran.out)}
    assert (ran.code, fails in failed(rows)) == (3, True)
    assert contents(embedded) == before


def test_ops_that_are_not_there_are_said(doctor, store):
    with tpugraph_db.open(create=False) as db:
        db.query("MATCH (o:Op {opcode: 'dot'}) DETACH DELETE o", write=True)
    code, rows = doctor()
    assert (code, rows["graphs"]["status"]) == (0, "warn")
    assert rows["graphs"]["found"].startswith("3, of 16 ops; but 1")


def test_a_store_open_to_others_is_said(doctor, embedded):
    embedded.chmod(0o755)
    code, rows = doctor()
    assert (code, rows["privacy"]["status"]) == (0, "warn")
    assert rows["privacy"]["cure"] == f"chmod -R go= {embedded}"


UNPRIVILEGED = """
import os, sys
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run
run(tpudb, ["doctor", "--db", sys.argv[1], "--format", "json"])  # loads what only root may read
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print("----", flush=True)
sys.exit(run(tpudb, ["doctor", "--db", sys.argv[2], "--format", "json"]))
"""


@pytest.fixture
def common():
    """A folder that everybody reaches."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def unprivileged(first, folder):
    """What it says to a user who is not root: exit code, rows."""
    command = [sys.executable, "-c", UNPRIVILEGED, str(first), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, {row["check"]: row for row in json.loads(done.stdout.split("----\n")[1])}


def copy(source, target, mode):
    """A copy in which everybody may do what ``mode`` says."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        place.mkdir() if path.is_dir() else place.write_bytes(path.read_bytes())
    for place in (*target.rglob("*"), target):
        place.chmod(mode if place.is_dir() else mode & 0o666)
    return target


def test_a_folder_without_write_access(embedded, common):
    code, rows = unprivileged(embedded, copy(embedded, common / "store", 0o555))
    assert code == 3
    assert rows["write access"]["status"] == "fail"
    assert str(common / "store") in rows["write access"]["found"]
    assert rows["write access"]["cure"]


def test_a_file_without_write_access(embedded, common):
    copied = copy(embedded, common / "store", 0o777)
    (copied / "graph" / "schema.json").chmod(0o444)
    code, rows = unprivileged(embedded, copied)
    assert (code, failed(rows)) == (3, ["write access"])
    assert rows["write access"]["found"] == f"none to {copied}/graph/schema.json"


def test_another_user_s_store(embedded, common):
    copied = copy(embedded, common / "store", 0o777)
    copied.chmod(0o000)
    code, rows = unprivileged(embedded, copied)
    assert code == 3
    assert rows["store"]["status"] == "fail"
    assert "graphs" not in rows


def test_a_place_where_no_store_can_be_made(embedded, common):
    common.chmod(0o555)
    code, rows = unprivileged(embedded, common / "store")
    assert (code, failed(rows)) == (3, ["write access"])
    assert rows["store"]["found"].startswith(ELSEWHERE)


@pytest.mark.parametrize("size", ["much", "2gb", "-1", "1m", ""])
def test_a_heap_that_java_refuses(doctor, embedded, size, monkeypatch):
    monkeypatch.setenv("TPUDB_HEAP", size)
    code, rows = doctor()
    assert (code, failed(rows)) == (3, ["heap"])
    assert "graphs" not in rows


def test_a_heap_larger_than_the_memory(doctor, empty, monkeypatch):
    monkeypatch.setenv("TPUDB_HEAP", "900t")
    code, rows = doctor()
    assert (code, rows["heap"]["status"]) == (0, "warn")


def test_no_neo4j_answers(doctor):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    code, rows = doctor("--db", f"bolt://127.0.0.1:{port}")
    assert (code, failed(rows)) == (3, ["server"])
    assert "no Neo4j answers" in rows["server"]["found"]


def test_a_wrong_password(doctor, neo4j, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "mistaken-secret")
    code, rows = doctor("--db", neo4j.uri)
    assert (code, failed(rows)) == (3, ["server"])
    assert "refused the user or password" in rows["server"]["found"]
    assert "mistaken-secret" not in json.dumps(rows)


def test_a_wrong_database(doctor, neo4j, monkeypatch):
    monkeypatch.setenv("NEO4J_DATABASE", "elsewhere")
    code, rows = doctor("--db", neo4j.uri)
    assert (code, failed(rows)) == (3, ["server"])
    assert rows["server"]["cure"] == "set NEO4J_DATABASE"


def test_a_database_by_name(doctor, neo4j, monkeypatch):
    monkeypatch.setenv("NEO4J_DATABASE", "neo4j")
    assert doctor("--db", neo4j.uri)[1]["database"]["found"].startswith("neo4j: ")


@pytest.mark.parametrize("uri", ["http://localhost", "bolt://user:secret@localhost", "arcadedb:"])
def test_an_address_that_makes_no_sense(cli, uri):
    ran = cli("doctor", "--db", uri)
    assert (ran.code, ran.out) == (2, "")
    assert "secret" not in ran.err


def test_it_takes_little_more_than_to_open_the_store(embedded):
    def cpu(*words):
        before = os.times()
        subprocess.run([sys.executable, "-m", "tpugraph_db", *words], check=True, capture_output=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    opening = min(cpu("ls") for _ in range(3))
    assert min(cpu("doctor") for _ in range(3)) < 1.5 * opening
