"""A graph that does not fit training memory is learned a segment at a time; the rest stands in a historical table.

A segment is a run of consecutive ops. HLO numbers an op after its producers, so that a run is topological, and it cuts
few edges: on the largest graph at hand fewer than runs by level or by bandwidth. Since rows are sorted by op, the rows
of a segment are a run too, after every layer.

On a visit some configurations are drawn. The table is made anew: a pass without gradients, segment by segment, keeps
``h_l[row]``, the state of every row before layer ``l``, and ``log T_s``, the log runtime of each segment ``s``. Then a
few segments have a turn each, and each turn is a step of the optimiser. In a turn the segment's own rows are computed
with gradients, and read the table where they read another segment's rows; the score is that of ``log T = log sum over
s of exp(log T_s)``, in which the segment's own has a gradient. What was computed goes into the table.

So a score is exact in the first turn, and later off by what at most :data:`TURNS` - 1 steps change in other segments.
Nothing is kept between visits: a table of all configurations would mostly hold numbers that are epochs old, and a
training that resumes would need it. The gradient is the whole one less what flows through edges between segments.

Sources: Cao et al., "Learning Large Graph Property Prediction via Graph Segment Training" (2023), whose dropout of
stale embeddings has nothing to do here; states of neighbours from a history: Fey et al., "GNNAutoScale" (2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tpugraph_db.errors import UsageError
from tpugraph_db.models.networks.batch import Prepared, Step
from tpugraph_db.models.networks.gcn import Gcn
from tpugraph_db.models.networks.network import Network
from tpugraph_db.models.networks.unfolding import Layer, Messages
from tpugraph_db.models.training.recipe import Recipe

LARGEST = 1 << 28
"""State entries (ops x configurations x width) of a step up to which a graph is learned whole.

