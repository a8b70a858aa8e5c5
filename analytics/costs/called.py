"""Who calls what, and how costs go up from the called to the callers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.costs.listing import Call, Listing, Role
from tpugraph_db.analytics.costs.trips import UNKNOWN_TRIPS

_EVERY: frozenset[Role] = frozenset(["fused", "runs", "condition", "branch"])


@dataclass(frozen=True)
class Calls:
    """The computations of a graph of ``n`` ops and which op runs them how often."""

    starts: list[int]
    """(c + 1,) the ops of computation ``k`` are ``starts[k]`` to ``starts[k + 1] - 1``."""
    entries: list[int]
    """Computations where the program begins."""
    calls: list[Call]
    times: list[int]
    """As many as calls: how often one execution of the caller runs the computation."""

    @classmethod
    def of(cls, listing: Listing, count_trips: bool = True) -> Calls:
        """Those of a listing; without ``count_trips`` a while runs its body once, as XLA counts it."""
        trips = listing.trips if count_trips else {}
        return cls(listing.starts, listing.entries, listing.calls, [_times(call, trips) for call in listing.calls])

    def computation(self) -> NDArray[np.int64]:
        """(n,) int64: number of each op's computation."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def totals(self, values: NDArray[np.float64], roles: Collection[Role] = _EVERY) -> NDArray[np.float64]:
        """(n,) float64: each op's value plus those of the ops that one execution of it runs.

        ``total[v] = value[v] + sum over calls of v of times · (sum of total[u] over u in the computation)``; of
        the branches of a conditional the dearest counts, as with XLA. NaN (unknown) adds nothing, and stays where
        nothing is called.

        Args:
            values: (n,) of one execution.
            roles: Which calls count.
        """
        totals = values.astype(np.float64)
        sums = np.add.reduceat(np.nan_to_num(totals), self.starts[:-1]) if len(totals) else np.zeros(0)
        for number, callers in sorted(self._by_computation_of_caller(roles).items()):
            for caller, called, branches in callers:
                dearest = max((sums[branch] for branch in branches), default=0.0)
                more = sum(times * sums[computation] for computation, times in called) + dearest
                totals[caller] = np.nan_to_num(totals[caller]) + more
                sums[number] += more
        return totals

    def _by_computation_of_caller(
        self, roles: Collection[Role]
    ) -> dict[int, list[tuple[int, list[tuple[int, int]], list[int]]]]:
        """By computation: (op, what it runs and how often, its branches)."""
        of: dict[int, tuple[list[tuple[int, int]], list[int]]] = {}
        for call, times in zip(self.calls, self.times, strict=True):
            if call.role in roles:
                runs, branches = of.setdefault(call.caller, ([], []))
                branches.append(call.computation) if call.role == "branch" else runs.append((call.computation, times))
        computation = self.computation().tolist()
        found: dict[int, list[tuple[int, list[tuple[int, int]], list[int]]]] = {}
        for caller, (runs, branches) in of.items():
            found.setdefault(computation[caller], []).append((caller, runs, branches))
        return found

    def runs(self) -> NDArray[np.float64]:
        """(n,) float64: how often each op is executed when the program runs once.

        Every branch of a conditional counts as taken; 0 for ops of functions that others apply, whose formulas count
        them, and of computations that nothing calls.
        """
        computation = self.computation().tolist()
        often = np.zeros(len(self.starts) - 1)
        often[self.entries] = 1
        made = zip(self.calls, self.times, strict=True)
        for call, times in sorted(made, key=lambda pair: computation[pair[0].caller], reverse=True):
            often[call.computation] += times * often[computation[call.caller]]
        return np.repeat(often, np.diff(self.starts))

    def inside(self, role: Role) -> NDArray[np.bool_]:
        """(n,) bool: the op is in a computation of that role, or in one that such a computation calls."""
        computation = self.computation().tolist()
        found = np.zeros(len(self.starts) - 1, bool)
        for call in sorted(self.calls, key=lambda call: computation[call.caller], reverse=True):
            found[call.computation] |= call.role == role or found[computation[call.caller]]
        return np.repeat(found, np.diff(self.starts))


def _times(call: Call, trips: dict[int, int]) -> int:
    """How often one execution of the caller runs a computation; a loop tests once more than it runs."""
    if call.role == "applied":
        return 0
    count = trips.get(call.caller, UNKNOWN_TRIPS)
    return 1 if count == UNKNOWN_TRIPS else count + (call.role == "condition")
