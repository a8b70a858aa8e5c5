"""What docs/security.md promises: passwords are nowhere but where the user put them, stores are private."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import pytest
from neo4j import GraphDatabase

import tpugraph_db
from tests.conftest import open_empty
from tests.stores.guarded import LOAD_CSV, SQL
from tpugraph_db.errors import QueryError, StoreError, UsageError
from tpugraph_db.stores.guard import HARMLESS_PROCEDURES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def holding(password, folder):
    """The files below a folder that hold the password."""
    return [path for path in files(folder) if password.encode() in path.read_bytes()]


@pytest.fixture
def room(tmp_path, neo4j, monkeypatch):
    """A folder where everything goes that commands on a real Neo4j write; the store that the environment names."""
    for name in ("HOME", "TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TPUDB_PAYLOAD"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("TPUDB_DB", neo4j.uri)
    return tmp_path


def run(*words, cwd):
    """Run a command; what it said, and how ``ps`` showed it meanwhile."""
    command = [sys.executable, "-m", "tpugraph_db", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=cwd, env=environment, text=True, **pipes) as process:
        line = Path(f"/proc/{process.pid}/cmdline").read_text()
        said = process.stdout.read()
    return process.returncode, line, said


class TestPasswords:
    def test_no_command_shows_or_writes_it(self, request, room, neo4j, literal_files):
        open_empty("neo4j", request, room).close()
        codes = []
        for words in (
            ("load", literal_files, "-o", "loaded.csv"),
            ("--debug", "predict", "--all", "--write"),
            ("--debug", "query", "RETURN 1 +"),
            ("--debug", "query", "CALL dbms.listConnections()"),
            ("--debug", "info", "nothing"),
            ("doctor", "--verify", "-o", "doctor.json"),
            ("rm", "chain"),
        ):
            code, line, said = run(*words, cwd=room)
            assert neo4j.password not in line + said
            codes.append(code)
        assert codes == [0, 0, 1, 1, 1, 0, 0]
        assert len(files(room)) > 3
        assert holding(neo4j.password, room) == []

    def test_a_refused_one_is_not_shown(self, room, monkeypatch):
        monkeypatch.setenv("NEO4J_PASSWORD", "the-mistaken-one")
        code, line, said = run("--debug", "ls", cwd=room)
        assert (code, "Traceback" in said) == (3, True)
        assert "the-mistaken-one" not in line + said

    def test_too_many_wrong_ones_are_said(self, room, neo4j, monkeypatch):
        with GraphDatabase.driver(neo4j.uri, auth=neo4j.auth) as driver:
            user = "CREATE OR REPLACE USER forgetful SET PASSWORD 'the-right-one' CHANGE NOT REQUIRED"
            driver.execute_query(user, database_="system")
            monkeypatch.setenv("NEO4J_USERNAME", "forgetful")
            monkeypatch.setenv("NEO4J_PASSWORD", "the-mistaken-one")
            said = ""
            for _ in range(6):
                with pytest.raises(StoreError) as caught:
                    tpugraph_db.open()
                said = str(caught.value)
            driver.execute_query("DROP USER forgetful", database_="system")
        assert "after too many wrong ones; wait" in said
        assert "the-mistaken-one" not in said

    def test_an_address_that_holds_one_is_refused_unsaid(self, room, monkeypatch):
        monkeypatch.setenv("TPUDB_DB", "neo4j+s://someone:in-the-address@localhost")
        code, _, said = run("--debug", "ls", cwd=room)
        assert (code, "NEO4J_PASSWORD" in said) == (2, True)
        assert "in-the-address" not in said

    def test_no_log_holds_it(self, room, neo4j, caplog):
        caplog.set_level(logging.DEBUG)
        logging.getLogger("neo4j").setLevel(logging.DEBUG)
        try:
            with tpugraph_db.open() as db:
                db.query("RETURN 1")
        finally:
            logging.getLogger("neo4j").setLevel(logging.NOTSET)
        assert "LOGON" in caplog.text
        assert neo4j.password not in caplog.text

    def test_no_repr_holds_it(self, room, neo4j):
        with tpugraph_db.open() as db:
            store = db.store
            shown = repr((db, store, vars(db), vars(store), vars(store._driver)))
        assert neo4j.password not in shown

    def test_no_traceback_holds_it_even_with_locals(self, room, monkeypatch):
        monkeypatch.setenv("NEO4J_PASSWORD", "the-mistaken-one")
        with pytest.raises(StoreError) as caught:
            tpugraph_db.open()
        shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
        assert "_driver" in shown
        assert "the-mistaken-one" not in shown

    def test_one_that_is_no_text_is_not_shown(self, room, monkeypatch):
        monkeypatch.setenv("NEO4J_PASSWORD", os.fsdecode(b"not-\xff-text"))
        code, _, said = run("--debug", "ls", cwd=room)
        assert code == 3
        assert not re.search("not-.{1,8}-text", said)

    def test_that_of_a_server_for_tests_is_in_one_private_file(self, neo4j):
        assert holding(neo4j.password, neo4j.folder) == [neo4j.folder / "password"]
        assert (neo4j.folder / "password").stat().st_mode & 0o777 == 0o600
        assert neo4j.password not in Path(f"/proc/{neo4j.pid}/cmdline").read_text()


READ_AS_ANOTHER = """
import os, sys
def reads(path):
    try:
        os.close(os.open(path, os.O_RDONLY))
        return True
    except PermissionError:
        return False
