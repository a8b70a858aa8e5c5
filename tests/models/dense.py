"""What the networks compute, over all ops under all configurations, one formula after the other."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tpugraph_db.models.features.inputs import Inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.network import ENTRIES, First, Runtime


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


def runtimes(runtime: Runtime, given: Inputs, configs: np.ndarray, states: Tensor) -> Tensor:
    """(b + 1, n): of states (b + 1, n, d), one by one; bytes made, written in a chosen layout, and copied."""
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
