"""All configurations of a graph through a network, as many at a time as memory allows; the scores are the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.network import Network

NUMBERS = 1 << 25
"""State entries (ops x configurations x width) at a time where nothing is shared."""

SHARED = 8
"""How many times as many where a batch shares rows: measured on graphs of 300 to 22,000 ops, for 2 GB at most."""


def chunks(net: Network, graph: Prepared, configs: int) -> Iterator[NDArray[np.int64]]:
    """0 to ``configs - 1``, as many at a time as configurations fit."""
    fit = NUMBERS * (SHARED if net.shared and not net.tiles else 1) // (len(graph.inputs) * net.width)
    size = max(1, min(fit, 1024))
    for start in range(0, configs, size):
        yield np.arange(start, min(start + size, configs))


def scores(net: Network, graph: Prepared, among: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
    """(c,) float64: every configuration's score, lower is faster; (k,) of those whose numbers ``among`` holds."""
    numbers = np.arange(len(graph.inputs.choices)) if among is None else among
    with torch.no_grad():
        parts = [net(graph, numbers[at]).double().cpu().numpy() for at in chunks(net, graph, len(numbers))]
    return np.concatenate(parts)
