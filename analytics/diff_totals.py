"""Figures of two graphs, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from tpugraph_db.analytics.critical_path import critical
from tpugraph_db.analytics.figures import Figure
from tpugraph_db.analytics.hot import number
from tpugraph_db.analytics.matched import Matched
from tpugraph_db.analytics.path_rows import entry_computation
from tpugraph_db.analytics.total import Total
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.result import Result

OF_MATCHING = ("matched", "matched_by_name", "renamed", "removed", "added", "changed")


def matching_totals(a: GraphRecord, b: GraphRecord, matched: Matched, changed: int) -> list[Total]:
    """How many ops are matched, and how many are not."""
    pairs = matched.pairs
    names = (a.program.names.tolist(), b.program.names.tolist()) if a.program and b.program else None
    renamed = sum(names[0][one] != names[1][other] for one, other in pairs) if names else 0
    counts = len(pairs), int(matched.named.sum()), renamed, len(a) - len(pairs), len(b) - len(pairs), changed
    return [Total(what, None, None, count, "structural") for what, count in zip(OF_MATCHING, counts, strict=True)]


def structure_totals(a: GraphRecord, b: GraphRecord) -> list[Total]:
    """Ops, edges, computations, configurable ops, and ops of each opcode, most moved first."""
    counts = [
        ("ops", len(a), len(b)),
        ("edges", len(a.edges), len(b.edges)),
        ("computations", int(a.computation.max(initial=-1)) + 1, int(b.computation.max(initial=-1)) + 1),
        ("configurable_ops", len(a.configurable_ops), len(b.configurable_ops)),
    ]
    ours, theirs = Counter(a.opcodes.tolist()), Counter(b.opcodes.tolist())
    opcodes = sorted(ours | theirs, key=lambda name: (-abs(theirs[name] - ours[name]), name))
    counts += [(f"ops:{name}", ours[name], theirs[name]) for name in opcodes]
    return [Total(what, one, other, None, "structural") for what, one, other in counts]


def figure_totals(a: GraphRecord, b: GraphRecord, figures: Iterable[tuple[Figure, Figure]]) -> list[Total]:
    """Sums over one run of the program, and the length of its critical path (``path:``), of figures that are sums."""
    found = []
    for one, other in figures:
        if one.totals is None or other.totals is None:
            continue
        sums = (_sum(one), _sum(other)), (_path(a, one), _path(b, other))
        for what, pair in zip((one.name, f"path:{one.name}"), sums, strict=True):
            found.append(Total(what, *pair, None, one.provenance, one.unit))
    return found


def total_rows(totals: Iterable[Total]) -> Result:
    """As a table."""
    rows = [
        (
            of.what,
            _number(of.a),
            _number(of.b),
            _number(of.change),
            of.percent,
            _number(of.both),
            of.unit,
            of.provenance,
        )
        for of in totals
    ]
    return Result(("what", "a", "b", "change", "percent", "both", "unit", "provenance"), rows, len(rows))


def _sum(of: Figure) -> float | None:
    return None if np.isnan(of.values).all() else float(np.nansum(of.values))


def _path(record: GraphRecord, of: Figure) -> float | None:
    if of.totals is None or np.isnan(of.totals).all():
        return None
    total = np.nan_to_num(of.totals)
    at = entry_computation(record, total)
    return float(critical(record, total).length[np.flatnonzero(record.computation == at)[0]])


def _number(value: float | None) -> float | int | None:
    return None if value is None else number(value)
