"""What the 140 columns and the edges say otherwise of two ops that are matched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tpugraph_db import columns, shapes
from tpugraph_db.analytics.change import Change, cut
from tpugraph_db.analytics.matched import Matched
from tpugraph_db.analytics.rungs import Pair
from tpugraph_db.record import GraphRecord


class ColumnChanges:
    """Of the 140 columns and the edges, where one of the two graphs has no more."""

    _TOLD = np.r_[columns.IS_ROOT, columns.DTYPE, columns.DIMENSIONS, columns.MINOR_TO_MAJOR]
    _TOLD = np.r_[_TOLD, columns.DIMENSIONS_SUM, columns.DIMENSIONS_PRODUCT]

    def __init__(self, a: GraphRecord, b: GraphRecord, matched: Matched) -> None:
        self._b_of: list[int] = matched.b_of.tolist()
        self._shapes = shapes.describe(a.features), shapes.describe(b.features)
        self._features = a.features, b.features
        self._producers = _producers(a), _producers(b)
        self._differ = self._differing(matched)

    def of(self, pair: Pair) -> Iterator[Change]:
        one, other = self._shapes[0][pair[0]], self._shapes[1][pair[1]]
        if one.dtype != other.dtype:
            yield Change("dtype", str(one.dtype), str(other.dtype))
        if one.dims != other.dims:
            yield Change("shape", str(one.text), str(other.text))
        elif one.layout != other.layout:
            yield Change("layout", str(one.layout_text), str(other.layout_text))
        if pair[0] in self._differ:
            yield self._column_change(pair)
        ours, theirs = self._producers[0][pair[0]], self._producers[1][pair[1]]
        if {self._b_of[op] for op in ours} != set(theirs):
            gone = [op for op in ours if self._b_of[op] not in theirs]
            partners = {self._b_of[op] for op in ours}
            yield Change("operands", _numbers(gone), _numbers([op for op in theirs if op not in partners]))

    def _differing(self, matched: Matched) -> set[int]:
        """Ops of A some of whose other columns differ."""
        ops = np.flatnonzero(matched.b_of >= 0)
        differ = self._features[0][ops] != self._features[1][matched.b_of[ops]]
        differ[:, self._TOLD] = False
        return set(ops[differ.any(axis=1)].tolist())

    def _column_change(self, pair: Pair) -> Change:
        one, other = self._features[0][pair[0]], self._features[1][pair[1]]
        at = np.setdiff1d(np.flatnonzero(one != other), self._TOLD)
        said = [", ".join(f"{columns.OP_COLUMNS[c]}={row[c]:g}" for c in at.tolist()) for row in (one, other)]
        return Change("attributes", *map(cut, said))


def _producers(record: GraphRecord) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(len(record))]
    for consumer, producer in record.edges.tolist():
        found[consumer].append(producer)
    return found


def _numbers(ops: Sequence[int]) -> str:
    return cut(", ".join(map(str, ops)))
