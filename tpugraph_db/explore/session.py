"""What is being explored: a store, a graph of it or a file, a figure, and the op that one stands on."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tpugraph_db.explore.opened import Opened
from tpugraph_db.formats import read
from tpugraph_db.paths import is_file

if TYPE_CHECKING:
    from tpugraph_db.database import Database


class Session:
    """Held by the application; views read it, and change it by asking the application.

    :meth:`database` and :meth:`open` are for a view's ``load``, in a thread. The rest is for the screen's thread.
    """

    def __init__(self, uri: str | None = None, *, by: str | None = None, machine: str | Path | None = None) -> None:
        self.uri, self.machine = uri, machine
        self.graph: Opened | None = None
        self._by = by
        self.op: int | None = None
        """The op that one stands on; None before any was chosen."""
        self._before: list[int] = []
        self._database: Database | None = None
        self._lock = threading.Lock()

    def database(self) -> Database:
        """The store, opened when it is first asked for.

        Raises:
            StoreError: it cannot be reached. The next call tries again.
        """
        from tpugraph_db.database import open

        with self._lock:
            if self._database is None:
                self._database = open(self.uri, create=False)
                self._database.store.be_prompt()
            return self._database

    def forget_database(self) -> None:
        """Let go of a store that has failed: the next :meth:`database` opens it anew. What was read of it stays."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database = None

    def open(self, name: str) -> Opened:
        """A graph by its id, a part of it, or a file's path.

        Raises:
            TpuGraphError: as :meth:`Database.record` and :func:`tpugraph_db.formats.read`.
        """
        if is_file(name):
            return Opened(name, read(name), machine=self.machine)
        database = self.database()
        record = database.record(name)
        return Opened(record.id, record, database.store, machine=self.machine)

    def enter(self, graph: Opened) -> None:
        """Go on with another graph."""
        self.graph, self.op, self._before = graph, None, []

    @property
    def by(self) -> str:
        """The figure that is looked at."""
        if self._by is not None:
            return self._by
        return "flops" if self.graph is None else self.graph.default_figure

    @by.setter
    def by(self, figure: str) -> None:
        self._by = figure

    def visit(self, op: int) -> None:
        """Stand on an op."""
        if self.op is not None and self.op != op:
            self._before.append(self.op)
        self.op = op

    def back(self) -> bool:
        """Stand on the op before; False where there is none."""
        if not self._before:
            return False
        self.op = self._before.pop()
        return True

    def command(self, words: Iterable[object]) -> str:
        """A command line: ``tpudb``, the words, and the store where one was named."""
        said = [str(word) for word in words]
        where = [] if self.uri is None or not said else ["--db", self.uri]
        return shlex.join(["tpudb", *said, *where])

    def about(self, verb: str, *options: object) -> list[object]:
        """Words of a command about the graph, with the figure: ``hot --by flops OPTIONS G``; ``--machine`` if given."""
        name = "" if self.graph is None else self.graph.name
        machine = [] if self.machine is None else ["--machine", self.machine]
        return [verb, "--by", self.by, *machine, *options, name]  # the name is long, and may be cut off on the screen
