"""Ctrl-C ends the waiting, whatever the engine does."""

import os
import signal
import threading
import time

import pytest

from tpugraph_db.cli.signals import handed_over
from tpugraph_db.errors import QueryStoppedError
from tpugraph_db.shell import running
from tpugraph_db.shell.running import Runner

ENDLESS = "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j WITH i, j WHERE i + j < 0 RETURN count(*)"


def interrupt(after):
    threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)).start()


def test_a_query_that_never_ends_is_stopped_and_the_next_runs(db, monkeypatch):
    monkeypatch.setattr(running, "GRACE", 20)
    runner = Runner(db.store)
    assert runner.run(lambda: db.query("RETURN 1").rows) == [(1,)]
    with handed_over():
        interrupt(0.5)
        with pytest.raises(QueryStoppedError, match=r"^the query was stopped$"):
            runner.run(lambda: db.query(ENDLESS))
        assert runner.run(lambda: db.query("RETURN 2").rows) == [(2,)]
    assert not runner.is_left()


class Deaf:
    """An engine that nothing stops."""

    def stoppable(self, stop):
        return threading.Lock()


def test_what_does_not_stop_is_left_behind(monkeypatch):
    monkeypatch.setattr(running, "GRACE", 0.1)
    runner, end = Runner(Deaf()), threading.Event()
    with handed_over():
        interrupt(0.1)
        started = time.monotonic()
        with pytest.raises(QueryStoppedError, match="the engine has not stopped it yet"):
            runner.run(lambda: end.wait(60))
        assert time.monotonic() - started < 10
    assert runner.is_left()
    assert runner.run(lambda: "next") == "next"
    end.set()
    until = time.monotonic() + 10
    while runner.is_left() and time.monotonic() < until:
        time.sleep(0.01)
    assert not runner.is_left()


def test_what_has_ended_in_spite_of_the_stop_is_said(monkeypatch):
    runner = Runner(Deaf())
    with handed_over():
        interrupt(0.1)
        assert runner.run(lambda: time.sleep(0.4) or "committed") == "committed"


def test_errors_are_the_works_own():
    with pytest.raises(ZeroDivisionError):
        Runner(Deaf()).run(lambda: 1 / 0)
