"""Ctrl-C and SIGTERM in the middle of a command: at once, with the right code, and the store opens afterwards."""

import os
import signal
import subprocess
import sys
import time

import pytest

import tpugraph_db
from benchmarks.synthetic import make
from tests.conftest import SERVERS, write_npz
from tpugraph_db.cli import signals

TPUDB = [sys.executable, "-m", "tpugraph_db"]
ENDLESS = "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j WITH i, j WHERE i + j < 0 RETURN count(*)"
AT_ONCE = 5
"""Seconds; a busy machine needs some to run a thread at all."""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Files that take some seconds to load."""
    folder = tmp_path_factory.mktemp("large")
    for number in range(4):
        write_npz(make(f"g{number}", 20_000, 20, seed=number), folder)
    return folder


@pytest.fixture(params=["arcadedb", "neo4j"])
def environment(request, tmp_path):
    """Where a command finds its store."""
    uri = request.getfixturevalue(SERVERS[request.param]).uri if request.param in SERVERS else str(tmp_path / "store")
    return dict(os.environ) | {"TPUDB_DB": uri, "TPUDB_PAYLOAD": str(tmp_path / "payload")}


def interrupted(words, number, environment, tmp_path, after):
    """Start a command, send it a signal after some seconds; its exit code, what it said, and how long it took."""
    room = tmp_path / "room"
    room.mkdir(exist_ok=True)
    child = subprocess.Popen(
        [*TPUDB, *words],
        cwd=room,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(after)
    assert child.poll() is None, child.communicate()
    child.send_signal(number)
    sent = time.monotonic()
    said = child.communicate(timeout=AT_ONCE)[1]
    assert list(room.iterdir()) == []
    return child.returncode, said, time.monotonic() - sent


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("action", ["query", "load"])
def test_in_the_middle(environment, large, tmp_path, action, number, code):
    words = {"query": ["query", ENDLESS, "--timeout", "300"], "load": ["load", str(large)]}[action]
    if action == "query":
        subprocess.run([*TPUDB, "load", str(large / "none.npz")], env=environment, capture_output=True)
    found, said, took = interrupted(words, number, environment, tmp_path, 3.5)
    assert (found, said) == (code, "")
    assert took < AT_ONCE
    again = subprocess.run([*TPUDB, "ls"], env=environment, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr


def test_last_words_are_said_and_a_closed_stderr_keeps_nobody(monkeypatch, capfd):
    def leave(code):
        raise SystemExit(code)

    def end():
        reader, writer = os.pipe()
        os.write(writer, bytes([signal.SIGINT]))
        with pytest.raises(SystemExit) as left:
            signals._end(reader)
        return left.value.code

    monkeypatch.setattr(os, "_exit", leave)
    with signals.last_words(lambda: "go on\x1b with --resume"):
        assert end() == 130
        assert capfd.readouterr().err == "go on\\x1b with --resume\n"
        monkeypatch.setattr(sys, "stderr", None)
        assert end() == 130
    monkeypatch.undo()
    assert signals._last_words == []


def test_a_load_that_was_interrupted_is_finished_by_the_next(environment, large, tmp_path):
    interrupted(["load", str(large)], signal.SIGTERM, environment, tmp_path, 3.5)
    done = subprocess.run([*TPUDB, "load", str(large)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TPUDB_PAYLOAD", environment["TPUDB_PAYLOAD"])
        with tpugraph_db.open(environment["TPUDB_DB"]) as db:
            rows = db.query(
                "MATCH (g:Graph) WHERE g.collection = 'layout:synthetic:random' "
                "MATCH (o:Op {graph: g.id}) RETURN g.id, g.ops, count(o)"
            ).rows
            assert [(ops, found) for _, ops, found in rows] == [(20_000, 20_000)] * 4
            db.remove([graph for graph, *_ in rows])
