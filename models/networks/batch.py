"""Configurations of one graph, made ready for a network: choices -> rows, and sums over neighbours between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tpugraph_db.models.features.inputs import TILE, Inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.features.tile_features import TILE_NUMBERS
from tpugraph_db.models.networks.network import Tensors, degrees
from tpugraph_db.models.networks.propagate import Messages, Sum, backend
from tpugraph_db.models.networks.scan import Level
from tpugraph_db.models.networks.tiles import Known
from tpugraph_db.models.networks.unfolding import Layer as UnfoldedLayer
from tpugraph_db.models.networks.unfolding import Messages as Pairs
from tpugraph_db.models.networks.unfolding import Unfolded, Unfolding
from tpugraph_db.structure import depths

Weights = Callable[[NDArray[np.int64], int], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""(edges, ops) -> weight of each edge's message forward (producer to consumer) and backward, (m,) float32 each."""

Levels = tuple[Tensor, list[Level]]
"""Ops sorted by level, (n,) int64, and what each level reads of those before it."""


@dataclass(frozen=True)
class Step:
    """One layer of message passing between rows."""

    own: Tensor
    """(rows after,) int64: the same op's row before."""
    forward: Sum
    """Weighted sum over producers: (rows before, d) -> (rows after, d)."""
    backward: Sum
    """Weighted sum over consumers."""


@dataclass(frozen=True)
class Batch:
    """``b`` configurations of a graph with ``n`` ops, the default as one more behind them."""

    op: Tensor
    """(rows,) int64: op of each row of first states."""
    choice: Tensor
    """(rows,) int64: its choice, -1 for none."""
    steps: tuple[Step, ...]
    place: Tensor
    """(n, b + 1) int64: row after the last step of each op under each configuration; of tiles (n, 1), as none tells."""
    log_bytes: Tensor
    """(rows after, 3) float32: log bytes of the output and 1, written in a chosen layout, and copied for readers; -inf
    for none; (rows after, 1) of tiles."""
    tiles: Known | None = None
    """Of the ``b + 1`` configurations, where they are tiles."""


