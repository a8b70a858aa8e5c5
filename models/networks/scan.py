"""A gated recurrent unit along a graph: all ops of one level at once, each level from the ones before it.

With ``m[v]`` the mean of ``h[u]`` over what op ``v`` reads and ``x[v]`` its input (the gates' input weights applied)::

    r, z = sigmoid(x_r + W_r m), sigmoid(x_z + W_z m);  c = tanh(x_c + r * (W_c m + k));  h = (1 - z) * c + z * m

Source: Cho et al. 2014, in the form of cuDNN and torch. The gradient is written out: autograd would keep, and walk
through, a copy of the whole graph's states for every level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tpugraph_db.models.networks.propagate import Sum


@dataclass(frozen=True)
class Level:
    """The ops of one level, a run of rows when ops are sorted by level."""

    ops: slice
    sources: Tensor
    """(u,) int64: the rows that they read."""
    gather: Sum
    """(u, width) -> (ops, width): each op's mean over what it reads."""
    scatter: Sum
    """(ops, width) -> (u, width): the transpose."""


class Scan(torch.autograd.Function):
    """``h`` (n, b, d) from ``x`` (n, b, 3d) in the order r, z, c, ``weight`` (3d, d) and ``bias`` (d,)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, levels: Sequence[Level]) -> Tensor:
        width = weight.shape[1]
        states, means = (x.new_zeros(*x.shape[:2], width) for _ in range(2))
        gates, hidden = torch.empty_like(x), torch.empty_like(means)
        for level in levels:
            mean = means[level.ops]
            if len(level.sources):
                mean.copy_(level.gather(states[level.sources].flatten(1)).view_as(mean))
            told = mean @ weight.T
            own = x[level.ops]
            both = torch.sigmoid(own[..., : 2 * width] + told[..., : 2 * width])
            hidden[level.ops] = told[..., 2 * width :] + bias
            candidate = torch.tanh(own[..., 2 * width :] + both[..., :width] * hidden[level.ops])
            gates[level.ops] = torch.cat([both, candidate], -1)
            states[level.ops] = torch.lerp(candidate, mean, both[..., width:])
        ctx.save_for_backward(means, gates, hidden, weight)
        ctx.levels = levels
        return states

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        means, gates, hidden, weight = ctx.saved_tensors
        width = weight.shape[1]
        of_state = grads[0].clone()
        of_x, of_told = torch.empty_like(gates), torch.empty_like(gates)
        for level in reversed(ctx.levels):
            grad, mean = of_state[level.ops], means[level.ops]
            r, z, c = gates[level.ops].split(width, -1)
            of_c = grad * (1 - z) * (1 - c * c)
            of_z = grad * (mean - c) * z * (1 - z)
            of_r = of_c * hidden[level.ops] * r * (1 - r)
            of_x[level.ops] = torch.cat([of_r, of_z, of_c], -1)
            of_told[level.ops] = torch.cat([of_r, of_z, of_c * r], -1)
            if len(level.sources):
                of_mean = grad * z + of_told[level.ops] @ weight
                of_sources = level.scatter(of_mean.flatten(1)).view(len(level.sources), *grad.shape[1:])
                of_state.index_add_(0, level.sources, of_sources)
        of_weight = of_told.flatten(0, 1).T @ means.flatten(0, 1)
        of_bias = of_told[..., 2 * width :].sum((0, 1))
        return of_x, of_weight, of_bias, None


def scan(x: Tensor, weight: Tensor, bias: Tensor, levels: Sequence[Level]) -> Tensor:
    """(n, b, d) float: states of ops sorted by level; see :class:`Scan`."""
    states: Tensor = Scan.apply(x, weight, bias, levels)
    return states
