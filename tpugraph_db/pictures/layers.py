"""Ops in layers: which op stands in which layer, in which order, and how far from the left.

Source: Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system structures", IEEE Transactions
on Systems, Man, and Cybernetics 11(2), 1981; the median heuristic of Eades and Wormald, Algorithmica 11, 1994.

An edge that skips layers runs over joints, one in each layer between; all edges of a producer share them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import structure

SWEEPS = 8
"""Times that the order of layers is made better, downwards and upwards in turn."""

Edges = NDArray[np.int64]


@dataclass(frozen=True)
class Layered:
    """``nodes`` are the ops 0 to n - 1, and then joints."""

    layers: list[list[int]]
    """From the top; the nodes of each from the left."""
    ways: list[list[int]]
    """For each edge the nodes that it runs through, from producer to consumer."""
    above: dict[int, list[int]]
    """For each node those of the layer above that are joined to it."""
    below: dict[int, list[int]]


def layered(ops: int, edges: Edges) -> Layered:
    """Layers by depth, the number of edges on the longest way to an op; what nothing feeds stands above its first user.

    Args:
        ops: How many.
        edges: (m, 2) of (consumer, producer), without a circle.
    """
    level = _levels(ops, edges)
    layers: list[list[int]] = [[] for _ in range(int(level.max()) + 1)]
    for op in range(ops):
        layers[level[op]].append(op)
    ways = _ways(level.tolist(), edges, layers)
    above, below = _joined(ways)
    for sweep in range(SWEEPS):
        _sweep(layers, below if sweep % 2 else above, up=bool(sweep % 2))
    return Layered(layers, ways, above, below)


def places(found: Layered, width: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """(nodes,) float64: the middle of each node, near the mean of those it is joined to, ``gap`` apart at least."""
    place = np.zeros(len(width))
    for layer in found.layers:
        place[layer] = _apart(np.zeros(len(layer)), width[layer], gap)
    for joined, up in ((found.above, False), (found.below, True), (found.above, False)):
        for layer in _ordered(found.layers, up):
            wanted = [place[joined[node]].mean() if joined.get(node) else place[node] for node in layer]
            place[layer] = _apart(np.array(wanted), width[layer], gap)
    return place


def _levels(ops: int, edges: Edges) -> NDArray[np.int64]:
    level = structure.depths(ops, edges)
    first_user = np.full(ops, np.iinfo(np.int64).max)
    np.minimum.at(first_user, edges[:, 1], level[edges[:, 0]])
    fed = np.isin(np.arange(ops), edges[:, 0])
    used = np.isin(np.arange(ops), edges[:, 1])
    return np.where(~fed & used, first_user - 1, level)


def _ways(level: list[int], edges: Edges, layers: list[list[int]]) -> list[list[int]]:
    """Adds the joints to the layers."""
    joints: dict[int, list[int]] = defaultdict(list)
    nodes, ways = len(level), []
    for consumer, producer in edges.tolist():
        between = level[consumer] - level[producer] - 1
        while len(joints[producer]) < between:
            layers[level[producer] + 1 + len(joints[producer])].append(nodes)
            joints[producer].append(nodes)
            nodes += 1
        ways.append([producer, *joints[producer][:between], consumer])
    return ways


def _joined(ways: list[list[int]]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    pairs = dict.fromkeys(pair for way in ways for pair in pairwise(way))
    above, below = defaultdict(list), defaultdict(list)
    for upper, lower in pairs:
        above[lower].append(upper)
        below[upper].append(lower)
    return dict(above), dict(below)


def _sweep(layers: list[list[int]], joined: dict[int, list[int]], up: bool) -> None:
    """Order each layer by the median of those it is joined to in the layer just ordered; what has none stays."""
    place = {node: at / len(layer) for layer in layers for at, node in enumerate(layer)}
    for layer in _ordered(layers, up):
        median = {node: float(np.median([place[of] for of in joined.get(node, [node])])) for node in layer}
        layer.sort(key=median.__getitem__)
        place.update({node: at / len(layer) for at, node in enumerate(layer)})


def _ordered(layers: list[list[int]], up: bool) -> list[list[int]]:
    return layers[::-1] if up else layers


def _apart(wanted: NDArray[np.float64], width: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """The middles in this order nearest to those wanted (least squares) that keep boxes ``gap`` apart.

    With the room that stands before each box taken off, the middles must only not fall: isotonic regression, by
    pooling neighbours that violate it.
    """
    room = np.concatenate([[0], np.cumsum((width[:-1] + width[1:]) / 2 + gap)]) if len(width) else width
    pools: list[tuple[float, int]] = []
    for value in (wanted - room).tolist():
        mean, count = value, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    means, counts = zip(*pools, strict=True) if pools else ((), ())
    apart: NDArray[np.float64] = np.repeat(means, counts) + room
    return apart
