"""``tpudb explore`` on a graph of 40,000 ops: how soon it shows something, and how soon it answers a key.

``python -m benchmarks.explore [--ops 200000]``. Opening is of a whole process in a pseudo-terminal of 120x40: until the
first rows, and until the hot spots are in order. Keys go to the application without a terminal (Textual's pilot), from
sending one to the last thing drawn for it, encoded for a terminal. Beside it the same of Textual's own table of the
same rows, filled the way its documentation says.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pexpect
from textual.app import App
from textual.widgets import DataTable

import tpugraph_db
from benchmarks import synthetic
from benchmarks.common import keep, machine
from benchmarks.processes import ROOT
from tpugraph_db.explore.app import Explorer
from tpugraph_db.explore.session import Session
from tpugraph_db.formats import npz

ROWS, COLUMNS = 40, 120
ROUNDS = 3

KEYS = {
    "down": ["down"] * 40,
    "page down": ["pagedown"] * 20,
    "end and home": ["end", "home"] * 10,
    "next column": ["right"] * 8,
    "sort": ["s"] * 6,
    "colour": ["c"] * 6,
    "filter": ["slash", *"dot f32", "escape"],
    "to an op": ["home", "down", "enter"],
    "walk": ["left", "left", "left", "right", "right", "right"] * 4,
    "next hot spot": ["n"] * 20,
    "wider": ["w"] * 3,
}
"""In this order, one after the other."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds of some keys, and of the processor for one."""

    median: float
    worst: float
    cpu_median: float


@dataclass(frozen=True)
class Explored:
    """What was measured."""

    ops: int
    first_rows_s: float
    """Medians over whole processes."""
    hot_spots_s: float
    first_rows_of_store_s: float
    hot_spots_of_store_s: float
    peer_first_rows_s: float
    load_average: float
    """Processes that wanted one of the machine's cores meanwhile, this one among them."""
    keys_ms: dict[str, Latency]
    all_keys_ms: Latency
    peer_keys_ms: Latency
    machine: str
    date: str


class Watched(App[None]):
    """Notes when it last drew, having made what a terminal would get."""

    drawn = 0.0

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        if hasattr(renderable, "render_segments"):
            renderable.render_segments(self.console)
        self.drawn = time.perf_counter()


class WatchedExplorer(Watched, Explorer):
    """Ours."""


class Peer(Watched):
    """Textual's own table, of the same rows."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file

    def compose(self) -> Iterable[DataTable[Any]]:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        record = tpugraph_db.read(self.file)
        from tpugraph_db.analytics.op_texts import OpTexts

        texts = OpTexts(record)
        table = self.query_one(DataTable)
        table.add_columns("op", "name", "opcode", "shape")
        table.add_rows(texts.labels(op) for op in range(len(record)))
        table.focus()


def opened(words: list[str], wanted: list[str]) -> list[float]:
    """Seconds from starting a process until each of some texts was on its terminal."""
    began = time.perf_counter()
    child = pexpect.spawn(sys.executable, words, dimensions=(ROWS, COLUMNS), cwd=ROOT, timeout=120, encoding="utf-8")
    found = []
    for text in wanted:
        child.expect_exact(text)
        found.append(time.perf_counter() - began)
    child.close(force=True)
    return found


async def latencies(app: Watched, keys: Iterable[str], until: Any) -> list[tuple[float, float]]:
    """Milliseconds that each key took, and of the processor, after ``until()`` holds."""
    found = []
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        while not until():
            await pilot.pause(0.05)
        for key in keys:
            began, busy = time.perf_counter(), time.process_time()
            await pilot.press(key)
            while not until():
                await pilot.pause(0.01)
            took = app.drawn - began if app.drawn > began else 0.0
            found.append((1000 * took, 1000 * (time.process_time() - busy)))
    return found


def explore(ops: int) -> Explored:
    """Make a graph, and measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record = synthetic.make("large", ops, 200, 0)
        file = folder / "npz" / "layout" / "synthetic" / "random" / "train" / "large.npz"
        file.parent.mkdir(parents=True)
        npz.write(record, file)
        with tpugraph_db.open(folder / "store") as db:
            db.load([file])
        tpudb = ["-m", "tpugraph_db", "explore"]
        file_s = _medians([opened([*tpudb, str(file)], _SHOWN) for _ in range(ROUNDS)])
        stored = [*tpudb, "large", "--db", str(folder / "store")]
        store_s = _medians([opened(stored, _SHOWN) for _ in range(ROUNDS)])
        peer_s = _medians([opened(["-m", "benchmarks.explore", "--peer", str(file)], ["opcode"]) for _ in range(3)])
        ours = WatchedExplorer(Session(), str(file))
        sent = [key for keys in KEYS.values() for key in keys]
        took = asyncio.run(latencies(ours, sent, lambda: ours.session.graph is not None and not ours.is_busy))
        peer = Peer(file)
        peer_took = asyncio.run(latencies(peer, ["down"] * 40 + ["pagedown"] * 20 + ["end", "home"] * 10, lambda: True))
    by_kind, rest = {}, took
    for kind, keys in KEYS.items():
        by_kind[kind], rest = _latency(rest[: len(keys)]), rest[len(keys) :]
    return Explored(
        ops,
        *file_s,
        *store_s,
        *peer_s,
        round(os.getloadavg()[1], 1),
        by_kind,
        _latency(took),
        _latency(peer_took),
        machine(),
        str(date.today()),
    )


_SHOWN = ["opcode", "share"]
"""Names of columns: of the first rows, and of the hot spots."""


def _medians(runs: list[list[float]]) -> list[float]:
    return [round(statistics.median(values), 3) for values in zip(*runs, strict=True)]


def _latency(took: list[tuple[float, float]]) -> Latency:
    drawn = [waited for waited, _ in took if waited]  # at the end of a table nothing moves, and nothing is drawn
    busy = statistics.median(cpu for _, cpu in took)
    return Latency(round(statistics.median(drawn), 1), round(max(drawn), 1), round(busy, 1))


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explore", description=__doc__)
    parser.add_argument("--ops", type=int, default=40_000)
    parser.add_argument("--peer", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        Peer(asked.peer).run()
        return
    found = explore(asked.ops)
    keep(f"explore {asked.ops} ops", asdict(found))
    print(json.dumps(asdict(found), indent=2))


if __name__ == "__main__":
    main()
