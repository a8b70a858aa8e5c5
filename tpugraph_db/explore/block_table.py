"""The repeated blocks of a program as tables: all of them, the copies of one, the ops of one copy."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.explore.hot_table import name_columns, op_columns
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.table import Column, Numbers, Table, Words, percent
from tpugraph_db.opcodes import opcode_mix


def blocks_table(graph: Opened, by: str) -> Table:
    """The repeated blocks, by what all copies have of a figure together: as :func:`tpugraph_db.analytics.hot`."""
    found, values = graph.blocks(), graph.figure(by).values
    sums = np.array([np.nansum(values[block.copies]) for block in found], np.float64)
    order = np.argsort(-sums, kind="stable")
    opcodes = graph.record.opcodes
    mixes = [opcode_mix(Counter(opcodes[found[at].copies[0]].tolist())) for at in order.tolist()]
    columns: list[Column] = [
        Numbers("block", order, lambda value: str(int(value))),
        Numbers("copies", np.array([found[at].count for at in order], np.int64), _times),
        Numbers("ops", np.array([found[at].size for at in order], np.int64)),
        Numbers(by, sums[order], bar=True),
        *_share(values, sums[order]),
        Words.of("opcodes", mixes),
    ]
    return Table(tuple(columns), len(order))


def copies_table(graph: Opened, by: str, block: int) -> Table:
    """Where the copies of a block are, in the order of the program, and what each has of a figure."""
    copies, values = graph.blocks()[block].copies, graph.figure(by).values
    sums = np.nansum(values[copies], axis=1)
    columns: list[Column] = [
        Numbers("copy", np.arange(len(copies))),
        Numbers("first", copies.min(axis=1), lambda op: str(int(op))),
        Numbers(by, sums, bar=True),
        *_share(values, sums),
        Numbers("last", copies.max(axis=1), lambda op: str(int(op))),
    ]
    return Table(tuple(columns), len(copies))


def copy_table(graph: Opened, by: str, block: int, copy: int) -> Table:
    """The ops of one copy; a row is the same op of every copy."""
    ops, values = graph.blocks()[block].copies[copy], graph.figure(by).values
    number, opcode, shape = op_columns(graph, ops)
    columns = (number, opcode, Numbers(by, values[ops], bar=True), *_share(values, values[ops]), shape)
    return Table((*columns, *name_columns(graph, ops)), len(ops), ops)


def blocks_note(graph: Opened) -> str:
    """How much of the program repeats."""
    found = graph.blocks()
    if not found:
        return "nothing repeats in this program: no two pieces of at least 2 ops are alike"
    ops = sum(block.copies.size for block in found)
    return f"{len(found):,} repeated blocks hold {ops:,} of {len(graph):,} ops; Enter opens one"


def place_in_block(graph: Opened, op: int) -> tuple[int, int] | None:
    """Number of the block that an op is in, and which copy; None where it is in none."""
    block = int(graph.block_of()[op])
    if block < 0:
        return None
    return block, int(np.flatnonzero((graph.blocks()[block].copies == op).any(axis=1))[0])


def _share(values: NDArray[np.float64], sums: NDArray[np.float64]) -> list[Column]:
    whole = float(np.nansum(values))
    return [Numbers("share", sums / whole, percent)] if whole else []


def _times(value: float) -> str:
    return f"×{value:,.0f}"
