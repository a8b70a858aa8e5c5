"""What only a store that another process serves can get wrong: who comes in, who goes, and what is left behind."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from pyarrow import flight

import tpugraph_db
from tests import graphs
from tests.serving import ROOT, serving
from tpugraph_db import errors
from tpugraph_db.errors import DataError, QueryError, ReadOnlyError, StoreBusyError, StoreError
from tpugraph_db.rows import graph_rows
from tpugraph_db.stores import open_store, served, wire_graphs
from tpugraph_db.stores.notice import Notice, read_notice
from tpugraph_db.stores.wire import Codec, pieces
from tpugraph_db.stores.wire_errors import to_error, to_message

ENDLESS = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS x WHERE x = -7 RETURN count(x)"
MANY = "UNWIND range(1, 1000) AS a UNWIND range(1, 1000) AS b RETURN a, b, 'some text that takes room' AS c"
DIAMOND = graph_rows(graphs.diamond(), "payload-of-diamond")
END_SECONDS = 10
PLAIN = [kind for kind in vars(errors).values() if isinstance(kind, type) and kind is not DataError]
ERRORS = [
    DataError("x.npz", "key", expected="a", found="b", cure="c"),
    QueryError("no Cypher", line=2, column=7),
    StoreBusyError("held", pid=42),
    *(kind("what, where, cure") for kind in PLAIN),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory, literal_files):
    """An embedded store of this process, with the literal graphs in it."""
    with tpugraph_db.open(tmp_path_factory.mktemp("served") / "store") as database:
        database.load([literal_files])
        yield database


@pytest.fixture
def folder(database):
    return Path(database.store.location)


@pytest.fixture
def server(database):
    with database.serve() as server:
        yield server


@pytest.fixture
def client(server, folder):
    with tpugraph_db.open(folder) as client:
        yield client


def until(holds):
    """Wait for it, for some seconds at most."""
    end = time.monotonic() + END_SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def python(code, *arguments):
    """Start code in a new process."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, **pipes)


# what travels


def test_values_travel_beside_maps_that_look_like_them():
    codec = Codec()
    value = {codec.key[:-1]: ["Node", []], "date": [1, None, {"": float("inf")}]}
    assert codec.decode(codec.encode(value).encode()) == value
    with pytest.raises(TypeError, match="a set does not travel"):
        codec.encode({1})


def test_rows_go_out_in_pieces_the_first_at_once(monkeypatch):
    monkeypatch.setattr("tpugraph_db.stores.wire.PIECE_BYTES", 4)
    monkeypatch.setattr("tpugraph_db.stores.wire.PIECE_SECONDS", 1e9)
    assert list(pieces(["1", "22", "33", "4"])) == ["[1]", "[22,33]", "[4]"]
    assert list(pieces([])) == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_travel(error):
    found = to_error(json.loads(json.dumps(to_message(error))))
    assert (type(found), str(found), vars(found)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_graphs_travel_in_pieces(monkeypatch, piece):
    monkeypatch.setattr(wire_graphs, "PIECE", piece)
    sent = [DIAMOND, graph_rows(graphs.lowered(), "payload-of-lowered")]
    messages = json.loads(json.dumps(list(wire_graphs.to_messages(sent))))
    for found, expected in zip(wire_graphs.to_graphs(messages), sent, strict=True):
        parts = [{k: getattr(v, "tolist", lambda v=v: v)() for k, v in vars(g).items()} for g in (found, expected)]
        assert parts[0] == parts[1]
        assert found.feeds.dtype == expected.feeds.dtype


# who comes in


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.write([("CREATE (:T)", {})]),
        lambda store: store.apply_schema(),
        lambda store: store.add_graphs([DIAMOND] * 200, "me"),
        lambda store: store.query("CREATE (:T)", write=True),
    ],
)
def test_a_server_that_lets_read_lets_nobody_write(client, change):
    with pytest.raises(ReadOnlyError, match=r"served for reading only, by process \d+; .*tpudb serve --write"):
        change(client.store)
    assert client.query("MATCH (n:T) RETURN count(n)").rows == [(0,)]


@pytest.mark.parametrize("text", ["CREATE (:T)", "LOAD CSV FROM 'file:///x' AS r RETURN r", "CALL dbms.listConfig()"])
def test_the_server_has_a_guard_of_its_own(client, text):
    with pytest.raises(ReadOnlyError), client.store.read(text, {}, None) as cursor:
        list(cursor.rows)


