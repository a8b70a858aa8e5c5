"""3,000 random patterns over random graphs: what a store finds against every match found one by one in Python.

``python -m benchmarks.fuzz_patterns [--cases N] [--seed FIRST] [--ways N] [--store arcadedb|neo4j]``; both stores
unless one is named. ``--ways`` leaves out patterns that may be spelt out in more ways: Neo4j plans a long statement for
seconds. No row of ``make bench``, since nothing is timed. Each case asks for the rows, every fifth for a count and
every fifth for a ranking too (:mod:`tests.patterns.differential`); a difference is listed with its seed. Exit code 1
where there is one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count, islice
from pathlib import Path
from typing import Any

from benchmarks.common import keep, machine
from benchmarks.neo4j_room import neo4j_store
from tests.patterns import differential
from tpugraph_db.database import Database, open
from tpugraph_db.errors import TpuGraphError
from tpugraph_db.patterns.forms import forms
from tpugraph_db.patterns.limits import FORMS
from tpugraph_db.patterns.parse import parse

STORES = ("arcadedb", "neo4j")


@contextmanager
def filled(store: str) -> Iterator[Database]:
    """A store with the random graphs in it."""
    with tempfile.TemporaryDirectory() as folder:
        if store == "arcadedb":
            with open(Path(folder) / "store") as database:
                differential.load(database)
                yield database
            return
        with neo4j_store() as neo4j:
            database = Database(neo4j)
            differential.load(database)
            yield database


def chosen(first: int, ways: int) -> Iterator[differential.Case]:
    """Cases from a seed on, without end."""
    for seed in count(first):
        case = differential.make(seed)
        if len(forms(parse(case.pattern.text()))) <= ways:
            yield case


def campaign(store: str, first: int, cases: int, ways: int) -> dict[str, Any]:
    """Every case on one store."""
    started, differences, matching = time.perf_counter(), [], 0
    with filled(store) as database:
        for done, case in enumerate(islice(chosen(first, ways), cases), 1):
            matching += bool(case.expected())
            try:
                found = differential.difference(database, case)
            except TpuGraphError as error:
                found = f"{case.seed}: {case.pattern.text()}: {error}"
            if found:
                differences.append(found)
                print(found, file=sys.stderr, flush=True)
            if done % 250 == 0:
                print(f"{store}: {done:,} cases, {len(differences)} differences", file=sys.stderr, flush=True)
    return {
        "store": store,
        "cases": cases,
        "first_seed": first,
        "last_seed": case.seed,
        "most_ways": ways,
        "with_matches": matching,
        "differences": differences,
        "seconds": round(time.perf_counter() - started),
        "machine": machine(),
        "date": date.today().isoformat(),
    }


def main() -> int:
    """Run it; 1 where there is a difference."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_patterns", description=__doc__)
    parser.add_argument("--cases", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ways", type=int, default=FORMS)
    parser.add_argument("--store", choices=STORES)
    asked = parser.parse_args()
    wrong = 0
    for store in [asked.store] if asked.store else STORES:
        found = campaign(store, asked.seed, asked.cases, asked.ways)
        keep(f"fuzz_patterns_{store}", found)
        wrong += len(found["differences"])
        print(f"{store}: {found['cases']:,} cases, {found['with_matches']:,} with matches, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