os.setgid(65534)
os.setuid(65534)
print("read", sum(map(reads, sys.argv[1:])), "of", len(sys.argv) - 1)
"""


@pytest.fixture
def common():
    """A folder that everybody reaches."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


class TestStoresArePrivate:
    @pytest.fixture(params=["new", "there before"])
    def store(self, request, common, literal_files):
        """A loaded store, in a folder of its own or in one that everybody may enter."""
        previous = os.umask(0o000)
        try:
            if request.param == "there before":
                (common / "store").mkdir(mode=0o755)
            with tpugraph_db.open(common / "store") as db:
                db.load([literal_files])
        finally:
            os.umask(previous)
        return common / "store"

    def test_no_file_is_in_reach_of_others(self, store):
        assert len(files(store)) > 10
        for path in files(store):
            ways = [place for place in (path, *path.parents) if place.is_relative_to(store)]
            assert any(place.stat().st_mode & 0o077 == 0 for place in ways), path

    def test_another_user_reads_nothing(self, store):
        if os.getuid() != 0:
            pytest.skip("only root can become another user; the modes are tested above")
        command = [sys.executable, "-c", READ_AS_ANOTHER, *map(str, files(store))]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == f"read 0 of {len(files(store))}\n"

    def test_payload_of_a_neo4j_is_private(self, request, room, literal_files):
        previous = os.umask(0o000)
        try:
            with open_empty("neo4j", request, room) as db:
                db.load([literal_files])
                folder = db.store.payload_folder
        finally:
            os.umask(previous)
        assert folder.stat().st_mode & 0o077 == 0
        assert len(files(folder)) == 3
        assert all(path.stat().st_mode & 0o077 == 0 for path in files(folder))


class TestTheEmbeddedEngineIsLocked:
    """A second lock, which holds for writes too: what the guard overlooked would still stay in the database."""

    @pytest.fixture
    def db(self, tmp_path, literal_files):
        with tpugraph_db.open(tmp_path / "store") as db:
            db.load([literal_files])
            yield db

    @pytest.mark.parametrize("text", [text for text in LOAD_CSV if r"\u" not in text and "USING" not in text][:5])
    def test_load_csv_opens_no_file(self, db, text, tmp_path):
        (tmp_path / "secret.csv").write_text("secret\n")
        with pytest.raises(QueryError, match="LOAD CSV file:/// URLs are disabled"):
            db.query(text, {"file": (tmp_path / "secret.csv").as_uri()}, write=True)

    def test_load_csv_asks_no_address(self, db):
        with pytest.raises(QueryError, match="LOAD CSV remote URLs are disabled"):
            db.query(LOAD_CSV[0], {"file": "http://127.0.0.1:1/x"}, write=True)

    def test_no_language_but_sql_and_cypher_runs(self, db):
        with pytest.raises(Exception, match=r"(?i)polyglot|js|not found"):
            db.store._java.command("js", "1 + 1")

    @pytest.mark.parametrize("statement", SQL)
    def test_sql_in_a_function_is_unknown(self, db, statement):
        with pytest.raises(QueryError, match="Unknown procedure/function: eval"):
            db.query(f"CALL eval('({statement}) IS NULL')", write=True)


def test_the_page_lists_the_procedures_that_a_read_may_call():
    (listed,) = re.findall(r"procedures\s+((?:`[\w.]+`,?\s*(?:and\s+)?)+)", PAGE)
    assert {name.lower() for name in re.findall(r"`([\w.]+)`", listed)} == HARMLESS_PROCEDURES


def test_the_page_names_targets_that_are_there():
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"make ([a-z0-9-]+)", PAGE))
    assert named
    assert named <= targets


def test_a_password_in_an_address_is_a_usage_error():
    with pytest.raises(UsageError) as caught:
        tpugraph_db.open("bolt://neo4j:in-the-address@localhost")
    assert "in-the-address" not in str(caught.value)
