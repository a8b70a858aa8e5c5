"""Which configurations are measured: drawn in strata of how many ops are constrained.

How many are constrained says most about a runtime, and would hide what a layout does; so a third of the configurations
constrains few of the ops, a third some, a third most.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from tpugraph_db.collect.sites import Site

STRATA = (0.1, 0.3, 0.6)
"""Share of the ops that are constrained; at least one is."""

Layouts = dict[int, tuple[int, ...]]
"""Number of a site -> minor-to-major layout of its output."""

_TRIES = 100
"""How often in a row a stratum may give what is there already, before it is taken to have no more."""

_ROW_MAJOR_ANYWAY = ("dot", "convolution")
"""Opcodes whose output is row-major when nothing is said; an explicit row-major reshape or transpose is a barrier."""


def draw(sites: Sequence[Site], count: int, seed: int) -> list[Layouts]:
    """At most ``count`` distinct configurations, the compiler's own (no site constrained) first.

    >>> draw([Site(0, "dot", (8, 8))], 5, seed=0)
    [{}, {0: (0, 1)}]
    """
    random = np.random.default_rng(seed)
    found: list[Layouts] = [{}]
    sizes = deque(stratum_sizes(len(sites)) if sites else ())
    while sizes and len(found) < count:
        drawn = (_one(sites, sizes[0], random) for _ in range(_TRIES))
        new = next((layouts for layouts in drawn if layouts not in found), None)
        if new is None:
            sizes.popleft()
        else:
            found.append(new)
            sizes.rotate(-1)
    return found


def stratum_sizes(sites: int) -> list[int]:
    """How many of so many sites each stratum constrains.

    >>> stratum_sizes(20), stratum_sizes(2)
    ([2, 6, 12], [1, 1, 1])
    """
    return [max(1, round(share * sites)) for share in STRATA]


def _one(sites: Sequence[Site], size: int, random: np.random.Generator) -> Layouts:
    chosen = sorted(random.choice(len(sites), size, replace=False).tolist())
    return {sites[at].number: _layout(sites[at], random) for at in chosen}


def _layout(site: Site, random: np.random.Generator) -> tuple[int, ...]:
    row_major = tuple(range(len(site.dims)))[::-1]
    while True:
        layout = tuple(random.permutation(len(row_major)).tolist())
        if layout != row_major or site.opcode not in _ROW_MAJOR_ANYWAY:
            return layout
