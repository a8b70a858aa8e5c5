"""One case: a random pattern over random graphs, by a store and by trying every op at every place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.patterns.brute_force import matches
from tests.patterns.random_graphs import COLLECTIONS, SmallGraph, small_graph
from tests.patterns.random_patterns import Wanted, wanted
from tpugraph_db.database import Database
from tpugraph_db.patterns.compile import By, Scope, Statement, compile_count, compile_ranked, compile_rows
from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.patterns.parse import parse
from tpugraph_db.stores.change import add_graphs

GRAPHS = 40
MADE = [small_graph(Random(seed), f"r{seed}") for seed in range(GRAPHS)]
"""What every case asks."""
REFUSED = ("does not feed itself", "ways to spell")
"""Why a random pattern may be refused; another one is made then."""


@dataclass(frozen=True)
class Case:
    """A pattern, where it looks, and what it must find."""

    seed: int
    pattern: Wanted
    scope: Scope
    graphs: list[SmallGraph]

    def expected(self) -> Counter[tuple[Any, ...]]:
        """Rows, each with its graph first."""
        return Counter((graph.id, *row) for graph in self.graphs for row in matches(graph, self.pattern))


def load(db: Database) -> None:
    """The random graphs into an empty store."""
    db.load([])
    add_graphs(db.store, [graph.rows() for graph in MADE])


def make(seed: int) -> Case:
    """The case of a seed: of ten, seven look at one graph, two at a collection, one at all."""
    random = Random(seed)
    while True:
        pattern = wanted(random)
        try:
            compile_rows(parse(pattern.text()), Scope())
        except PatternError as error:
            if not any(reason in str(error) for reason in REFUSED):
                raise
            continue
        kind = random.randrange(10)
        if kind < 7:
            graph = random.choice(MADE)
            return Case(seed, pattern, Scope(graph=graph.id), [graph])
        if kind < 9:
            collection = random.choice(COLLECTIONS)
            return Case(seed, pattern, Scope(collection=collection), [g for g in MADE if g.collection == collection])
        return Case(seed, pattern, Scope(), MADE)


def difference(db: Database, case: Case) -> str:
    """What the store says otherwise; empty where it agrees."""
    text = case.pattern.text()
    pattern, expected = parse(text), case.expected()
    rows = compile_rows(pattern, case.scope, shown="index")
    found = Counter(_hashable(row) for row in _ask(db, rows))
    if found != expected:
        return f"{case.seed}: {text}: rows {_less(found, expected)} too many, {_less(expected, found)} too few"
    if rows.impossible and expected:
        return f"{case.seed}: {text}: said to be impossible"
    if case.seed % 5 == 0:
        return _counted(db, case, expected)
    return _ranked(db, case, expected) if case.seed % 5 == 1 else ""


def _counted(db: Database, case: Case, expected: Counter[tuple[Any, ...]]) -> str:
    groups: tuple[By | None, ...] = (None, "graph", "collection")
    by = groups[case.seed % 3]
    counted = {row[:-1]: row[-1] for row in _ask(db, compile_count(parse(case.pattern.text()), case.scope, by))}
    if counted == _counts(expected, by):
        return ""
    return f"{case.seed}: {case.pattern.text()}: counted {counted}, expected {_counts(expected, by)}"


def _ranked(db: Database, case: Case, expected: Counter[tuple[Any, ...]]) -> str:
    ops = {graph.id: graph.ops for graph in case.graphs}
    sums = sorted((_sum(ops[row[0]], row[1:]) for row in expected.elements()), key=lambda x: -1 if x is None else x)[
        ::-1
    ]
    found = _ask(db, compile_ranked(parse(case.pattern.text()), case.scope, "bytes", 5, shown="index"))
    if [row[-1] for row in found] != sums[:5] or any(_hashable(row[:-1]) not in expected for row in found):
        return f"{case.seed}: {case.pattern.text()}: ranked {found}, expected {sums[:5]}"
    return ""


def _sum(ops: list[dict[str, Any]], row: tuple[Any, ...]) -> int | None:
    places = [op for cell in row for op in (cell if isinstance(cell, tuple) else (cell,)) if op is not None]
    known = [ops[place]["bytes"] for place in places if ops[place]["bytes"] is not None]
    return sum(known) if known else None


def _counts(expected: Counter[tuple[Any, ...]], by: str | None) -> dict[tuple[Any, ...], int]:
    if by is None:
        return {(): expected.total()}
    names = [row[0] if by == "graph" else row[0].split("/")[0] for row in expected.elements()]
    return {(name,): count for name, count in Counter(names).items()}


def _ask(db: Database, statement: Statement) -> list[tuple[Any, ...]]:
    return db.query(statement.text, statement.parameters).rows


def _hashable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row)


def _less(one: Counter[tuple[Any, ...]], other: Counter[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list((one - other).elements())[:3]
