"""The model ``gru``: a gated recurrent unit whose state moves along the graph in topological order.

A layer runs twice over all ops, from producers to consumers and back, a level at a time (:mod:`.scan` has the formula);
an op's state is ``h'[v] = norm(h[v] + D [forward[v], backward[v]])``. Opcode and features enter by the first state
(:mod:`.network`), as does the op's choice. The score is that of :class:`tpugraph_db.models.networks.network.Runtime`.

Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder" (2014); along a graph in topological
order: Thost and Chen, "Directed Acyclic Graph Neural Networks" (2021).
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.batch import Prepared, mean
from tpugraph_db.models.networks.network import Network, Runtime, lookup
from tpugraph_db.models.networks.scan import scan


class Cell(nn.Module):
    """One run over the graph, in one direction."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.input = nn.Linear(width, 3 * width)
        self.weight, self.bias = nn.Parameter(torch.empty(3 * width, width)), nn.Parameter(torch.zeros(width))
        nn.init.uniform_(self.weight, -1 / math.sqrt(width), 1 / math.sqrt(width))

    def forward(self, states: Tensor, graph: Prepared, backward: bool) -> Tensor:
        """(n, b, d) -> (n, b, d)."""
        order, levels = graph.levels[backward]
        there = scan(self.input(states).index_select(0, order), self.weight, self.bias, levels)
        return torch.empty_like(there).index_copy(0, order, there)


class Layer(nn.Module):
    """Both directions."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.forward_, self.backward_ = Cell(width), Cell(width)
        # no bias: the last layer's is what all ops share, which falls out of the score
        self.out, self.norm = nn.Linear(2 * width, width), nn.LayerNorm(width, bias=False)

    def forward(self, states: Tensor, graph: Prepared) -> Tensor:
        """(n, b, d) -> (n, b, d)."""
        both = torch.cat([self.forward_(states, graph, False), self.backward_(states, graph, True)], -1)
        mixed: Tensor = self.norm(states + self.out(both))
        return mixed


class Gru(Network):
    """See the module's docstring."""

    name = "gru"
    shared = 0
    weights = staticmethod(mean)

    def __init__(self, statistics: Statistics, width: int = 64, depth: int = 2) -> None:
        super().__init__(statistics, width)
        self.layers = nn.ModuleList(Layer(width) for _ in range(depth))
        self.runtime = Runtime(width, statistics.kind)

    def log_runtimes(self, graph: Prepared, configs: NDArray[np.int64]) -> Tensor:
        """(n, b + 1) float32: log runtime of each op under each configuration, the default behind them."""
        batch = graph.batch(configs)
        states = lookup(self.first(graph.tensors, batch.op, batch.choice), batch.place)
        for layer in self.layers:
            states = layer(states, graph)
        if self.tiles and batch.tiles:
            return self.runtime.log_runtimes(self.tiles(states, batch.tiles), batch.tiles.log_time[:, None])
        return self.runtime.log_runtimes(states, lookup(batch.log_bytes, batch.place))

    def forward(self, graph: Prepared, configs: NDArray[np.int64]) -> Tensor:
        """(b,) float32: scores, lower is faster."""
        scores: Tensor = self.runtime(self.log_runtimes(graph, configs))
        return scores
