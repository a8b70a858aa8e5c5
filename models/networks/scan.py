"""A gated recurrent unit along a graph: all ops of one level at once, each level from the ones before it.

With ``m[v]`` the mean of ``h[u]`` over what op ``v`` reads and ``x[v]`` its input (the gates' input weights applied)::

    r, z = sigmoid(x_r + W_r m), sigmoid(x_z + W_z m);  c = tanh(x_c + r * (W_c m + k));  h = (1 - z) * c + z * m

Source: Cho et al. 2014, in the form of cuDNN and torch. The gradient is written out: autograd would keep, and walk
through, a copy of the whole graph's states for every level. Levels are many and narrow, so that what counts is how many
calls a level takes: eight there and five back; the rest is done for all levels at once.
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
    """(n, width) -> (ops, width): each op's mean over what it reads."""
    scatter: Sum
    """(ops, width) -> (u, width): the transpose, to the sources alone."""


class Scan(torch.autograd.Function):
    """``h`` (n, b, d) from ``x`` (n, b, 3d) in the order r, z, c, ``weight`` (3d, d) and ``bias`` (d,)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, levels: Sequence[Level], learns: bool) -> Tensor:
        width = weight.shape[1]
        rows = _rows(levels, x.shape[1])
        states = x.new_zeros(*x.shape[:2], width)
        outs = torch.split(states.view(-1, width), rows)
        sides = torch.split(x.reshape(-1, 3 * width), [2 * width, width], 1)
        gated, proposed = (torch.split(side, rows) for side in sides)
        of_gates, of_candidate = weight[: 2 * width].T, weight[2 * width :].T
        kept = []
        for level, own, own_candidate, out in zip(levels, gated, proposed, outs, strict=True):
            read = level.gather(states.flatten(1)) if len(level.sources) else torch.zeros_like(out)
            mean = read.view(-1, width)
            gates = torch.addmm(own, mean, of_gates).sigmoid_()
            hidden = torch.addmm(bias, mean, of_candidate)
            r, z = torch.split(gates, width, 1)
            candidate = torch.addcmul(own_candidate, r, hidden).tanh_()
            torch.lerp(candidate, mean, z, out=out)
            if learns:
                kept.append((mean, gates, hidden, candidate))
        ctx.save_for_backward(weight, *map(torch.cat, zip(*kept, strict=True)))
        ctx.levels = levels
        return states

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        weight, mean, gates, hidden, c = ctx.saved_tensors
        width, rows = weight.shape[1], _rows(ctx.levels, grads[0].shape[1])
        r, z = torch.split(gates, width, 1)
        to_c, to_z = (1 - z) * (1 - c * c), (mean - c) * z * (1 - z)
        to_r = to_c * hidden * r * (1 - r)
        to_told = torch.stack([to_r, to_z, to_c * r], 1)
        of_state = grads[0].clone(memory_format=torch.contiguous_format)
        flat = of_state.view(-1, width)
        parts = (torch.split(part, rows) for part in (flat, to_told, z))
        for level, grad, told, kept in reversed(list(zip(ctx.levels, *parts, strict=True))):
            if len(level.sources):
                of_mean = torch.addmm(grad * kept, (grad[:, None] * told).flatten(1), weight)
                of_ops = of_mean.view(level.ops.stop - level.ops.start, -1)
                of_state.flatten(1).index_add_(0, level.sources, level.scatter(of_ops))
        of_told = (flat[:, None] * to_told).flatten(1)
        of_x = (flat[:, None] * torch.stack([to_r, to_z, to_c], 1)).view(*grads[0].shape[:2], 3 * width)
        return of_x, of_told.T @ mean, of_told[:, 2 * width :].sum(0), None, None


def scan(x: Tensor, weight: Tensor, bias: Tensor, levels: Sequence[Level]) -> Tensor:
    """(n, b, d) float: states of ops sorted by level; see :class:`Scan`."""
    states: Tensor = Scan.apply(x, weight, bias, levels, torch.is_grad_enabled())
    return states


def _rows(levels: Sequence[Level], configs: int) -> list[int]:
    """How many rows of (op, configuration) each level has."""
    return [(level.ops.stop - level.ops.start) * configs for level in levels]
