"""What is around an op, and the shortest way between two, in one module of 20,000 instructions, against XProf's.

Ours is asked as a user of the store asks (the queries ``neighbourhood`` and ``shortest_way``, embedded, warm) and as
``near`` and ``path --fewest`` do, of a record in memory. XProf's HloGraphDb (``get_neighborhood``, which writes text,
and ``find_shortest_path``) has the module in memory, in an environment of its own. Both get the same 100 ops and 100
pairs, 3 to 12 edges apart; both say how many edges they found between each pair, which is compared.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import tpugraph_db
from benchmarks.common import Result, compare
from benchmarks.hlo_module import module
from benchmarks.read_hlo_text import XPROF, xprof
from tpugraph_db.analytics.near import fewest_edges, near, reached
from tpugraph_db.record import GraphRecord

ASKED = 100
HOPS = 2
APART = (3, 12)


def measure() -> Iterator[Result]:
    """The module is loaded, and the peer is started, once for each row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "module.hlo"
        path.write_text(module(20_000))
        with tpugraph_db.open(folder / "store") as db:
            db.load([path])
            graph = db.find("module")
            record = db.record(graph)
            pairs = chosen(record)
            assert record.program is not None
            names = record.program.names.tolist()
            asked = [[names[a], names[b]] for a, b in pairs]
            (folder / "asked.json").write_text(json.dumps(asked))

            def query(each: tuple[int, int]) -> int:
                return len(db.run("neighbourhood", graph=graph, op=each[0], hops=HOPS))

            def way(each: tuple[int, int]) -> int:
                return len(db.run("shortest_way", graph=graph, source=each[0], target=each[1])) - 1

            def memory(each: tuple[int, int]) -> int:
                return len(near(record, each[0], HOPS))

            def shortest(each: tuple[int, int]) -> int:
                return len(fewest_edges(record, *each) or ()) - 1

            theirs = _theirs(folder, "way")
            assert [way(each) for each in pairs] == list(map(shortest, pairs)) == theirs["found"]
            for row, kind, ours in (
                ("neighbourhood, query of a store", "near", query),
                ("near, record in memory", "near", memory),
                ("shortest way, query of a store", "way", way),
                ("shortest way, record in memory", "way", shortest),
            ):
                yield compare(
                    f"{row}, 20,000 ops",
                    f"XProf {XPROF} HloGraphDb",
                    lambda ours=ours: typical(ours, pairs),  # type: ignore[misc]
                    lambda kind=kind: _theirs(folder, kind)["seconds"],  # type: ignore[misc]
                )


def chosen(record: GraphRecord) -> list[tuple[int, int]]:
    """Pairs (op, another that data flows to), a few edges apart; seeded."""
    random = np.random.default_rng(0)
    found: list[tuple[int, int]] = []
    while len(found) < ASKED:
        op = int(random.integers(len(record)))
        steps = reached(record, op, APART[1], "out")
        home = record.computation[op]
        there = [other for other, far in steps.items() if far >= APART[0] and record.computation[other] == home]
        if there:
            found.append((op, int(random.choice(there))))
    return found


def typical(work: Callable[[Any], object], asked: list[Any]) -> float:
    """Median of the seconds of each."""
    took = []
    for each in asked:
        started = time.perf_counter()
        work(each)
        took.append(time.perf_counter() - started)
    return float(np.median(took))


def _theirs(folder: Path, kind: str) -> dict[str, Any]:
    script = Path(__file__).with_name("xprof_near.py")
    command = [xprof(), script, folder / "module.hlo", folder / "asked.json", kind, str(HOPS)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found
