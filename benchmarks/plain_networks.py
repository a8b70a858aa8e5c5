"""The peers of ``models_speed``: the same networks written plainly, with the weights of ours.

GCN in DGL: a configuration's ops are all computed at every layer, ``b`` configurations side by side in one dense array,
tiles too, although these are heard of behind the layers only.
GRU: a Python loop over the ops, as its formula reads.
"""

from __future__ import annotations

from typing import Any

import dgl
import numpy as np
import torch
from dgl.nn.pytorch import GraphConv
from numpy.typing import NDArray
from torch import Tensor

from tpugraph_db.models.features.inputs import Inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.features.tile_features import TILE_NUMBERS
from tpugraph_db.models.networks.batch import symmetric
from tpugraph_db.models.networks.gcn import Gcn, Layer
from tpugraph_db.models.networks.gru import Cell
from tpugraph_db.models.networks.network import Tensors


class PlainGcn(torch.nn.Module):
    """What :class:`Gcn` computes, of one graph."""

    def __init__(self, net: Gcn, inputs: Inputs, statistics: Statistics) -> None:
        super().__init__()
        self.net, self._inputs = net, inputs
        self._tensors = Tensors.of(inputs, statistics)
        consumers, producers = (torch.tensor(ends) for ends in inputs.edges.T)
        self._forward = dgl.graph((producers, consumers), num_nodes=len(inputs))
        self._backward = dgl.graph((consumers, producers), num_nodes=len(inputs))
        self._weights = [torch.tensor(weights) for weights in symmetric(inputs.edges, len(inputs))]
        self._sum = GraphConv(1, 1, norm="none", weight=False, bias=False, allow_zero_in_degree=True)

    def forward(self, configs: NDArray[np.int64]) -> Tensor:
        """(b,) scores of configurations, by number."""
        choices = np.concatenate([self._inputs.choices[configs], self._inputs.default[None]])
        states = self._first(choices)
        for layer in self.net.layers:
            states = self._layer(layer, states)
        runtime, tiles = self.net.runtime, self.net.tiles
        if tiles is None:
            return runtime(runtime.log_runtimes(states, self._log_bytes(choices)))
        known = self._tensors.choice_numbers[choices[:, 0]]
        told = torch.relu(tiles.of_op(states) + tiles.of_tile(known))
        log_times = torch.from_numpy(self._inputs.choice_numbers[choices[:, 0], TILE_NUMBERS.index("log_time")])
        return runtime(runtime.log_runtime(told).squeeze(2) + log_times)

    def _log_bytes(self, choices: NDArray[np.int64]) -> Tensor:
        """(n, b + 1, 3): what every op makes and copies."""
        of_op = choices.T[np.maximum(self._inputs.slots, 0)]
        known = (self._inputs.slots >= 0)[:, None, None]
        copied = np.where(known, self._inputs.log_copied[of_op], -np.inf)
        made = np.broadcast_to(self._inputs.log_bytes[:, None, None], (*of_op.shape, 1))
        return torch.from_numpy(np.concatenate([made, copied], axis=2).astype(np.float32))

    def _first(self, choices: NDArray[np.int64]) -> Tensor:
        """(n, b + 1, d): every op's features beside what the configuration says of it, through the first layers."""
        first, graph = self.net.first, self._tensors
        ops = torch.cat([first.opcode(graph.opcodes), first.layout(graph.layouts), graph.op_numbers], 1)
        states = first.of_op(ops[:, None].expand(-1, len(choices), -1))
        if self.net.tiles is None:
            slots = torch.tensor(self._inputs.slots)
            of_op = torch.from_numpy(choices).T[slots.clamp_min(0)]
            said = torch.cat([first.choice_layout(graph.choice_layouts), graph.choice_numbers], 1)[of_op]
            states = states + first.of_choice(said) * (slots >= 0)[:, None, None]
        rows: Tensor = first.out(states)
        return rows

    def _layer(self, layer: Layer, states: Tensor) -> Tensor:
        forward, backward = (
            self._sum(graph, states, edge_weight=weights[:, None, None])
            for graph, weights in zip((self._forward, self._backward), self._weights, strict=True)
        )
        told = layer.forward_(forward) + layer.backward_(backward)
        new = torch.relu(layer.norm(layer.own(states) + told))
        return states + (new if layer.gate is None else layer.gate * new)


def plain_cell(cell: Cell, states: Tensor, ends: NDArray[np.int64]) -> Tensor:
    """What a :class:`Cell` computes along ``ends`` (m, 2) of (after, before): states (n, b, d), an op at a time."""
    read: list[Any] = [[] for _ in range(len(states))]
    for after, before in ends.tolist():
        read[after].append(before)
    inputs, width, found = cell.input(states), states.shape[2], [None] * len(states)
    order = range(len(states)) if (ends[:, 0] > ends[:, 1]).all() else range(len(states) - 1, -1, -1)
    for op in order:
        nothing = torch.zeros_like(states[op])
        mean = torch.stack([found[before] for before in read[op]]).mean(0) if read[op] else nothing
        found[op] = _step(cell, inputs[op], mean, width)
    return torch.stack(found)


def _step(cell: Cell, given: Tensor, mean: Tensor, width: int) -> Tensor:
    told = mean @ cell.weight.T
    r, z = torch.sigmoid(given[:, : 2 * width] + told[:, : 2 * width]).split(width, -1)
    candidate = torch.tanh(given[:, 2 * width :] + r * (told[:, 2 * width :] + cell.bias))
    return (1 - z) * candidate + z * mean
