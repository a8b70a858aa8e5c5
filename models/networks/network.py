"""What the networks share: how ops and choices become vectors, and how the ops' runtimes become a score.

Symbols: ``n`` ops, ``b`` configurations at a time, ``d`` the width, ``h[v]`` the state of op ``v``.

- First state: ``h[v] = relu(W relu(norm(A [opcode, layout, numbers] + C [choice])))``, each matrix with a bias, the
  choice's term where there is one; norm is layer norm. A tile is heard of behind the layers (:mod:`.tiles`).
- Score: every op has a learned runtime ``t[v]``; a configuration's is their sum ``T``, and its score
  ``a (log T - log T0)`` with ``T0`` that of the default and ``a > 0`` learned. Lower is faster.
- Runtime: under tiles see :mod:`.tiles`. Under layouts time goes by bytes, those that an op makes and those that are
  copied (:mod:`tpugraph_db.models.features.states`): ``t[v] = B[v] exp(w . h[v]) + X[v] exp(x . h[v] + i) +
  Y[v] exp(y . h[v] + j)``, ``B`` the output's bytes and 1, ``X`` those written in a chosen layout, ``Y`` those copied
  for readers. A copy thus costs something, and what is not copied costs nothing, whatever is learned.
- An op's share is ``t[v] / T``. It is what the network adds up to order configurations, learned from runtimes of whole
  programs: it tells where the network sees the time go, and is no measured duration.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tpugraph_db.columns import LAYOUT_COLUMNS
from tpugraph_db.errors import NotFoundError, UsageError, did_you_mean
from tpugraph_db.models.features.inputs import LAYOUT, TILE, Inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.losses import LOSSES, Loss
from tpugraph_db.models.networks.tiles import Tiles
from tpugraph_db.opcodes import OPCODES

OPCODE_WIDTH, ENTRY_WIDTH = 16, 4
ENTRIES = 8
"""A layout entry is one of none, 0, ..., 5 (and 6, were there seven dimensions)."""


@dataclass(frozen=True)
class Tensors:
    """A graph's :class:`Inputs`, standardised, as tensors."""

    opcodes: Tensor
    layouts: Tensor
    op_numbers: Tensor
    choice_layouts: Tensor
    choice_numbers: Tensor

    @classmethod
    def of(cls, inputs: Inputs, statistics: Statistics, device: str = "cpu") -> Tensors:
        """Standardise by the training graphs' statistics."""
        arrays = (
            inputs.opcodes,
            inputs.layouts,
            statistics.ops(inputs.op_numbers),
            inputs.choice_layouts,
            statistics.choices(inputs.choice_numbers),
        )
        return cls(*(torch.tensor(array, device=device) for array in arrays))

    def part(self, ops: slice, choices: Tensor) -> Tensors:
        """Some ops and some choices, the latter by number (k,) int64."""
        of_ops = (table[ops] for table in (self.opcodes, self.layouts, self.op_numbers))
        return Tensors(*of_ops, *(table[choices] for table in (self.choice_layouts, self.choice_numbers)))


