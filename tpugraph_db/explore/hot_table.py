"""The hot spots of a graph as a table: its ops with what is known of each, or groups of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.hot import hot_groups
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.table import Column, Numbers, Table, Words, percent, table_of
from tpugraph_db.packed import Coded

GROUPS = ("opcode", "block", "source")
"""Those of :data:`tpugraph_db.analytics.groups.GROUPS` that an op's row has a column of: Enter shows the ops of one."""


def op_columns(graph: Opened, ops: NDArray[np.int64]) -> tuple[Column, ...]:
    """What ops are called: index, opcode, shape, and their names where the source has them. ``ops`` (k,) int64."""
    record = graph.record
    table, shapes = graph.shapes
    opcodes, places = graph.once("opcodes", lambda: np.unique(record.opcodes, return_inverse=True))
    columns: list[Column] = [
        Numbers("op", ops, lambda op: str(int(op))),
        Words.coded("opcode", [str(opcode) or "unknown" for opcode in opcodes], places[ops]),
        Words.coded("shape", table, shapes[ops]),
    ]
    return tuple(columns)


def name_columns(graph: Opened, ops: NDArray[np.int64]) -> tuple[Column, ...]:
    """Names and lines of source of ops, where the source has them."""
    program = graph.record.program
    if program is None:
        return ()
    names = graph.once("names", program.names.tolist)
    table, codes = graph.once("sources", lambda: _sources(program.source_file, program.source_line))
    return (
        Words("name", [names[op] for op in ops.tolist()], np.arange(len(ops))),
        Words.coded("source", table, codes[ops]),
    )


def plain_table(graph: Opened) -> Table:
    """The ops as the file has them, before anything is counted."""
    ops = np.arange(len(graph))
    return Table((*op_columns(graph, ops), *name_columns(graph, ops)), len(ops), ops)


def hot_table(graph: Opened, by: str, *, blocks: bool = True) -> Table:
    """The ops with most of a figure first; those that it is not known of are left out.

    Args:
        graph: The graph.
        by: A figure that it has.
        blocks: Say too in which repeated block an op is, and how often that stands in the graph.
    """
    figure, ops = graph.figure(by), graph.order(by)
    columns = [*op_columns(graph, ops), Numbers(figure.name, figure.values[ops], bar=True)]
    shares, slack = figure.shares, graph.slack(by)
    if shares is not None:
        columns.append(Numbers("share", shares[ops], percent))
    if blocks:
        columns += _block_columns(graph, ops)
    if slack is not None and figure.totals is not None:
        columns += [Numbers("slack", slack[ops]), Numbers("total", figure.totals[ops])]
    columns += name_columns(graph, ops)
    columns.append(Words("provenance", [figure.provenance], np.zeros(len(ops), np.int64)))
    return Table(tuple(columns), len(ops), ops)


def group_table(graph: Opened, by: str, group: str) -> Table:
    """Groups of ops with most of a figure together first: by opcode, repeated block, or line of source."""
    figure = graph.figure(by)
    found = hot_groups(graph.record, figure, group, len(graph))
    table = table_of(found.columns, found.rows)
    shown: dict[str, Callable[[Column], Column]] = {
        group: lambda column: Words.of(group, ["none" if row[0] is None else str(row[0]) for row in found.rows]),
        figure.name: lambda column: Numbers(column.name, column.rank, bar=True),
        "share": lambda column: Numbers(column.name, column.rank, percent),
    }
    columns = tuple(shown.get(column.name, _same)(column) for column in table.columns)
    return Table(columns, table.rows)


def _block_columns(graph: Opened, ops: NDArray[np.int64]) -> tuple[Column, Column]:
    of_op, found = graph.block_of()[ops], graph.blocks()
    copies = np.array([*(block.count for block in found), np.nan])[of_op]
    numbers = np.where(of_op >= 0, of_op, np.nan).astype(np.float64)
    return Numbers("block", numbers), Numbers("copies", copies, lambda count: f"×{count:,.0f}")


def _sources(files: Coded, lines: NDArray[np.int64]) -> tuple[list[str | None], NDArray[np.int64]]:
    """Distinct ``file:line``, and (n,) which of them each op has."""
    pairs, codes = np.unique(np.column_stack([files.codes.astype(np.int64), lines]), axis=0, return_inverse=True)
    names = files.table.tolist()
    table = [f"{names[file]}:{line}" if names[file] else None for file, line in pairs.tolist()]
    return table, codes.reshape(-1)


def _same(column: Column) -> Column:
    return column
