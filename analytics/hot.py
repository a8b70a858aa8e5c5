"""Where the cost sits: the ops with most of a figure, whether anything waits for them, and how often they repeat."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.blocks import block_of, blocks
from tpugraph_db.analytics.critical_path import critical
from tpugraph_db.analytics.figures import Figure
from tpugraph_db.analytics.groups import group_keys
from tpugraph_db.analytics.op_texts import LABELS, OpTexts
from tpugraph_db.opcodes import opcode_mix
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.result import Result


def hot(record: GraphRecord, of: Figure, count: int = 20) -> Result:
    """The ``count`` ops with most of a figure, ties by index.

    ``slack`` is in the figure's unit, for one execution of the op's computation: 0 is on its critical path. ``copies``
    says how often the repeated block that the op is in stands in the graph.
    """
    order = _largest(of.values)
    found = blocks(record)
    slack = None if of.totals is None else critical(record, np.nan_to_num(of.totals)).slack
    block, texts, shares = block_of(record, found), OpTexts(record), of.shares
    rows = [
        (
            *texts.labels(op),
            number(of.values[op]),
            None if shares is None else float(shares[op]),
            None if of.totals is None else number(of.totals[op]),
            None if slack is None else number(slack[op]),
            int(block[op]) if block[op] >= 0 else None,
            found[block[op]].count if block[op] >= 0 else None,
            texts.source(op),
            of.provenance,
        )
        for op in order[:count].tolist()
    ]
    names = (*LABELS, of.name, "share", "total", "slack", "block", "copies", "source")
    return Result((*names, "provenance"), rows, len(order))


def hot_groups(record: GraphRecord, of: Figure, group: str, count: int = 20) -> Result:
    """The ``count`` groups of ops with most of a figure together (:data:`tpugraph_db.analytics.groups.GROUPS`).

    Of a figure that is no sum (a ratio, a count of edges) it is the largest.

    Raises:
        NotFoundError: no such grouping.
    """
    ops_of: dict[Hashable, list[int]] = defaultdict(list)
    for op, key in enumerate(group_keys(record, group)):
        ops_of[key].append(op)
    together = np.nansum if of.shares is not None else np.nanmax
    known = ~np.isnan(of.values)
    sums = {key: float(together(of.values[ops])) for key, ops in ops_of.items() if known[ops].any()}
    whole = float(np.nansum(of.values)) if of.shares is not None else 0.0
    order = sorted(sums, key=lambda key: (-sums[key], ops_of[key][0]))
    rows = [
        (key, len(ops_of[key]), number(sums[key]), sums[key] / whole if whole else None, of.provenance)
        for key in order[:count]
    ]
    return Result((group, "ops", of.name, "share", "provenance"), rows, len(order))


def block_rows(record: GraphRecord, of: Figure, count: int = 20) -> Result:
    """The repeated blocks, by what all copies have of a figure together.

    ``ops`` are of one copy, ``opcodes`` how many of them are of each opcode; ``starts`` is the first op of each copy.
    """
    found = blocks(record)
    sums = [float(np.nansum(of.values[block.copies])) for block in found]
    whole = float(np.nansum(of.values))
    order = sorted(range(len(found)), key=lambda at: (-sums[at], at))
    rows = [
        (
            at,
            found[at].count,
            found[at].size,
            number(sums[at]),
            sums[at] / whole if whole else None,
            opcode_mix(Counter(record.opcodes[found[at].copies[0]].tolist())),
            found[at].copies[:, 0].tolist(),
            of.provenance,
        )
        for at in order[:count]
    ]
    return Result(("block", "copies", "ops", of.name, "share", "opcodes", "starts", "provenance"), rows, len(found))


def number(value: float) -> float | int | None:
    """As people read it: whole where it is whole, None where it is not known."""
    if np.isnan(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)


def _largest(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Ops by value, largest first, ties by index; those that are not known are left out."""
    known = np.flatnonzero(~np.isnan(values))
    return known[np.argsort(-values[known], kind="stable")]
