"""The model ``gcn``: graph convolution over the op graph, and a distribution over the rank of each configuration.

One layer, with ``P(v)`` the producers of op ``v``, ``C(v)`` its consumers, ``p(v)`` and ``c(v)`` how many they are::

    h'[v] = h[v] + g * relu(norm(A h[v] + a + B sum over u in P(v) of h[u] / sqrt(p(v) c(u))
                                            + C sum over u in C(v) of h[u] / sqrt(c(v) p(u))))

Norm is layer norm, of one op's state alone: an op that no choice reaches has one state, whatever the configuration
(:mod:`tpugraph_db.models.networks.unfolding`). Source: Kipf and Welling, "Semi-Supervised Classification with Graph
Convolutional Networks" (2017), in both directions and with the op's own state apart. The gate ``g`` (d,) is learned
from :data:`GATE` on: what an op is comes before what is around it, by which a few dozen programs are told apart too
well. Of tiles it is 1. Source: Touvron et al., "Going deeper with Image Transformers" (2021), LayerScale.

The head reads a configuration's score ``s`` as a place among all: its relative rank (0 the fastest, 1 the slowest) is
logit-logistic, ``F(t) = sigmoid((logit(t) - s - m) / e)``. Read at ``n`` thresholds that is row ``i`` of the matrix
``P[i][j] = F((j + 1) / n) - F(j / n)``, the probability that configuration ``i`` is in runtime class ``j`` of ``n``,
for any ``n``; rows sum to 1. The expected class rises with the score.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tpugraph_db.models.features.inputs import LAYOUT, TILE
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.batch import Prepared, Step, symmetric
from tpugraph_db.models.networks.losses import cross_entropy
from tpugraph_db.models.networks.network import CLASS_LOSS, Network, Runtime, lookup
from tpugraph_db.models.networks.tiles import Known

MOST_CLASSES = 4096
"""How many may be asked for."""

TRAINING_CLASSES = 20
"""Runtime classes among the configurations of one step."""

GATE = 0.1

ASIDE = {LAYOUT: 0.01, TILE: 1.0}
"""What the cross-entropy of classes counts beside another loss, by kind of configurations."""

_LEAST = 1e-6
"""Probability below which a class is not told from an impossible one."""


class Layer(nn.Module):
    """One layer of the formula above."""

    def __init__(self, width: int, gated: bool = True) -> None:
        super().__init__()
        self.gate = nn.Parameter(torch.full((width,), GATE)) if gated else None
        self.own = nn.Linear(width, width)
        self.forward_, self.backward_ = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.norm = nn.LayerNorm(width)

    def forward(self, rows: Tensor, step: Step) -> Tensor:
        """(rows before, d) -> (rows after, d)."""
        own = lookup(rows, step.own)
        told = self.forward_(step.forward(rows)) + self.backward_(step.backward(rows))
        new = torch.relu(self.norm(self.own(own) + told))
        return own + (new if self.gate is None else self.gate * new)


class Gcn(Network):
    """See the module's docstring."""

    name = "gcn"
    weights = staticmethod(symmetric)

    def __init__(self, statistics: Statistics, width: int = 64, depth: int = 3) -> None:
        super().__init__(statistics, width)
        self.shared = depth
        self.layers = nn.ModuleList(Layer(width, statistics.kind == LAYOUT) for _ in range(depth))
        self.runtime = Runtime(width, statistics.kind)
        self.place, self.log_spread = nn.Parameter(torch.zeros(())), nn.Parameter(torch.zeros(()))

    def log_runtimes(self, graph: Prepared, configs: NDArray[np.int64]) -> Tensor:
        """(n, b + 1) float32: log runtime of each op under each configuration, the default behind them."""
        batch = graph.batch(configs)
        rows = self.first(graph.tensors, batch.op, batch.choice)
        for layer, step in zip(self.layers, batch.steps, strict=True):
            rows = layer(rows, step)
        return self.read(rows, batch.place, batch.log_bytes, batch.tiles)

    def read(self, rows: Tensor, place: Tensor, log_bytes: Tensor, tiles: Known | None) -> Tensor:
        """(n, b + 1) float32: log runtimes of rows (rows, d) after the last layer; the rest as in ``Batch``."""
        if self.tiles and tiles:
            return self.runtime.log_runtimes(self.tiles(lookup(rows, place), tiles), tiles.log_time[:, None])
        return lookup(self.runtime.log_runtimes(rows, log_bytes), place)

    def forward(self, graph: Prepared, configs: NDArray[np.int64]) -> Tensor:
        """(b,) float32: scores, lower is faster."""
        scores: Tensor = self.runtime(self.log_runtimes(graph, configs))
        return scores

    def loss(self, name: str, scores: Tensor, values: Tensor) -> Tensor:
        """Cross-entropy of runtime classes, and beside it the loss of that name where it is another one.

        Then scores learn from that loss alone, and the classes from where the scores are: scores of tiles begin in a
        good order and far apart, and cross-entropy would draw them together before it has learned another. Of layouts
        it has :data:`ASIDE` of its gradient, which Adam makes up for: cutting long gradients does not cut the other.
        """
        if name == CLASS_LOSS:
            return self._entropy(scores, values)
        return ASIDE[self.kind] * self._entropy(scores.detach(), values) + super().loss(name, scores, values)

    def _entropy(self, scores: Tensor, values: Tensor) -> Tensor:
        classes = self.matrix(scores, TRAINING_CLASSES).clamp_min(_LEAST).log()
        return cross_entropy(classes, values)

    def matrix(self, scores: Tensor, classes: int) -> Tensor:
        """(b, classes) float32: probability of each runtime class; rows sum to 1.

        ``scores`` are those of :meth:`forward`. Class 0 is the fastest.
        """
        thresholds = torch.arange(1, classes, device=scores.device) / classes
        spread = torch.exp(self.log_spread)
        below = torch.sigmoid((torch.logit(thresholds) - scores[:, None] - self.place) / spread)
        ends = [torch.full((len(scores), 1), end, device=scores.device) for end in (0.0, 1.0)]
        return torch.cat([ends[0], below, ends[1]], 1).diff(dim=1)