On a graph of 21,918 ops a step took 5 to 13 bytes an entry, the fewer the more its configurations share.
"""

TURNS = 4
"""Segments that have a turn on a visit."""


def segment_ops(net: Network, recipe: Recipe, ops: int, configs: int) -> int:
    """How many ops of a graph make a segment; all of them where it is learned whole.

    Raises:
        UsageError: segments are asked for, and the network has none.
    """
    if recipe.segment_ops and not isinstance(net, Gcn):
        reason = "an op's state depends on all others after one layer"
        raise UsageError(f"--segment-ops is for the model gcn: in {net.name} {reason}; a smaller --batch takes less")
    if recipe.segment_ops or not is_large(net, ops, configs) or not isinstance(net, Gcn):
        return min(recipe.segment_ops or ops, ops)
    return max(1, LARGEST // 4 // ((configs + 1) * net.width))


def is_large(net: Network, ops: int, configs: int) -> bool:
    """Whether a step under so many configurations is above :data:`LARGEST`."""
    return ops * (configs + 1) * net.width > LARGEST


class Segments:
    """A graph of ``n`` ops, in segments of ``size``; the last one may be smaller."""

    def __init__(self, net: Gcn, graph: Prepared, size: int) -> None:
        self._net, self._graph, self.size = net, graph, size
        self.bounds = np.append(np.arange(0, len(graph.inputs), size), len(graph.inputs))
        """(segments + 1,) int64: the first op of each, and ``n``."""

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def visit(self, configs: NDArray[np.int64], random: np.random.Generator) -> Iterator[Tensor]:
        """(b,) scores of some configurations in the turn of each of a few segments, drawn at random.

        The weights may change between turns.
        """
        table = Table(self._net, self._graph, self.bounds, configs)
        return table.turns((at, at + 1) for at in random.permutation(len(self))[:TURNS].tolist())


class Table:
    """The history of ``b`` configurations. A run of segments is a pair (first, last + 1)."""

    def __init__(self, net: Gcn, graph: Prepared, bounds: NDArray[np.int64], configs: NDArray[np.int64]) -> None:
        self._net, self._graph, self._bounds = net, graph, bounds
        self._unfolded = graph.unfold(configs)
        self._log_bytes, self._tiles = graph.log_bytes(self._unfolded), graph.tiles(configs)
        self._starts = [np.searchsorted(op, bounds) for op in self._ops()]
        self.states: list[Tensor] = []
        """For each layer (rows before it, d) float32."""
        self.log_runtimes = torch.empty(0)
        """(segments, b + 1) float32: log of the sum over a segment's ops of their runtimes, the default's last."""
        self.refresh()

    @torch.no_grad()
    def refresh(self) -> None:
        """Compute all of it with the weights as they are now."""
        depth, segments = len(self._unfolded.layers), [(at, at + 1) for at in range(len(self._bounds) - 1)]
        self.states = []
        for at in range(depth):
            rows = torch.empty(int(self._starts[at][-1]), self._net.width, device=self._graph.device)
            for run in segments:
                rows[self._rows(at, run)] = self._before(at, run)
            self.states.append(rows)
        self.log_runtimes = torch.cat([self._totals(run, self._before(depth, run)) for run in segments])

    def turns(self, runs: Iterable[tuple[int, int]]) -> Iterator[Tensor]:
        """(b,) scores in the turn of each run."""
        return (self.scores(run) for run in runs)

    def scores(self, run: tuple[int, int]) -> Tensor:
        """(b,) float32 with a gradient through the ops of a run alone; what is computed of them goes into the table."""
        rows = self._first(run)
        for at in range(len(self._unfolded.layers)):
            self.states[at][self._rows(at, run)] = rows.detach()
            rows = self._after(at, run, rows)
        live = self._totals(run, rows)
        self.log_runtimes[slice(*run)] = live.detach()
        scores: Tensor = self._net.runtime(torch.cat([self.log_runtimes[: run[0]], live, self.log_runtimes[run[1] :]]))
        return scores

    def _ops(self) -> Iterator[NDArray[np.int64]]:
        """(rows,) int64: the op of each row, before the first layer and after each; ascending."""
        op = self._unfolded.op
        yield op
        for layer in self._unfolded.layers:
            op = op[layer.own]
            yield op

    def _rows(self, at: int, run: tuple[int, int]) -> slice:
        """The rows of a run before a layer; -1: after the last one."""
        return slice(*self._starts[at][list(run)].tolist())

    def _first(self, run: tuple[int, int]) -> Tensor:
        """(rows, d): first states, of what is known of the run's ops and of choices that occur there."""
        rows, ops = self._rows(0, run), slice(*self._bounds[list(run)].tolist())
        choices, choice = np.unique(self._unfolded.choice[rows], return_inverse=True)
        none = int(len(choices) > 0 and choices[0] < 0)
        known = self._graph.tensors.part(ops, self._tensor(choices[none:]))
        op = self._tensor(self._unfolded.op[rows] - ops.start)
        states: Tensor = self._net.first(known, op, self._tensor(choice - none))
        return states

    def _before(self, at: int, run: tuple[int, int]) -> Tensor:
        """(rows, d): states before a layer, from the table."""
        return self._after(at - 1, run, self.states[at - 1][self._rows(at - 1, run)]) if at else self._first(run)

    def _after(self, at: int, run: tuple[int, int], rows: Tensor) -> Tensor:
        """(rows after, d) of the run's (rows before, d), and of the table where they read other segments."""
        step, halo = self._step(at, run)
        after: Tensor = self._net.layers[at](torch.cat([rows, self.states[at].index_select(0, halo)]), step)
        return after

    def _step(self, at: int, run: tuple[int, int]) -> tuple[Step, Tensor]:
        """A layer between the run's rows, and the rows before it of other segments, which come behind its own."""
        layer, before, after = self._unfolded.layers[at], self._rows(at, run), self._rows(at + 1, run)
        cut = [_into(messages, after) for messages in (layer.forward, layer.backward)]
        read = np.unique(np.concatenate([messages.out_of for messages in cut]))
        halo = read[(read < before.start) | (read >= before.stop)]
        own = before.stop - before.start
        told = [Messages(m.into, _renumbered(m.out_of, before, halo), m.edge) for m in cut]
        part = Layer(after.stop - after.start, layer.own[after] - before.start, *told)
        return self._graph.step(part, own + len(halo)), self._tensor(halo)

    def _totals(self, run: tuple[int, int], rows: Tensor) -> Tensor:
        """(segments of the run, b + 1): log of the sum of runtimes of the ops of each."""
        own, ends = self._rows(-1, run), self._bounds[run[0] : run[1] + 1].tolist()
        places = (self._tensor(self._unfolded.place[slice(*pair)] - own.start) for pair in pairwise(ends))
        logs = (self._net.read(rows, place, self._log_bytes[own], self._tiles) for place in places)
        return torch.stack([torch.logsumexp(log, 0) for log in logs])

    def _tensor(self, array: NDArray[np.int64]) -> Tensor:
        return torch.tensor(array, device=self._graph.device)


def _into(messages: Messages, rows: slice) -> Messages:
    """Those into a run of rows, which is numbered from 0."""
    own = slice(*np.searchsorted(messages.into, [rows.start, rows.stop]).tolist())
    return Messages(messages.into[own] - rows.start, messages.out_of[own], messages.edge[own])


def _renumbered(rows: NDArray[np.int64], own: slice, halo: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of rows once those of others, ``halo``, stand behind a run's own."""
    inside = (rows >= own.start) & (rows < own.stop)
    behind = own.stop - own.start + np.searchsorted(halo, rows)
    renumbered: NDArray[np.int64] = np.where(inside, rows - own.start, behind)
    return renumbered
