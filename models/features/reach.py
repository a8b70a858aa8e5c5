"""How dear it is to copy an array from one layout to another: how far apart the copying loop reads its neighbours.

XLA writes the new array from its first byte to its last, so the inner loop runs along the new layout's minor-most
dimension. Elements that are neighbours in the old array share a cache line, and between reading one and the next the
loop reads ``reach`` others: the product of the dimensions that stand before the old minor-most one in the new layout.
1 is reading in order. On XLA:CPU a copy took 0.1 to 0.5 ns an element up to a reach of 500, and 0.5 to 4 ns beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod

import numpy as np

LINE, SETS, WAYS = 64, 64, 12
"""A first-level data cache: bytes a line, sets, lines a set. 48 KB, as in AMD's Zen 5 and Intel's Ice Lake."""

Layout = tuple[int, ...]


def reach(old: Layout, new: Layout, dims: Sequence[int]) -> int:
    """Elements read from one element to its neighbour in memory; 0 where the layouts are one, or have no dimension.

    >>> reach((2, 1, 0), (1, 2, 0), (8, 16, 32)), reach((2, 1, 0), (2, 0, 1), (8, 16, 32))
    (16, 1)
    """
    return 0 if old == new or not old else prod(dims[d] for d in _before(old, new))


@lru_cache(maxsize=1 << 16)
def lost(old: Layout, new: Layout, dims: tuple[int, ...], item_bytes: int) -> float:
    """Share of the cache lines read that are gone when their next element is due, from 0 to 1.

    All are where the reach is more than the cache holds. Below that it depends on the strides: lines that are a
    multiple of ``LINE * SETS`` bytes apart share a set, which holds :data:`WAYS` of them.
    """
    distance = reach(old, new, dims)
    if distance <= 1 or distance > SETS * WAYS:
        return float(distance > 1)
    strides = dict(zip(old, np.cumprod([item_bytes, *(dims[d] for d in old)]).tolist(), strict=False))
    places = np.zeros(1, np.int64)
    for d in _before(old, new):
        places = np.add.outer(places, np.arange(dims[d]) * strides[d]).ravel()
    held = np.bincount(np.unique(places // LINE) % SETS)
    return float(held[held > WAYS].sum() / held.sum())


def _before(old: Layout, new: Layout) -> Layout:
    return new[: new.index(old[0])] if old[0] in new else new
