"""Matches put in order, and counted or ranked by what no store knows but the records say: repeated blocks, flops.

Matches are gone through as the store finds them; what is kept does not grow with how many there are.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from tpugraph_db.patterns.compile import Scope, Shown, Statement, column_names, compile_rows
from tpugraph_db.patterns.syntax import Pattern
from tpugraph_db.query import stored_record
from tpugraph_db.stores import Result, Store

if TYPE_CHECKING:
    from tpugraph_db.record import GraphRecord

Row = tuple[Any, ...]
"""Graph, then for each op of the pattern an index, a list of them, or None (``shown="index"``)."""


def place(row: Row) -> list[Any]:
    """Graph, then the number of each op: by which matches are sorted."""
    return [row[0], *(_number(cell) for cell in row[1:])]


def _number(cell: Any) -> list[int]:
    if isinstance(cell, list):
        return [number for one in cell for number in _number(one)]
    if isinstance(cell, int):
        return [cell]
    return [int(cell.rpartition("#")[2])] if cell else []


def ops_of(row: Row) -> Iterator[int]:
    """The ops of a match, by index."""
    for cell in row[1:]:
        if isinstance(cell, list):
            yield from cell
        elif cell is not None:
            yield cell


def index_rows(pattern: Pattern, scope: Scope) -> Statement:
    """What both ask the store for."""
    return compile_rows(pattern, scope, shown="index")


def count_by_block(store: Store, pattern: Pattern, scope: Scope, timeout: float | None = None) -> Result:
    """How many matches of one graph are in each repeated block (:mod:`tpugraph_db.analytics.blocks`), most first.

    A match is in a block where all its ops are in one copy of it. Those that leave a copy (``across``), and those of
    which no op is in any block (``outside``), have a row each, which come last.
    """
    from tpugraph_db.analytics.blocks import blocks

    assert scope.graph is not None
    record = stored_record(store, scope.graph)
    found = blocks(record)
    copies = [(number, ops) for number, block in enumerate(found) for ops in block.copies.tolist()]
    copy_of = {op: at for at, (_, ops) in enumerate(copies) for op in ops}
    counts: Counter[int | str] = Counter()
    with _matches(store, pattern, scope, timeout) as rows:
        for row in rows:
            places = {copy_of.get(op, -1) for op in ops_of(row)}
            at = places.pop()
            counts["across" if places else "outside" if at < 0 else copies[at][0]] += 1
    inside = sorted((n for n in range(len(found)) if counts[n]), key=lambda number: (-counts[number], number))
    made: list[Row] = [(n, found[n].count, counts[n], "in one copy") for n in inside]
    made += [(None, None, counts[where], where) for where in ("across", "outside") if counts[where]]
    return Result(("block", "copies", "matches", "where"), made, len(made))


def rank_by_flops(
    store: Store, pattern: Pattern, scope: Scope, limit: int, *, shown: Shown = "text", timeout: float | None = None
) -> Result:
    """The ``limit`` matches whose ops have most flops together in one run of the program; equals by graph and op.

    Flops are the records' (:data:`tpugraph_db.analytics.figures.KINDS`); of a match they are null where they are known
    of none of its ops.
    """
    flops, total = cache(lambda graph: _flops(store, graph)), 0

    def ranked(rows: Iterator[Row]) -> Iterator[Row]:
        nonlocal total
        for row in rows:
            total += 1
            yield (*row, _together(row, flops(row[0])))

    with _matches(store, pattern, scope, timeout) as rows:
        every = ranked(rows)
        best = heapq.nsmallest(limit, every, key=lambda row: (1 if row[-1] is None else -row[-1], place(row[:-1])))
        for _ in every:  # a limit of 0 has begun with none
            pass
    said = best if shown == "index" else _named(store, best)
    return Result(("graph", *column_names(pattern), "flops"), said, total)


@contextmanager
def _matches(store: Store, pattern: Pattern, scope: Scope, timeout: float | None) -> Iterator[Iterator[Row]]:
    statement = index_rows(pattern, scope)
    with store.stream(statement.text, statement.parameters, timeout=timeout) as cursor:
        yield cursor.rows


def _flops(store: Store, graph: str) -> array[float]:
    from tpugraph_db.analytics.figures import figure

    return array("d", figure(stored_record(store, graph), "flops").values.tolist())


def _together(row: Row, flops: array[float]) -> int | None:
    """Of what is known: NaN is not, and differs from itself."""
    known = [value for op in ops_of(row) if (value := flops[op]) == value]
    return int(sum(known)) if known else None


def _named(store: Store, rows: list[Row]) -> list[Row]:
    """Indices as ``name#index``, as a store shows them."""
    records = cache(lambda graph: stored_record(store, graph))
    return [(row[0], *(_text(records(row[0]), cell) for cell in row[1:-1]), row[-1]) for row in rows]


def _text(record: GraphRecord, cell: Any) -> Any:
    from tpugraph_db.analytics.op_texts import OpTexts

    if isinstance(cell, list):
        return [_text(record, op) for op in cell]
    texts = OpTexts(record)
    return None if cell is None else f"{texts.name(cell) or texts.opcode(cell) or '?'}#{cell}"
