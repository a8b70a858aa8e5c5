"""An embedded store that another process serves (:mod:`serve`): a client, without an engine or a JVM of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import Any, TypeVar

from pyarrow import ArrowException, flight

from tpugraph_db.errors import StoreBusyError, StoreError
from tpugraph_db.rows import GraphRows
from tpugraph_db.stores.arcadedb import ArcadeStore
from tpugraph_db.stores.base import Cursor, Fence, Parameters, Properties, Statement, Store, setting, stopped
from tpugraph_db.stores.notice import Notice, read_notice
from tpugraph_db.stores.result import Result
from tpugraph_db.stores.stop import Stop
from tpugraph_db.stores.wire import PROTOCOL, Codec
from tpugraph_db.stores.wire_errors import gone, to_error
from tpugraph_db.stores.wire_graphs import to_messages

CONNECT_SECONDS = 5.0
"""For the first answer of a server on this machine."""

_LISTEN_SECONDS = 0.2

Found = TypeVar("Found")
ANSWER_SECONDS = 10.0
"""How long after a read's own limit, which the server keeps, that one is held to be no more."""


class ServedStore(Store):
    """See :class:`Store`. What it may do is the server's to say."""

    engine = ArcadeStore.engine
    batch_elements = ArcadeStore.batch_elements
    hubs_go_first = ArcadeStore.hubs_go_first

    def __init__(self, path: Path, notice: Notice) -> None:
        self.location = str(path)
        self.payload_folder = path.absolute() / "payload"
        self._headers = [(b"authorization", f"Bearer {notice.token}".encode())]
        self._process, self._server = os.getpid(), notice.pid
        # else an http_proxy of the environment would be shown the token
        self._client = flight.connect(notice.address, generic_options=[("grpc.enable_http_proxy", 0)])
        self._is_open = True
        self._waiting: dict[int, _Answer] = {}
        """By the thread that waits for it."""

    @contextmanager
    def read(self, text: str, parameters: Parameters, timeout: float | None) -> Iterator[Cursor]:
        asked = {"text": text, "parameters": parameters, "timeout": timeout}
        with closing(self._ask("read", [asked], timeout and timeout + ANSWER_SECONDS)) as answer:
            yield _cursor(answer)

    def write(
        self, statements: Sequence[Statement], timeout: float | None = None, fence: Fence | None = None
    ) -> Result:
        asked = {"statements": statements, "timeout": timeout, "fence": fence and [fence.check, fence.done]}
        with closing(self._ask("write", [asked])) as answer:
            cursor = _cursor(answer)
            return Result.collect(cursor.columns, cursor.rows, None)

    @contextmanager
    def stoppable(self, stop: Stop) -> Iterator[None]:
        answer = self._waiting[get_ident()] = _Answer()
        try:
            with stop.by(answer.stop):
                yield
        finally:
            del self._waiting[get_ident()]

    def plan(self, text: str, parameters: Parameters) -> str:
        (message,) = self._ask("plan", [{"text": text, "parameters": parameters}])
        return str(message["plan"])

    def apply_schema(self) -> None:
        self._do("apply_schema", [])

    def add_graphs(self, graphs: Sequence[GraphRows], owner: str) -> None:
        self._do("add_graphs", (body for part in ([owner], to_messages(graphs)) for body in part))

    def set_properties(
        self,
        parts: Sequence[Properties],
        before: Sequence[Statement] = (),
        after: Sequence[Statement] = (),
        fence: Fence | None = None,
    ) -> None:
        self.write([*before, *setting(parts), *after], fence=fence)

    def close(self) -> None:
        if self._is_open and self._process == os.getpid():
            self._client.close()
        self._is_open = False

    def _do(self, verb: str, bodies: Iterable[Any]) -> None:
        for _ in self._ask(verb, bodies):
            pass

    def _ask(
        self, verb: str, bodies: Iterable[Any], timeout: float | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """The messages of an answer; the server hears of it when they are left early."""
        self._check_process()
        codec = Codec()
        request = json.dumps({"verb": verb, "key": codec.key}).encode()
        options = flight.FlightCallOptions(timeout=timeout, headers=self._headers)
        descriptor = flight.FlightDescriptor.for_command(request)
        with self._errors(), ThreadPoolExecutor(1) as reading:  # in a thread, so that Ctrl-C ends the wait
            exchange = reading.submit(self._client.do_exchange, descriptor, options)
            try:
                writer, reader = _result(exchange)
                self._waiting.get(get_ident(), _Answer()).begin(reader)
                for body in bodies:
                    writer.write_metadata(codec.encode(body).encode())
                writer.done_writing()
                while "done" not in (message := codec.decode(_result(reading.submit(_next, reader)))):
                    if "error" in message:
                        raise to_error(message["error"])
                    yield message
            finally:
                exchange.add_done_callback(_end)

    def _check_process(self) -> None:
        if not self._is_open:
            raise StoreError(f"{self.location}: the store is closed")
        if self._process != os.getpid():
            cure = "start processes with multiprocessing's 'spawn' (or open the store only in the child)"
            raise StoreError(f"a served store cannot be used in a forked process: {cure}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Flight's exceptions as ours."""
        try:
            yield
        except (ArrowException, OSError) as error:
            answer = self._waiting.get(get_ident())
            raise stopped() if answer and answer.is_stopped else gone(self.location, self._server) from error


class _Answer:
    """What a thread waits for, which another may stop: the server hears that nobody wants it any more."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._reader: Any = None

    def begin(self, reader: Any) -> None:
        """From now on it is this one."""
        self._reader = reader
        if self.is_stopped:
            reader.cancel()

    def stop(self) -> None:
        self.is_stopped = True
        if self._reader is not None:
            self._reader.cancel()


def find_served(path: Path, busy: StoreBusyError) -> ServedStore | None:
    """A client of the process that has the store, where that one serves it.

    Raises:
        StoreError: it does not answer, or is of another version.
    """
    notice = read_notice(path)
    if notice is None or notice.pid != busy.pid:  # left by a process that was killed
        return None
    store = ServedStore(path, notice)
    try:
        (greeting,) = store._ask("hello", [], CONNECT_SECONDS)
        if greeting["protocol"] != PROTOCOL:
            raise StoreError(f"{path}: process {notice.pid} serves it with another tpugraph-db; use that one's version")
    except BaseException:
        store.close()
        raise
    return store


def _next(reader: Any) -> bytes:
    return bytes(reader.read_chunk().app_metadata)


def _result(future: Future[Found]) -> Found:
    """A signal that the kernel hands to another thread would wake nobody who waits without an end."""
    while True:
        with suppress(TimeoutError):
            return future.result(_LISTEN_SECONDS)
        if future.done():
            return future.result()


def _end(exchange: Future[Any]) -> None:
    """Leave an exchange, also one that was left before it had begun."""
    if exchange.exception() is None:
        writer, reader = exchange.result()
        reader.cancel()
        with suppress(ArrowException, OSError):
            writer.close()  # left to its end, it would complain on stderr


def _cursor(answer: Iterator[dict[str, Any]]) -> Cursor:
    columns = next(answer)["columns"]
    return Cursor(tuple(columns), (tuple(row) for message in answer for row in message["rows"]))