class Entries(nn.Module):
    """Layout entries (rows, k), each an embedding of its position's own: (rows, k * ENTRY_WIDTH)."""

    offsets: Tensor

    def __init__(self, positions: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(positions * ENTRIES, ENTRY_WIDTH)
        self.register_buffer("offsets", torch.arange(positions) * ENTRIES, persistent=False)

    def forward(self, entries: Tensor) -> Tensor:
        """Embed each entry at its position."""
        embedded: Tensor = self.embedding(entries + self.offsets)
        return embedded.flatten(1)


class First(nn.Module):
    """The first state of (op, choice) pairs."""

    def __init__(self, statistics: Statistics, width: int) -> None:
        super().__init__()
        self.opcode = nn.Embedding(len(OPCODES), OPCODE_WIDTH)
        self.layout = Entries(6)
        self.hears = statistics.kind == LAYOUT
        if self.hears:
            self.choice_layout = Entries(len(LAYOUT_COLUMNS))
        op_width = OPCODE_WIDTH + 6 * ENTRY_WIDTH + len(statistics.ops.kept)
        self.of_op = nn.Linear(op_width, width)
        if self.hears:
            choice_width = len(LAYOUT_COLUMNS) * ENTRY_WIDTH + len(statistics.choices.kept)
            self.of_choice = nn.Linear(choice_width, width)
        self.out = nn.Sequential(nn.LayerNorm(width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())

    def forward(self, graph: Tensors, op: Tensor, choice: Tensor) -> Tensor:
        """(rows, d) of ``op`` (rows,) and ``choice`` (rows,), -1 for none.

        What an op and a choice add is computed once each, however many rows they are in.
        """
        ops = self.of_op(torch.cat([self.opcode(graph.opcodes), self.layout(graph.layouts), graph.op_numbers], 1))
        rows = lookup(ops, op)
        if self.hears:
            choices = self.of_choice(torch.cat([self.choice_layout(graph.choice_layouts), graph.choice_numbers], 1))
            some = torch.nonzero(choice >= 0).squeeze(1)
            rows = rows.index_add(0, some, lookup(choices, choice[some]))
        states: Tensor = self.out(rows)
        return states


class Network(nn.Module):
    """What every network is; a subclass adds its layers."""

    name: str
    shared: int
    """Steps of message passing whose rows a batch shares (:mod:`tpugraph_db.models.networks.unfolding`)."""

    def __init__(self, statistics: Statistics, width: int) -> None:
        super().__init__()
        self.width, self.kind = width, statistics.kind
        self.first = First(statistics, width)
        self.tiles = Tiles(len(statistics.choices.kept), width) if statistics.kind == TILE else None

    def loss(self, name: str, scores: Tensor, values: Tensor) -> Tensor:
        """What training makes small: a loss of scores (b,) and log runtimes (b,).

        Raises:
            NotFoundError: no loss of that name. UsageError: it wants more than scores.
        """
        return pairs_or_lists(BEST[self.kind] if name == AUTO else name)(scores, values)


class Runtime(nn.Module):
    """Log runtimes of ops from their states, and scores from them."""

    def __init__(self, width: int, kind: str = LAYOUT) -> None:
        super().__init__()
        self.log_runtime = nn.Linear(width, 1, bias=False)  # what all ops share falls out of the score
        self.copies = nn.Linear(width, 2) if kind == LAYOUT else None
        for parameter in self.parameters():  # at first the bytes moved are the score, of tiles the rule of thumb
            nn.init.zeros_(parameter)
        self.log_scale = nn.Parameter(torch.tensor(math.log(10.0)))

    def log_runtimes(self, states: Tensor, known: Tensor) -> Tensor:
        """(...) float32: log runtimes of states (..., d).

        ``known`` (..., 3) float32: log of ``B``, ``X`` and ``Y`` in the module's docstring, -inf for none; of tiles
        (..., 1): ``e`` in :mod:`.tiles`.
        """
        own: Tensor = self.log_runtime(states)
        if self.copies is None:
            return (own + known).squeeze(-1)
        return torch.logsumexp(torch.cat([own, self.copies(states)], -1) + known, -1)

    def forward(self, log_runtimes: Tensor) -> Tensor:
        """(b,) scores of (n, b + 1) log runtimes of ops, the default's last."""
        total = torch.logsumexp(log_runtimes, 0)
        return torch.exp(self.log_scale) * (total[:-1] - total[-1])


def lookup(rows: Tensor, at: Tensor) -> Tensor:
    """``rows[at]`` whose gradient is summed in one order: that of ``rows[at]`` changes from run to run on a CPU."""
    return rows.index_select(0, at.flatten()).view(*at.shape, *rows.shape[1:])


def degrees(edges: NDArray[np.int64], ops: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(ops,) float32 each: how many producers an op has, and how many consumers; 1 where none."""
    producers, consumers = (np.bincount(edges[:, end], minlength=ops) for end in (0, 1))
    return np.maximum(producers, 1).astype(np.float32), np.maximum(consumers, 1).astype(np.float32)


AUTO = "auto"

BEST = {LAYOUT: "logistic", TILE: "listmle"}
"""The loss that ``auto`` stands for, by kind of configurations: docs/results.md."""

CLASS_LOSS = "cross_entropy"
"""The loss that wants the probability of each runtime class."""


def pairs_or_lists(name: str) -> Loss:
    """A loss of scores alone.

    Raises:
        NotFoundError: no such loss. UsageError: it is the one of classes.
    """
    if name == CLASS_LOSS:
        raise UsageError(f"the loss {name} wants probabilities of classes, which the model gcn alone gives")
    if name not in LOSSES:
        raise NotFoundError(f"no loss {name!r}; there is {', '.join(LOSSES)}{did_you_mean(name, list(LOSSES))}")
    return LOSSES[name]