def test_verbs_that_change_say_so_and_leave_no_file(client, literal_files, tmp_path):
    payload = sorted(client.store.payload_folder.iterdir())
    graph = client.query("MATCH (g:Graph) RETURN g.id ORDER BY g.id").rows[0][0]
    for change in (
        lambda: client.load([literal_files], replace=True),
        lambda: client.remove([graph]),
        lambda: client.predict([graph], write=True),
    ):
        with pytest.raises(ReadOnlyError, match="served for reading only"):
            change()
    assert sorted(client.store.payload_folder.iterdir()) == payload
    assert client.record(graph).id == graph


@pytest.mark.parametrize("headers", [[], [(b"authorization", b"Bearer x")], [(b"authorization", b"")]])
def test_who_does_not_know_the_token_gets_nothing(server, headers):
    options = flight.FlightCallOptions(headers=headers, timeout=5)
    with closing(flight.connect(server.address)) as stranger:
        for ask in (
            lambda: stranger.do_exchange(flight.FlightDescriptor.for_command(b"{}"), options)[1].read_chunk(),
            lambda: list(stranger.list_flights(options=options)),
            lambda: list(stranger.do_action(flight.Action("x", b""), options)),
        ):
            with pytest.raises(flight.FlightUnauthenticatedError):
                ask()


def test_an_old_token_is_refused_and_none_is_shown(server, folder):
    notice = read_notice(folder)
    with (
        closing(served.ServedStore(folder, Notice(notice.address, notice.pid, "x"))) as store,
        pytest.raises(StoreError, match="does not answer") as caught,
    ):
        store.query("RETURN 1")
    assert notice.token not in str(caught.value) + repr(notice)


def test_the_notice_is_its_users_alone_and_the_port_on_loopback(server, folder):
    assert stat.S_IMODE((folder / "served").stat().st_mode) == 0o600
    port = int(server.address.rpartition(":")[2])
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    sockets = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()]
    listening = {words[1] for words in sockets if words[3] == "0A" and words[1].endswith(f":{port:04X}")}
    assert len(listening) == 1
    assert listening <= {f"{ip}:{port:04X}" for ip in ("0100007F", "0000000000000000FFFF00000100007F")}


