"""What differs between two graphs: ops, figures, configurations, predictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tpugraph_db.analytics.config_diff import Values, config_totals
from tpugraph_db.analytics.diff_totals import figure_totals, matching_totals, structure_totals, total_rows
from tpugraph_db.analytics.figures import Figure
from tpugraph_db.analytics.hot import number
from tpugraph_db.analytics.matched import Matched, match
from tpugraph_db.analytics.op_changes import OpChanges
from tpugraph_db.analytics.op_texts import OpTexts
from tpugraph_db.analytics.program_changes import attribute_change
from tpugraph_db.analytics.total import Total
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.result import Result

NOISE = 5.0
"""Percent by which a measured figure may move before the op counts as changed for it alone."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """Of graph B from graph A."""

    a: str
    b: str
    """Ids."""
    matched: Matched
    changes: Result
    """A row for each op that was removed, added or changed, the largest change of the figure first."""
    totals: tuple[Total, ...]

    @property
    def same(self) -> bool:
        """No op was added, removed or changed."""
        return not self.changes.total

    def summary(self) -> Result:
        """The totals as a table; those that are of both graphs together under ``both``."""
        return total_rows(self.totals)

    def total(self, what: str) -> Total:
        """One total by name; KeyError where there is none."""
        return {of.what: of for of in self.totals}[what]

    def __str__(self) -> str:
        matched, removed, added, changed = (
            int(self.total(what).both or 0) for what in ("matched", "removed", "added", "changed")
        )
        if not matched:
            return f"nothing in common; ops: {removed:,} removed, {added:,} added"
        if self.same:
            return f"no difference: {matched:,} ops matched"
        return f"ops: {added:,} added, {removed:,} removed, {changed:,} changed, {matched:,} matched"


def diff(
    a: GraphRecord,
    b: GraphRecord,
    figures: tuple[Mapping[str, Figure], Mapping[str, Figure]],
    by: str,
    *,
    noise: float = NOISE,
    ranks: Mapping[str, tuple[Values, Values]] | None = None,
) -> Difference:
    """Compare two graphs. Where one of the two has no program, both are compared by columns and edges alone.

    Args:
        figures: Of A and of B by name, the same names; sums and critical paths of them are totals.
        by: Which of them stands beside each op. Its changes of all rows add up to that of the graphs, where it is
            known of every op and not measured.
        noise: Percent below which a change of a measured figure alone is no change.
        ranks: By model, (c,) float64 each of A's and B's configurations; nan where it gave none.
    """
    if a.program is None or b.program is None:
        a, b = a.replace(program=None), b.replace(program=None)
    matched = match(a, b)
    rows = _Rows(a, b, (figures[0][by], figures[1][by]), noise)
    changed = list(rows.changed(matched))
    found = [*rows.unmatched(matched), *changed, *rows.modules()]
    at = len(_COLUMNS)
    found.sort(key=lambda row: -abs(row[at] or 0))
    totals = [
        *matching_totals(a, b, matched, len(changed)),
        *structure_totals(a, b),
        *figure_totals(a, b, [(of, figures[1][name]) for name, of in figures[0].items()]),
        *config_totals(a, b, matched, ranks or {}),
    ]
    changes = Result((*_COLUMNS, f"{by}_change", "provenance"), found, len(found))
    return Difference(a.id, b.id, matched, changes, tuple(totals))


_COLUMNS = ("kind", "op_a", "op_b", "name", "opcode", "what", "a", "b")


class _Rows:
    """Rows of changes."""

    def __init__(self, a: GraphRecord, b: GraphRecord, of: tuple[Figure, Figure], noise: float) -> None:
        self._records, self._of = (a, b), of
        self._texts = OpTexts(a), OpTexts(b)
        self._noise = noise if of[0].provenance == "measured" else 0.0

    def unmatched(self, matched: Matched) -> Iterator[Row]:
        """Removed ops, then added ones, by index."""
        for op in np.flatnonzero(matched.b_of < 0).tolist():
            of = self._of[0].values[op]
            yield ("removed", op, None, *self._named(0, op), None, self._texts[0].shape(op), None, *self._figure(-of))
        for op in np.flatnonzero(matched.a_of < 0).tolist():
            of = self._of[1].values[op]
            yield ("added", None, op, *self._named(1, op), None, None, self._texts[1].shape(op), *self._figure(of))

    def changed(self, matched: Matched) -> Iterator[Row]:
        """Matched ops that say something else, by index of A."""
        changes = OpChanges(*self._records, matched)
        for ours, theirs in matched.pairs:
            one, other = self._of[0].values[ours], self._of[1].values[theirs]
            found = [tuple(change) for change in changes.of((ours, theirs))]
            if self._moved(one, other):
                found.append((self._of[0].name, f"{one:.6g}", f"{other:.6g}"))
            if found:
                what, a, b = ("; ".join(parts) for parts in zip(*found, strict=True))
                name = self._renamed(ours, theirs)
                yield (
                    "changed",
                    ours,
                    theirs,
                    name,
                    self._texts[0].opcode(ours),
                    what,
                    a,
                    b,
                    *self._figure(other - one),
                )

    def modules(self) -> Iterator[Row]:
        """What the programs say of themselves."""
        one, other = (record.program for record in self._records)
        if one is not None and other is not None and one.module_attributes != other.module_attributes:
            change = attribute_change(one.module_attributes, other.module_attributes)
            yield ("changed", None, None, one.module, "module", *change, None, self._of[0].provenance)

    def _named(self, side: int, op: int) -> tuple[str | None, str]:
        return self._texts[side].name(op), self._texts[side].opcode(op)

    def _renamed(self, ours: int, theirs: int) -> str | None:
        one, other = self._texts[0].name(ours), self._texts[1].name(theirs)
        return one if one == other else f"{one} -> {other}"

    def _figure(self, change: float) -> tuple[float | int | None, str]:
        return number(change + 0.0), self._of[0].provenance

    def _moved(self, one: float, other: float) -> bool:
        if np.isnan(one) or np.isnan(other):
            return False
        return bool(abs(other - one) > self._noise / 100 * abs(one))
