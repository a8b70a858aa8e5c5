"""What the networks compute, over all ops under all configurations, one formula after the other."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tpugraph_db.models.features.inputs import Inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.network import ENTRIES, First, Network, Runtime


def first_states(first: First, given: Inputs, statistics: Statistics, ops: np.ndarray, choices: np.ndarray) -> Tensor:
    """(k, d): of pairs of op and choice, one by one."""
    return torch.stack([_first_state(first, given, statistics, *pair) for pair in zip(ops, choices, strict=True)])


def all_first_states(first: First, given: Inputs, statistics: Statistics, configs: np.ndarray) -> Tensor:
    """(b + 1, n, d): of every op under some configurations, and under the default."""
    picks = [*given.choices[configs], given.default]
    own = [[pick[slot] if slot >= 0 else -1 for slot in given.slots] for pick in picks]
    ops = np.arange(len(given))
    return torch.stack([first_states(first, given, statistics, ops, np.array(choices)) for choices in own])


def _first_state(first: First, given: Inputs, statistics: Statistics, op: int, choice: int) -> Tensor:
    layout = _entries(first.layout.embedding, given.layouts[op])
    numbers = torch.tensor(statistics.ops(given.op_numbers)[op])
    told = torch.cat([first.opcode.weight[given.opcodes[op]], layout, numbers])
    state = first.of_op.weight @ told + first.of_op.bias
    if choice >= 0:
        layout = _entries(first.choice_layout.embedding, given.choice_layouts[choice])
        numbers = torch.tensor(statistics.choices(given.choice_numbers)[choice])
        state = state + first.of_choice.weight @ torch.cat([layout, numbers]) + first.of_choice.bias
    norm, _, out, _ = first.out
    normed = functional.layer_norm(state, state.shape, norm.weight, norm.bias)
    return torch.relu(out.weight @ torch.relu(normed) + out.bias)


def _entries(table: nn.Embedding, entries: np.ndarray) -> Tensor:
    rows = [table.weight[position * ENTRIES + entry] for position, entry in enumerate(entries.tolist())]
    return torch.cat(rows) if rows else torch.empty(0)


def neighbours(given: Inputs) -> tuple[list[list[int]], list[list[int]]]:
    """Producers and consumers of each op, as often as there are edges."""
    producers: list[list[int]] = [[] for _ in range(len(given))]
    consumers: list[list[int]] = [[] for _ in range(len(given))]
    for consumer, producer in given.edges.tolist():
        producers[consumer].append(producer)
        consumers[producer].append(consumer)
    return producers, consumers


def mean(states: Tensor, of: list[int]) -> Tensor:
    """(b, d): mean of the states (b, n, d) of some ops, 0 of none."""
    return states[:, of].mean(1) if of else torch.zeros_like(states[:, 0])


LOG_TIME = 26
"""Where it stands among what is known of a tile: behind the 24 bounds, the tiles and the steps."""


def under_tiles(
    net: Network, given: Inputs, statistics: Statistics, states: Tensor, configs: np.ndarray
) -> tuple[Tensor, Tensor]:
    """((b + 1, n, d), (b + 1,)): states as configurations change them behind the layers, and times; 0 of layouts."""
    if net.tiles is None:
        return states, torch.zeros(len(states))
    picks = [*given.choices[configs, 0], given.default[0]]
    known = torch.tensor(statistics.choices(given.choice_numbers)[picks])
    of_op, of_tile = net.tiles.of_op, net.tiles.of_tile.weight
    told = [state @ of_op.weight.T + of_op.bias + of_tile @ tile for state, tile in zip(states, known, strict=True)]
    return torch.relu(torch.stack(told)), torch.tensor(given.choice_numbers[picks, LOG_TIME])


def runtimes(net: Network, given: Inputs, statistics: Statistics, configs: np.ndarray, states: Tensor) -> Tensor:
    """(b + 1, n): of states (b + 1, n, d), under tiles or by bytes."""
    if net.tiles is None:
        return _by_bytes(net.runtime, given, configs, states)
    states, log_times = under_tiles(net, given, statistics, states, configs)
    return torch.exp(states @ net.runtime.log_runtime.weight[0] + log_times[:, None])


def _by_bytes(runtime: Runtime, given: Inputs, configs: np.ndarray, states: Tensor) -> Tensor:
    """One by one; bytes made, written in a chosen layout, and copied."""
    rates = [runtime.log_runtime.weight[0], *runtime.copies.weight]
    biases = [0, *runtime.copies.bias]
    found = torch.zeros(states.shape[:2])
    for at, pick in enumerate([*given.choices[configs], given.default]):
        for op in range(len(given)):
            copied = given.log_copied[pick[given.slots[op]]] if given.slots[op] >= 0 else [-np.inf, -np.inf]
            for rate, bias, log_bytes in zip(rates, biases, [given.log_bytes[op], *copied], strict=True):
                found[at, op] += np.exp(log_bytes) * torch.exp(states[at, op] @ rate + bias)
    return found


def scores(runtime: Runtime, of_ops: Tensor) -> Tensor:
    """(b,): of runtimes (b + 1, n), by ``a (log T - log T0)``."""
    total = of_ops.sum(1)
    return torch.exp(runtime.log_scale) * torch.log(total[:-1] / total[-1])


def shaken(net: nn.Module) -> nn.Module:
    """With weights that are none of them 0."""
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return net