def test_no_proxy_is_shown_the_token(server, folder, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)
        for name in ("http_proxy", "grpc_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        with tpugraph_db.open(folder) as client:
            assert client.query("RETURN 1").rows == [(1,)]
        with pytest.raises(BlockingIOError):  # nobody has come
            proxy.accept()


def test_a_port_that_is_taken(database, server, folder, capfd):
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:\d+: the port is taken, .* --port"):
        database.serve(port=int(server.address.rpartition(":")[2]))
    assert capfd.readouterr() == ("", "")
    with tpugraph_db.open(folder) as client:  # the first one's notice is there still
        assert client.query("RETURN 1").rows == [(1,)]
        with pytest.raises(StoreError, match="served already, by another process"):
            client.serve()


# who goes


def test_a_stream_left_early_ends_its_query(client, server):
    with client.stream(MANY) as cursor:
        assert next(cursor.rows) == (1, 1, "some text that takes room")
    until(lambda: not server._calls)
    assert client.query("RETURN 1").rows == [(1,)]


def test_a_client_that_is_killed_ends_its_query(server, folder):
    code = "import sys, tpugraph_db; tpugraph_db.open(sys.argv[1]).query(sys.argv[2])"
    with python(code, folder, ENDLESS) as killed:
        until(lambda: server._calls)
        time.sleep(0.3)
        assert server._calls
        killed.kill()
    until(lambda: not server._calls)


CTRL_C = """
import os, signal, sys, threading, time
import tpugraph_db
with tpugraph_db.open(sys.argv[1]) as db:
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        db.query(sys.argv[2])
    except KeyboardInterrupt:
        print(db.query("RETURN 42").rows, "jpype" in sys.modules)
"""


def test_ctrl_c_ends_the_query_only_and_a_client_has_no_java(server, folder):
    said, complaint = python(CTRL_C, folder, ENDLESS).communicate(timeout=60)
    assert (said, complaint) == ("[(42,)] False\n", "")
    until(lambda: not server._calls)


def test_a_server_that_ends_says_so_to_whoever_is_asking(database, folder):
    with (
        ThreadPoolExecutor(1) as thread,
        database.serve() as server,
        closing(open_store(folder, create=False)) as store,
    ):
        asked = thread.submit(store.query, ENDLESS)
        until(lambda: server._calls)
        server.stop()
        for ask in (asked.result, lambda: store.query("RETURN 1")):
            with pytest.raises(StoreError, match=f"process {os.getpid()}, which serves it, has ended"):
                ask()
    assert not (folder / "served").exists()
    assert database.query("RETURN 1").rows == [(1,)]
    with pytest.raises(StoreBusyError, match=r"held by this process; .*tpudb serve"):
        tpugraph_db.open(folder)


FORGETS = """
import sys, tpugraph_db
db = tpugraph_db.open(sys.argv[1])
db.serve()
rows = tpugraph_db.open(sys.argv[1]).stream(sys.argv[2])
print(next(rows.__enter__().rows))
"""


def test_a_process_that_forgets_to_stop_serving_ends(tmp_path):
    with python(FORGETS, tmp_path / "store", MANY) as process:
        said, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (0, "")
    assert said == "(1, 1, 'some text that takes room')\n"
    assert not (tmp_path / "store" / "served").exists()


def test_what_is_closed_or_forked_is_not_asked(client):
    client.store._process += 1
    with pytest.raises(StoreError, match="cannot be used in a forked process"):
        client.query("RETURN 1")
    client.store._process -= 1
    client.close()
    with pytest.raises(StoreError, match="the store is closed"):
        client.query("RETURN 1")


def test_another_version_is_refused(server, folder, monkeypatch):
    monkeypatch.setattr(served, "PROTOCOL", 2)
    with pytest.raises(StoreError, match="with another tpugraph-db"):
        tpugraph_db.open(folder)


def test_a_fault_of_the_server_is_an_error_of_the_store(client, database, monkeypatch):
    monkeypatch.setattr(database.store, "read", lambda *_: 1 / 0)
    with pytest.raises(StoreError, match="a fault in the server: ZeroDivisionError"):
        client.query("RETURN 1")


# several at once


def test_readers_and_a_writer_at_once(database, folder):
    """Two nodes come with each transaction: nobody sees one of them alone."""
    done = threading.Event()

    def read():
        seen = set()
        with closing(open_store(folder, create=False)) as store:
            while not done.is_set():
                seen |= {row[0] for row in store.query("MATCH (n:Pair) RETURN n.k, count(*) AS c").rows if row[1] != 2}
                seen |= {len(store.query("UNWIND range(1, 5000) AS a RETURN a").rows) - 5000}
        return seen

    with database.serve(write=True), closing(open_store(folder, create=False)) as writer, ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for k in range(20):
            writer.write([("CREATE (:Pair {k: $k}), (:Pair {k: $k})", {"k": k})])
        done.set()
        assert [reader.result(60) for reader in readers] == [{0}] * 4
        assert writer.query("MATCH (n:Pair) RETURN count(n)").rows == [(40,)]
        writer.write([("MATCH (n:Pair) DELETE n", {})])


# what is left behind


def test_a_server_that_is_killed_leaves_a_store_that_opens(tmp_path, monkeypatch):
    folder = tmp_path / "store"
    with serving(folder, "--write") as server:
        with tpugraph_db.open(folder) as client, ThreadPoolExecutor(1) as thread:
            client.query("CREATE (:Kept)", write=True)
            asked = thread.submit(client.query, ENDLESS)
            time.sleep(0.3)
            server.send_signal(signal.SIGSTOP)
            until(lambda: Path(f"/proc/{server.pid}/stat").read_text().rpartition(") ")[2].startswith("T"))
            monkeypatch.setattr(served, "CONNECT_SECONDS", 0.3)
            monkeypatch.setattr(served, "ANSWER_SECONDS", 0.2)
            with pytest.raises(StoreError, match=f"process {server.pid}, which serves it, has ended or does not"):
                tpugraph_db.open(folder)
            with pytest.raises(StoreError, match=f"process {server.pid}, which serves it, has ended or does not"):
                client.query("RETURN 1", timeout=0.1)
            server.kill()
            with pytest.raises(StoreError, match=f"process {server.pid}, which serves it, has ended"):
                asked.result(END_SECONDS)
        assert read_notice(folder).pid == server.pid
    with tpugraph_db.open(folder) as again:
        assert not (folder / "served").exists()
        assert again.query("MATCH (n:Kept) RETURN count(n)").rows == [(1,)]


def test_an_old_notice_is_not_believed(database, folder):
    for notice in (Notice("grpc://127.0.0.1:1", 1, "x"), Notice("grpc://127.0.0.1:1", 2**22 + 1, "x")):
        notice.put_up(folder)
        with pytest.raises(StoreBusyError, match="held by this process"):
            tpugraph_db.open(folder)
    for text in ("", "{", "[]", '{"pid": 1}'):
        (folder / "served").write_text(text)
        assert read_notice(folder) is None
    (folder / "served").unlink()
