"""The embedded store of this process for other processes of its user: an Arrow Flight server on loopback.

Every request is one exchange. The client sends what it wants, as messages of :mod:`wire`; the answer is ``columns``,
pieces of ``rows``, and at its end ``done``, or else one ``error``. Reading and its limits are held here, whatever a
client sends.
"""

from __future__ import annotations

import atexit
import hmac
import json
import os
import secrets
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any

from pyarrow import ArrowException, flight

from tpugraph_db.errors import ReadOnlyError, StoreError, TpuGraphError, UsageError
from tpugraph_db.stores import jvm
from tpugraph_db.stores.arcadedb import ArcadeStore
from tpugraph_db.stores.base import Cursor, Fence, Store
from tpugraph_db.stores.notice import Notice, take_down
from tpugraph_db.stores.stop import Stop
from tpugraph_db.stores.wire import PROTOCOL, Codec, pieces
from tpugraph_db.stores.wire_errors import gone, to_message
from tpugraph_db.stores.wire_graphs import to_graphs

HOST = "127.0.0.1"
LOOK_SECONDS = 0.1
"""How often is looked whether a client is still there."""
END_SECONDS = 2.0
"""For the last answers, when the server stops."""

_Call = tuple[Any, Stop]
"""What Flight knows of an exchange, and what stops its statements."""


