"""How a tile meets the states of the ops: behind the layers, so that these are computed once, whatever the tile.

With ``h[v]`` the state of op ``v`` behind the last layer, ``c`` what is known of a tile, standardised, and ``e`` the
logarithm of its time by rule of thumb (``log_time`` of :mod:`tpugraph_db.models.features.tile_features`)::

    u[v] = relu(U h[v] + a + V c);   log t[v] = w . u[v] + e

``w`` is 0 at first: a network begins as the rule of thumb, and learns where that is wrong. A configuration costs
``n d`` numbers more instead of the layers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Known:
    """What is known of ``b`` tiles."""

    numbers: Tensor
    """(b, k) float32: standardised."""
    log_time: Tensor
    """(b,) float32: ``e`` of the formula, as it is."""


class Tiles(nn.Module):
    """``u`` of the formula above; ``log t`` is that of :class:`tpugraph_db.models.networks.network.Runtime`."""

    def __init__(self, numbers: int, width: int) -> None:
        """``numbers`` are known of each tile."""
        super().__init__()
        self.of_op, self.of_tile = nn.Linear(width, width), nn.Linear(numbers, width, bias=False)

    def forward(self, states: Tensor, known: Known) -> Tensor:
        """(n, b, d) ``u`` of the states (n, 1, d) of ops under ``b`` tiles."""
        return torch.relu(self.of_op(states) + self.of_tile(known.numbers))
