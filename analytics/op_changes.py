"""What differs between two ops that are matched."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.change import Change
from tpugraph_db.analytics.column_changes import ColumnChanges
from tpugraph_db.analytics.matched import Matched
from tpugraph_db.analytics.program_changes import ProgramChanges
from tpugraph_db.analytics.rungs import Pair
from tpugraph_db.record import GraphRecord


class OpChanges:
    """Changes of matched ops."""

    def __init__(self, a: GraphRecord, b: GraphRecord, matched: Matched) -> None:
        self._roots = a.is_root.tolist(), b.is_root.tolist()
        self._said: ProgramChanges | ColumnChanges
        if a.program is None or b.program is None:
            self._said = ColumnChanges(a, b, matched)
        else:
            computation_of = computations_of(a.computation, b.computation, matched)
            self._said = ProgramChanges(a.program, b.program, matched, computation_of)

    def of(self, pair: Pair) -> list[Change]:
        """What differs, in the order of :attr:`Change.what`."""
        found = self._said.of(pair)
        a, b = self._roots[0][pair[0]], self._roots[1][pair[1]]
        return [*found, Change("root", str(a).lower(), str(b).lower())] if a != b else list(found)


def computations_of(ours: NDArray[np.int64], theirs: NDArray[np.int64], matched: Matched) -> dict[int, int]:
    """Computation of B by that of A: where most of its matched ops are, of several the first."""
    ops = np.flatnonzero(matched.b_of >= 0)
    pairs, counts = np.unique(np.column_stack([ours[ops], theirs[matched.b_of[ops]]]), axis=0, return_counts=True)
    found: dict[int, int] = {}
    for at in np.argsort(-counts, kind="stable").tolist():
        found.setdefault(int(pairs[at, 0]), int(pairs[at, 1]))
    return found
