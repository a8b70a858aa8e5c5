"""Ways through a program as tables: the critical path and the next longest, slack, the way from one op to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.critical_path import Path, between, longest
from tpugraph_db.analytics.figures import Figure
from tpugraph_db.analytics.path_rows import entry_computation
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.explore.hot_table import name_columns, op_columns
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.table import Column, Numbers, Table, percent, short


@dataclass(frozen=True)
class PathPage:
    """What is shown of one question."""

    table: Table
    note: str
    ends: tuple[int, int] | None = None
    """Of a way between two ops, in the direction in which data flows."""


def computation_at(graph: Opened, by: str, op: int | None) -> int:
    """Number of the computation of an op; of none, where the program begins.

    Raises:
        UsageError: the figure is no sum, and so has no paths.
    """
    totals = _totals(graph, by)
    if op is not None:
        return int(graph.record.computation[op])
    return graph.once(("entry", by), lambda: entry_computation(graph.record, totals))


def ways_page(graph: Opened, by: str, computation: int, count: int) -> PathPage:
    """The ``count`` dearest ways through a computation, op after op, the critical path first."""
    totals = _totals(graph, by)
    ways = graph.once(("ways", by, computation, count), lambda: longest(graph.record, totals, computation, count))
    return PathPage(_ways_table(graph, by, ways), _ways_note(graph, by, computation, ways))


def slack_page(graph: Opened, by: str, computation: int) -> PathPage:
    """Every op of a computation, the least slack first, the dearest of equals first."""
    totals, slack = _totals(graph, by), graph.slack(by)
    assert slack is not None  # what has totals has slack
    ops = np.flatnonzero(graph.record.computation == computation)
    ops = ops[np.lexsort((-totals[ops], slack[ops]))]
    table = Table(
        (*_op_columns(graph, by, ops), Numbers("slack", slack[ops]), *name_columns(graph, ops)), len(ops), ops
    )
    tight = int((slack[ops] == 0).sum())
    where = _computation(graph, computation)
    return PathPage(
        table, f"{where}: {tight:,} of {len(ops):,} ops have no slack: what they cost, the program waits for"
    )


def between_page(graph: Opened, by: str, one: int, other: int) -> PathPage:
    """The dearest way between two ops, whichever way data flows.

    Raises:
        NotFoundError: it flows neither way. UsageError: the figure is no sum.
    """
    totals = _totals(graph, by)
    for start, end in ((one, other), (other, one)):
        way = between(graph.record, totals, start, end)
        if way is not None:
            turned = f"data flows the other way: from {start} to {end}; " if (start, end) != (one, other) else ""
            note = f"{turned}from {start} to {end}: {_counted(way)}, {_amount(graph.figure(by), way.length)}"
            return PathPage(_ways_table(graph, by, [way]), note, (start, end))
    raise NotFoundError(f"{graph.record.id}: no data flows between op {one} and op {other}, either way")


def _totals(graph: Opened, by: str) -> NDArray[np.float64]:
    """(n,) float64: what each op costs with all that it calls, 0 where it is not known."""
    totals = graph.figure(by).totals
    if totals is None:
        raise UsageError(f"{by} is no sum, and so has no path; cost, flops, bytes_accessed, modelled have (f)")
    known: NDArray[np.float64] = np.nan_to_num(totals)
    return known


def _ways_table(graph: Opened, by: str, ways: list[Path]) -> Table:
    totals, slack = _totals(graph, by), graph.slack(by)
    ops = np.array([op for way in ways for op in way.ops], np.int64)
    sizes = [len(way.ops) for way in ways]
    columns: list[Column] = [Numbers("step", np.concatenate([np.arange(size) for size in sizes] or [ops]))]
    if len(ways) > 1:
        columns.insert(0, Numbers("path", np.repeat(np.arange(len(ways)), sizes)))
    lengths = np.repeat([way.length or 1.0 for way in ways], sizes)
    finish = np.concatenate([np.cumsum(totals[list(way.ops)]) for way in ways] or [np.zeros(0)])
    columns += _op_columns(graph, by, ops)
    columns.append(Numbers("share", totals[ops] / lengths, percent))
    if slack is not None:
        columns.append(Numbers("slack", slack[ops]))
    return Table((*columns, Numbers("finish", finish), *name_columns(graph, ops)), len(ops), ops)


def _op_columns(graph: Opened, by: str, ops: NDArray[np.int64]) -> list[Column]:
    """Index, opcode, shape, and the cost of each with all that it calls."""
    return [*op_columns(graph, ops), Numbers(by, _totals(graph, by)[ops], bar=True)]


def _ways_note(graph: Opened, by: str, computation: int, ways: list[Path]) -> str:
    where = _computation(graph, computation)
    if not ways:
        return f"{where}: no way"
    totals, figure, first = _totals(graph, by), graph.figure(by), ways[0]
    whole = float(totals[graph.record.computation == computation].sum())
    part = f", {percent(first.length / whole)} of what all its ops add up to" if whole else ""
    note = f"{where}: {_counted(first)}, {_amount(figure, first.length)}{part}"
    if len(ways) == 1:
        return note
    last = percent(ways[-1].length / first.length) if first.length else "0 %"
    return f"{note}; the shortest of {len(ways):,} ways shown is {last} of the first"


def _computation(graph: Opened, number: int) -> str:
    program = graph.record.program
    return f"computation {number}" if program is None else program.computation_names[number]


def _counted(way: Path) -> str:
    return f"{len(way.ops):,} op{'s' if len(way.ops) != 1 else ''}"


def _amount(figure: Figure, value: float) -> str:
    unit = "" if not figure.unit or figure.unit in figure.name else f" {figure.unit}"
    return f"{short(value)}{unit}"
