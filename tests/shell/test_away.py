"""A server that goes away: an error in one line, the session stays, and goes on when it is back."""

import socket
import threading
from contextlib import suppress

import pytest

import tpugraph_db
from tests.conftest import open_empty
from tpugraph_db.errors import StoreError
from tpugraph_db.shell.commands import perform
from tpugraph_db.shell.language import Statement
from tpugraph_db.shell.running import Runner
from tpugraph_db.shell.session import Session


class Line:
    """What a client is connected to, and can be cut."""

    def __init__(self, server, port=0):
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        self._ends = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._ends:
            shut(end)

    def _accept(self):
        try:
            while True:
                here = self._listener.accept()[0]
                there = socket.create_connection(("127.0.0.1", self._server))
                self._ends += [here, there]
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()
        except OSError:
            return


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    shut(target)


def shut(end):
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def test_the_session_outlives_its_server(request, tmp_path, monkeypatch):
    with open_empty("neo4j", request, tmp_path):
        server = request.getfixturevalue("neo4j")
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path / "payload"))
    real = int(server.uri.rpartition(":")[2])
    line = Line(real)
    with tpugraph_db.open(f"bolt://127.0.0.1:{line.port}") as db:
        session, runner = Session(db, write=True), Runner(db.store)

        def ask(text):
            return runner.run(lambda: perform(session, Statement(text))).result.rows

        assert ask("CREATE (n:Away) RETURN 1") == [(1,)]
        line.cut()
        for text in ("MATCH (n:Away) RETURN count(n)", "CREATE (n:Away)"):
            with pytest.raises(StoreError, match=r"has not answered for 2 s .*start it") as error:
                ask(text)
            assert "\n" not in str(error.value)
        line = Line(real, line.port)
        assert ask("MATCH (n:Away) RETURN count(n)") == [(1,)]
        line.cut()
        line = Line(real, line.port)  # back before anything was asked
        assert ask("CREATE (n:Away) RETURN 2") == [(2,)]
        assert ask("MATCH (n:Away) DELETE n RETURN count(n)") == [(2,)]
        line.cut()