class Prepared:
    """A graph as a network wants it: standardised, with ``depth`` steps of message passing to be shared in a batch."""

    def __init__(
        self,
        inputs: Inputs,
        statistics: Statistics,
        depth: int,
        weights: Weights,
        backend_: str = "auto",
        device: str = "cpu",
    ) -> None:
        self.inputs, self.device = inputs, device
        self.tensors = Tensors.of(inputs, statistics, device)
        self._unfolding = Unfolding(len(inputs), inputs.edges, inputs.slots, depth)
        self._weights = weights(inputs.edges, len(inputs))
        self._sums, self._few = backend(backend_, device), backend(backend_, device, few=True)

    def unfold(self, configs: NDArray[np.int64]) -> Unfolded:
        """The rows of some configurations, by number, the default as one more behind them; of tiles of that alone."""
        some = configs[:0] if self.inputs.kind == TILE else configs
        return self._unfolding(np.concatenate([self.inputs.choices[some], self.inputs.default[None]]))

    def batch(self, configs: NDArray[np.int64]) -> Batch:
        """The same as tensors, with sums over neighbours between them."""
        if self.inputs.kind == TILE:
            return replace(self._of_any_tile, tiles=self.tiles(configs))
        return self._batch(self.unfold(configs))

    def tiles(self, configs: NDArray[np.int64]) -> Known | None:
        """What is known of some tiles, by number, the default's behind them; None of layouts."""
        if self.inputs.kind != TILE:
            return None
        tile = np.concatenate([self.inputs.choices[configs, 0], self.inputs.default])
        log_time = self.inputs.choice_numbers[tile, TILE_NUMBERS.index("log_time")]
        return Known(self.tensors.choice_numbers[self._tensor(tile)], torch.tensor(log_time, device=self.device))

    @cached_property
    def _of_any_tile(self) -> Batch:
        return self._batch(self.unfold(np.empty(0, np.int64)))

    def _batch(self, unfolded: Unfolded) -> Batch:
        before = len(unfolded.op)
        steps = []
        for layer in unfolded.layers:
            steps.append(self.step(layer, before))
            before = layer.rows
        op, choice, place = (self._tensor(array) for array in (unfolded.op, unfolded.choice, unfolded.place))
        return Batch(op, choice, tuple(steps), place, self.log_bytes(unfolded))

    def log_bytes(self, unfolded: Unfolded) -> Tensor:
        """As in :class:`Batch`."""
        row = np.arange(unfolded.layers[-1].rows if unfolded.layers else len(unfolded.op))
        for layer in reversed(unfolded.layers):
            row = layer.own[row]
        choice = unfolded.choice[row]
        copied = np.where(choice[:, None] >= 0, self.inputs.log_copied[choice], -np.inf)
        made = self.inputs.log_bytes[unfolded.op[row], None]
        return torch.tensor(np.hstack([made, copied]).astype(np.float32), device=self.device)

    def step(self, layer: UnfoldedLayer, before: int) -> Step:
        """A layer as tensors; there are ``before`` rows before it."""
        pairs = zip((layer.forward, layer.backward), self._weights, strict=True)
        sums = [self._sum(messages, weights, layer.rows, before) for messages, weights in pairs]
        return Step(self._tensor(layer.own), *sums)

    @cached_property
    def whole(self) -> Step:
        """One step between the ops themselves, for what shares nothing: (n, width) -> (n, width)."""
        ops, edges = len(self.inputs), self.inputs.edges
        sums = []
        for end, weights in enumerate(self._weights):
            order = np.argsort(edges[:, end], kind="stable")
            sums.append(self._sum(Pairs(edges[order, end], edges[order, 1 - end], order), weights, ops, ops))
        return Step(self._tensor(np.arange(ops)), *sums)

    @cached_property
    def levels(self) -> tuple[Levels, Levels]:
        """From producers to consumers, and back."""
        edges, (forward, backward) = self.inputs.edges, self._weights
        return self._levels(edges, forward), self._levels(edges[:, ::-1], backward)

    def _levels(self, ends: NDArray[np.int64], weights: NDArray[np.float32]) -> Levels:
        """``ends`` (m, 2) of (after, before)."""
        level = depths(len(self.inputs), ends)
        order = np.argsort(level, kind="stable")
        row = np.argsort(order)
        by_level = np.argsort(row[ends[:, 0]], kind="stable")
        into, out_of, weights = row[ends[by_level, 0]], row[ends[by_level, 1]], weights[by_level]
        stops = np.cumsum(np.bincount(level))
        starts = stops - np.bincount(level)
        cuts = np.searchsorted(into, np.append(starts, len(order)))
        found = []
        for at, (start, stop) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
            edges = slice(cuts[at], cuts[at + 1])
            sources, source = np.unique(out_of[edges], return_inverse=True)
            target, ops = into[edges] - start, stop - start
            there = Messages(target, out_of[edges], weights[edges], (ops, len(order)), self.device)
            turned = np.argsort(source, kind="stable")
            size = (len(sources), ops)
            back = Messages(source[turned], target[turned], weights[edges][turned], size, self.device)
            found.append(Level(slice(start, stop), self._tensor(sources), self._few(there), self._few(back)))
        return self._tensor(order), found

    def _sum(self, pairs: Pairs, weights: NDArray[np.float32], after: int, before: int) -> Sum:
        return self._sums(Messages(pairs.into, pairs.out_of, weights[pairs.edge], (after, before), self.device))

    def _tensor(self, array: NDArray[np.int64]) -> Tensor:
        return torch.tensor(array, device=self.device)


def symmetric(edges: NDArray[np.int64], ops: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """``1 / sqrt(producers of the consumer * consumers of the producer)``, the same both ways (Kipf and Welling)."""
    producers, consumers = degrees(edges, ops)
    weights = (1 / np.sqrt(producers[edges[:, 0]] * consumers[edges[:, 1]])).astype(np.float32)
    return weights, weights


def mean(edges: NDArray[np.int64], ops: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One over the number of neighbours that are summed."""
    producers, consumers = degrees(edges, ops)
    one = np.float32(1)
    return one / producers[edges[:, 0]], one / consumers[edges[:, 1]]
