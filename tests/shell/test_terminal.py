"""The whole command in a real pseudo-terminal."""

import signal

import pytest

import tpugraph_db
from tests import graphs
from tests.conftest import write_npz
from tests.shell.terminal import Terminal
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run

ENDLESS = "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j WITH i, j WHERE i + j < 0 RETURN count(*);"
EVIL = "\x1b]0;owned\x07\x1b[2J"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    with tpugraph_db.open(folder / "store") as db:
        db.load([write_npz(graphs.diamond(), folder)])
        db.query("CREATE (:Evil {name: $name})", {"name": EVIL}, write=True)
    return str(folder / "store")


def test_from_a_question_to_the_end(store, tmp_path):
    terminal = Terminal(["shell", "--db", store], tmp_path)
    terminal.until("tpudb read-only>")
    terminal.send("MATCH (o:Op)\rRETURN o.opcode AS op, o.bytes AS bytes ORDER BY op;\r")
    terminal.until("4 rows, ")
    assert "op           bytes\nadd              4\nconvolution   1024\n" in terminal.screen
    terminal.send("match dot -> add\r")
    terminal.until("layout:test:default/valid/diamond  dot#2  add#3\n1 row, ")
    terminal.send("MATCH (e:Evil) RETURN e.name AS name;\r")
    terminal.until(r"\x1b]0;owned\x07\x1b[2J")
    terminal.send(f".export {tmp_path}/rows.csv\r")
    terminal.until("1 row in ")
    terminal.send("MATCH (o:Op) WHERE o.x = RETURN o;\r")
    terminal.until("error: Cypher: ")
    assert "Traceback" not in terminal.screen
    terminal.send(ENDLESS + "\r")
    terminal.until("RETURN count(*);")
    terminal.child.expect(pytest.importorskip("pexpect").TIMEOUT, timeout=1)
    terminal.send("\x03")
    assert terminal.until("error: the query was stopped") < 10
    terminal.send("RETURN 40 + 2 AS sum;\r")
    terminal.until("sum\n 42\n")
    terminal.send("\x04")
    assert terminal.left() == 0
    assert (tmp_path / "rows.csv").read_text().startswith("name\n")
    (history,) = (tmp_path / "state" / "tpugraph-db" / "shell").iterdir()
    assert history.stat().st_mode & 0o777 == 0o600
    assert "+match dot -> add\n" in history.read_text()


def test_a_terminal_that_is_taken_away_ends_it(store, tmp_path):
    terminal = Terminal(["shell", "--write", "--db", store], tmp_path, rows=5, columns=20)
    terminal.until("tpudb write>")
    terminal.child.kill(signal.SIGTERM)
    assert terminal.left() == 128 + signal.SIGTERM


def test_no_terminal(store, capfd):
    assert run(tpudb, ["shell", "--db", store]) == 2
    assert capfd.readouterr() == (
        "",
        "tpudb: a shell needs a terminal; statements from a file or a pipe are for tpudb query -f FILE (or -f -)\n",
    )
