"""The model ``sage``: neighbours' means in both directions, normalised over the whole graph.

One layer, with ``P(v)`` the producers of op ``v`` and ``C(v)`` its consumers::

    h'[v] = h[v] + relu(norm(A h[v] + B mean over u in P(v) of h[u] + C mean over u in C(v) of h[u]))

Norm is instance norm: over the ops of one graph under one configuration, feature by feature. A change at one op is thus
felt by every other after one layer, so that only first states are shared between configurations. The score is
``MLP([mean over ops, max over ops])``, less the default's. Means and maxima do not add up over ops: ``sage`` has no
shares of ops. Of tiles (:mod:`.tiles`) it pools ``u`` and adds ``a e``, with ``a > 0`` learned.

Source: Hamilton, Ying and Leskovec, "Inductive Representation Learning on Large Graphs" (2017); the pooling, the norm
and both directions follow the strongest entries of the competition "Fast or Slow?" (2023).
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.batch import Prepared, Step, mean
from tpugraph_db.models.networks.network import Network, lookup


class Layer(nn.Module):
    """One layer of the formula above."""

    def __init__(self, width: int) -> None:
        super().__init__()
        # no biases: the norm takes them off again
        self.own, self.forward_, self.backward_ = (nn.Linear(width, width, bias=False) for _ in range(3))
        self.scale, self.shift = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, states: Tensor, step: Step) -> Tensor:
        """(n, b, d) -> (n, b, d)."""
        flat = states.flatten(1)
        told = self.forward_(step.forward(flat).view_as(states)) + self.backward_(step.backward(flat).view_as(states))
        mixed = self.own(states) + told
        spread, middle = torch.var_mean(mixed, 0, correction=0, keepdim=True)
        normed = (mixed - middle) * torch.rsqrt(spread + 1e-5)
        return states + torch.relu(normed * self.scale + self.shift)


class Sage(Network):
    """See the module's docstring."""

    name = "sage"
    shared = 0
    weights = staticmethod(mean)

    def __init__(self, statistics: Statistics, width: int = 64, depth: int = 3) -> None:
        super().__init__(statistics, width)
        self.layers = nn.ModuleList(Layer(width) for _ in range(depth))
        hidden, score = nn.Linear(2 * width, width), nn.Linear(width, 1, bias=False)
        self.out = nn.Sequential(hidden, nn.ReLU(), score)
        if self.tiles:
            nn.init.zeros_(score.weight)
            self.log_scale = nn.Parameter(torch.tensor(math.log(10.0)))

    def forward(self, graph: Prepared, configs: NDArray[np.int64]) -> Tensor:
        """(b,) float32: scores, lower is faster."""
        batch = graph.batch(configs)
        states = lookup(self.first(graph.tensors, batch.op, batch.choice), batch.place)
        for layer in self.layers:
            states = layer(states, graph.whole)
        if self.tiles and batch.tiles:
            states = self.tiles(states, batch.tiles)
        pooled: Tensor = self.out(torch.cat([states.mean(0), states.amax(0)], 1)).squeeze(1)
        if batch.tiles:
            pooled = pooled + torch.exp(self.log_scale) * batch.tiles.log_time
        return pooled[:-1] - pooled[-1]
