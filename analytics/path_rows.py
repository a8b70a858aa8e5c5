"""The critical path as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tpugraph_db.analytics.critical_path import Path, Values, between, critical, longest
from tpugraph_db.analytics.figures import Figure
from tpugraph_db.analytics.hot import number
from tpugraph_db.analytics.near import fewest_edges
from tpugraph_db.analytics.op_texts import LABELS, OpTexts
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.result import Result


def path_rows(record: GraphRecord, of: Figure, *, computation: int | None = None, count: int = 1) -> Result:
    """The ``count`` dearest ways through a computation (None: where the program begins), op after op.

    ``total`` is of one execution of the op with all it calls; ``finish`` adds the way's up to here. An op whose figure
    is not known counts as 0.

    Raises:
        NotFoundError: no such computation. UsageError: the figure is no sum.
    """
    total = _totals(of)
    at = entry_computation(record, total) if computation is None else _expect(record, computation)
    return _rows(record, of, total, longest(record, total, at, count))


def path_between(record: GraphRecord, of: Figure, start: int, end: int, *, fewest: bool = False) -> Result:
    """The dearest way from one op to another along data edges, producers first; or that of ``fewest`` edges and calls.

    Raises:
        NotFoundError: data does not flow from the one to the other. UsageError: the figure is no sum.
    """
    total = _totals(of)
    find = _fewest if fewest else between
    way = find(record, total, start, end)
    if way is None:
        turned = find(record, total, end, start) is not None
        hint = f"; it flows from {end} to {start}" if turned else ""
        raise NotFoundError(f"{record.id}: no data flows from op {start} to op {end}{hint}")
    return _rows(record, of, total, [way])


def _fewest(record: GraphRecord, total: Values, start: int, end: int) -> Path | None:
    ops = fewest_edges(record, start, end)
    return None if ops is None else Path(tuple(ops), float(total[ops].sum()))


def slack_rows(record: GraphRecord, of: Figure, *, computation: int | None = None, count: int = 20) -> Result:
    """The ``count`` ops of a computation with least slack, dearest first among equals.

    Raises:
        NotFoundError: no such computation. UsageError: the figure is no sum.
    """
    total = _totals(of)
    at = entry_computation(record, total) if computation is None else _expect(record, computation)
    found, texts = critical(record, total), OpTexts(record)
    ops = np.flatnonzero(record.computation == at)
    order = ops[np.lexsort((-total[ops], found.slack[ops]))]
    rows = [
        (
            *texts.labels(op),
            number(total[op]),
            number(found.slack[op]),
            number(found.finish[op]),
            texts.source(op),
            of.provenance,
        )
        for op in order[:count].tolist()
    ]
    names = (*LABELS, of.name, "slack", "finish", "source", "provenance")
    return Result(names, rows, len(ops))


def _totals(of: Figure) -> Values:
    if of.totals is None:
        raise UsageError(f"{of.name} is no sum, and so has no path; cost, flops, bytes_accessed, modelled have")
    totals: Values = np.nan_to_num(of.totals)
    return totals


def entry_computation(record: GraphRecord, total: Values) -> int:
    """Number of the entry computation; without a program the dearest that nothing calls."""
    if record.program is not None:
        return record.program.entry
    length = critical(record, total).length
    called = np.isin(record.computation, record.computation[record.edges[record.is_call, 1]])
    return int(record.computation[np.argmax(np.where(called, -1.0, length))])


def _expect(record: GraphRecord, computation: int) -> int:
    highest = int(record.computation.max())
    if not 0 <= computation <= highest:
        raise NotFoundError(f"{record.id} has no computation {computation}: expected 0 to {highest:,}")
    return computation


def _rows(record: GraphRecord, of: Figure, total: Values, ways: Sequence[Path]) -> Result:
    names = ("path", "step", *LABELS, of.name, "share", "finish", "source", "provenance")
    rows = [row for number_, way in enumerate(ways) for row in _steps(record, of, total, number_, way)]
    return Result(names, rows, len(rows))


def _steps(record: GraphRecord, of: Figure, total: Values, path: int, way: Path) -> Iterator[tuple[Any, ...]]:
    texts, finish = OpTexts(record), np.cumsum(total[list(way.ops)])
    for step, op in enumerate(way.ops):
        yield (
            path,
            step,
            *texts.labels(op),
            number(total[op]),
            float(total[op] / way.length) if way.length else None,
            number(finish[step]),
            texts.source(op),
            of.provenance,
        )
