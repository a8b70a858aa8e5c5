import os
import signal
import subprocess
import sys
import time

import pytest

TPUDB = [sys.executable, "-m", "tpugraph_db"]


def test_help_names_every_command(cli):
    ran = cli("--help")
    assert ran.code == 0
    for command in (
        "load",
        "ls",
        "info",
        "rm",
        "schema",
        "query",
        "queries",
        "shell",
        "train",
        "eval",
        "predict",
        "scores",
        "submit",
    ):
        assert f"\n  {command} " in ran.out


def test_help_imports_nothing_heavy():
    code = "import sys; from tpugraph_db.cli import tpudb; tpudb.main(['--help'], standalone_mode=False); "
    code += "print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    heavy = {"numpy", "networkx", "neo4j", "arcadedb_embedded", "jpype", "pyarrow", "rich", "safetensors"}
    heavy |= {"prompt_toolkit", "pygments"}
    assert not loaded & (heavy | {"torch", "dgl", "scipy", "lightgbm"})


@pytest.mark.parametrize(
    "words", [["load"], ["nonsense"], ["query", "--format", "xml", "RETURN 1"], ["predict", "--top", "-1", "x"]]
)
def test_usage_is_2(cli, words):
    assert cli(*words).code == 2


def test_debug_shows_the_traceback(cli, empty):
    assert "Traceback" in cli("--debug", "ls").err
    assert "Traceback" not in cli("ls").err


def test_neo4j_that_is_not_there_is_3(cli, monkeypatch):
    monkeypatch.delenv("TPUDB_DB", raising=False)
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    ran = cli("ls")
    assert ran.code == 3
    assert ran.err.startswith("tpudb: bolt://127.0.0.1:1: no Neo4j answers there")


def test_a_closed_pipe_is_quiet(empty, literal_files):
    subprocess.run([*TPUDB, "load", str(literal_files)], check=True, capture_output=True)
    words = " ".join(TPUDB)
    pipe = f"{words} query 'UNWIND range(1, 100000) AS i RETURN i' --limit -1 --format csv | head -1"
    ran = subprocess.run(["bash", "-c", f"set -o pipefail; {pipe}"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "i\n", "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals(empty, literal_files, number, code):
    # a pipe that never ends keeps the command waiting; a shell's background job is born deaf to Ctrl-C
    reading = subprocess.Popen(
        [*TPUDB, "load", "-", "--name", "x"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(1.5)
    reading.send_signal(number)
    assert reading.wait(20) == code
    assert reading.stderr is not None
    assert b"Traceback" not in reading.stderr.read()


def test_an_open_store_leaves_nothing_behind(empty, literal_files, tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    ran = subprocess.run(
        [*TPUDB, "load", str(literal_files)], cwd=room, capture_output=True, text=True, env=dict(os.environ)
    )
    assert ran.returncode == 0
    assert list(room.iterdir()) == []
    assert len(ran.stderr.splitlines()) == 1
