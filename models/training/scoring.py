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

SHARED = 6
"""How many times as many where a batch shares rows: with 16, a graph of 22,000 ops takes 350 MB more and saves 7 %."""


def chunks(net: Network, graph: Prepared, configs: int) -> Iterator[NDArray[np.int64]]:
    """The numbers of ``configs`` configurations, as many at a time as fit."""
    fit = NUMBERS * (SHARED if net.shared and not net.tiles else 1) // (len(graph.inputs) * net.width)
    size = max(1, min(fit, 1024))
    for start in range(0, configs, size):
        yield np.arange(start, min(start + size, configs))


def scores(net: Network, graph: Prepared) -> NDArray[np.float64]:
    """(c,) float64: every configuration's score, lower is faster."""
    with torch.no_grad():
        parts = [net(graph, some).double().cpu().numpy() for some in chunks(net, graph, len(graph.inputs.choices))]
    return np.concatenate(parts)
