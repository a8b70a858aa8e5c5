"""One figure of two graphs."""

from __future__ import annotations

import math
from typing import NamedTuple

from tpugraph_db.analytics.provenance import Provenance


class Total(NamedTuple):
    """A figure of A and of B, or one of both together; None where it is not known, or is of the other kind."""

    what: str
    a: float | None
    b: float | None
    both: float | None
    provenance: Provenance
    unit: str = ""

    @property
    def change(self) -> float | None:
        """B's less A's."""
        return None if self.a is None or self.b is None else self.b - self.a

    @property
    def percent(self) -> float | None:
        """The change in percent of A's; from 0 infinite, and 0 where both are 0."""
        change = self.change
        if change is None or self.a is None:
            return None
        if not self.a:
            return math.copysign(math.inf, change) if change else 0.0
        return 100 * change / abs(self.a)