class Server:
    """Serves a store from now on until :meth:`stop`. A context manager.

    Args:
        store: An embedded one of this process.
        port: On loopback; 0: a free one.
        write: Let clients change the store.

    Raises:
        StoreError: the port is taken; or the store is another server's.
        UsageError: the store is a Neo4j, which is a server itself.
    """

    def __init__(self, store: Store, *, port: int = 0, write: bool = False) -> None:
        self._store, self._folder = _embedded(store), store.payload_folder.parent
        self.write = write
        self._calls: set[_Call] = set()
        self._lock, self._stopped = Lock(), Event()
        token = secrets.token_urlsafe(32)
        self._flight = _listen(self, token, port)
        self.address = f"grpc://{HOST}:{self._flight.port}"
        Thread(target=self._look, daemon=True, name="clients").start()
        atexit.register(self.stop)  # left to Python's own end, Flight would wait for clients for ever
        try:
            Notice(self.address, os.getpid(), token).put_up(self._folder)
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait(self) -> None:
        """Return when another thread stops the server."""
        self._stopped.wait()

    def stop(self) -> None:
        """Take no more clients, and end what the others are at. The store stays open."""
        if self._stopped.is_set():
            return
        atexit.unregister(self.stop)
        take_down(self._folder)
        self._stopped.set()
        ending = Thread(target=self._flight.shutdown, daemon=True, name="end")  # it waits for all, also for a client
        ending.start()  # that does not take its rows
        ending.join(END_SECONDS)

    def answer(self, verb: str, body: Iterator[Any], codec: Codec) -> Generator[str, None, None]:
        """The messages that answer one request.

        Raises:
            TpuGraphError: as the store raises it; ReadOnlyError: a change, where the server only lets read.
        """
        if verb == "hello":
            yield codec.encode({"protocol": PROTOCOL, "write": self.write})
        elif verb == "read":
            with self._store.stream(**next(body)) as cursor:
                yield from _rows(cursor, codec)
        elif verb == "plan":
            yield codec.encode({"plan": self._store.plan(**next(body))})
        else:
            yield from _rows(self._change(verb, body), codec)
        yield codec.encode({"done": True})

    def _change(self, verb: str, body: Iterator[Any]) -> Cursor:
        if not self.write:
            raise ReadOnlyError(
                f"{self._store.location}: it is served for reading only, by process {os.getpid()}; to change it, end "
                "that one and say tpudb serve --write"
            )
        if verb == "write":
            return _written(self._store, next(body))
        if verb == "apply_schema":
            self._store.apply_schema()
        elif verb == "add_graphs":
            owner = next(body)
            self._store.add_graphs(to_graphs(body), owner)
        return Cursor((), iter(()))

    def said(self, error: Exception) -> TpuGraphError:
        """What a client hears of an error."""
        if self._stopped.is_set():
            return gone(self._store.location, os.getpid())
        if isinstance(error, TpuGraphError):
            return error
        return StoreError(f"{self._store.location}: a fault in the server: {type(error).__name__}: {error}")

    @contextmanager
    def watched(self, context: Any) -> Iterator[None]:
        """Stop the statements of the block when their client is gone, or the server ends."""
        stop = Stop()
        call = context, stop
        with self._store.stoppable(stop):
            with self._lock:
                self._calls.add(call)
            try:
                yield
            finally:
                with self._lock:
                    self._calls.remove(call)

    def _look(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            self._stop_calls(lambda context: bool(context.is_cancelled()))
        self._stop_calls(lambda context: True)

    def _stop_calls(self, is_over: Callable[[Any], bool]) -> None:
        with self._lock:
            for context, stop in self._calls:
                if is_over(context):
                    stop.now()


class _Flight(flight.FlightServerBase):  # type: ignore[misc]
    """What Flight asks for; every other of its verbs is refused by its base."""

    def __init__(self, server: Server, token: str, port: int) -> None:
        self._server = server
        super().__init__(f"grpc://{HOST}:{port}", middleware={"token": _Doorkeeper(token)})

    def do_exchange(self, context: Any, descriptor: Any, reader: Any, writer: Any) -> None:
        """One request."""
        request = json.loads(descriptor.command)
        codec = Codec(request["key"])
        try:
            bodies = _bodies(reader, codec)
            with self._server.watched(context), closing(self._server.answer(request["verb"], bodies, codec)) as answer:
                for message in answer:
                    writer.write_metadata(message.encode())
        except Exception as error:
            for _ in reader:
                pass  # a client that still sends would not listen
            writer.write_metadata(codec.encode({"error": to_message(self._server.said(error))}).encode())
        finally:
            jvm.leave_thread()  # Flight's threads come and go


class _Doorkeeper(flight.ServerMiddlewareFactory):  # type: ignore[misc]
    """Lets in who knows the token."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._expected = f"Bearer {token}"

    def start_call(self, info: Any, headers: dict[str, list[str]]) -> None:
        """Called before anything of a request is looked at."""
        found = headers.get("authorization") or [""]
        if not hmac.compare_digest(found[0].encode(), self._expected.encode()):
            raise flight.FlightUnauthenticatedError("the token is not this server's")


def _embedded(store: Store) -> Store:
    if isinstance(store, ArcadeStore):
        return store
    if store.engine == ArcadeStore.engine:
        raise StoreError(f"{store.location}: the store is served already, by another process")
    raise UsageError(f"{store.location}: a Neo4j is a server itself; give its clients its address")


def _listen(server: Server, token: str, port: int) -> _Flight:
    try:
        with socket.create_server((HOST, port)):
            pass  # Flight would also say on stderr that it is taken
        return _Flight(server, token, port)
    except (ArrowException, OSError) as error:
        number = getattr(error, "errno", None)
        reason = os.strerror(number) if number else str(error)
        cure = "choose another with --port, or none for a free one"
        raise StoreError(f"{HOST}:{port}: the port is taken, or not to be had ({reason}); {cure}") from error


def _bodies(reader: Any, codec: Codec) -> Iterator[Any]:
    for message in reader:
        yield codec.decode(message.app_metadata.to_pybytes())


def _written(store: Store, asked: dict[str, Any]) -> Cursor:
    fence = asked["fence"] and Fence(*asked["fence"])
    result = store.write(asked["statements"], asked["timeout"], fence)
    return Cursor(result.columns, iter(result.rows))


def _rows(cursor: Cursor, codec: Codec) -> Iterator[str]:
    yield codec.encode({"columns": cursor.columns})
    for piece in pieces(map(codec.encode, cursor.rows)):
        yield f'{{"rows":{piece}}}'
