"""Training a network to order the configurations of graphs, epoch by epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tpugraph_db.errors import DataError
from tpugraph_db.models.features.inputs import Inputs, inputs
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.features.targets import Targets, merged
from tpugraph_db.models.judging.judge import judge
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.by_name import build
from tpugraph_db.models.networks.gcn import Gcn
from tpugraph_db.models.training.checkpoint import Checkpoint
from tpugraph_db.models.training.folder import fingerprint
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.models.training.scoring import scores
from tpugraph_db.models.training.segments import Segments, segment_ops
from tpugraph_db.record import GraphRecord

WARM_UP = 0.1
"""Share of the steps over which the learning rate rises."""

LONGEST_STEP = 1.0
"""Norm at which a gradient is cut."""


@dataclass(frozen=True)
class Epoch:
    """What came of one."""

    number: int
    """From 1."""
    loss: float
    """Mean over its steps."""
    tau: float | None
    """Mean Kendall tau-b over the validation graphs; None where there are none."""
    opa: float | None
    best: bool
    """No earlier one ranked them better; the last one is the best where there are none."""
    rate: float | None = None
    """Learning rate of its last step."""


@dataclass(frozen=True)
class Example:
    """A graph to learn from."""

    record: GraphRecord
    graph: Prepared
    targets: Targets
    segments: Segments | None = None
    """None where it is learned whole."""


class Trainer:
    """A network on its way; :meth:`epoch` until :attr:`done`.

    The same recipe and graphs give the same numbers on one machine's CPU with as many threads, also where
    :meth:`resume` goes on from a checkpoint: what is random in an epoch depends on the seed and on its number alone.
    """

    def __init__(
        self,
        recipe: Recipe,
        train: Sequence[GraphRecord],
        valid: Sequence[GraphRecord] = (),
        *,
        backend: str = "auto",
        device: str = "cpu",
    ) -> None:
        """Prepare graphs, all of which can be graded (:func:`tpugraph_db.models.features.targets.gradable`).

        Raises:
            DataError: there is no graph, or they have configurations of different kinds.
            NotFoundError: no such model or loss. UsageError: no such backend, or a loss of another model.
        """
        self.recipe, self._device = recipe, device
        given, other = ([inputs(record) for record in records] for records in (train, valid))
        _expect_one_kind(given, other)
        self.statistics = Statistics.of(given)
        net = build(recipe, self.statistics)
        net.loss(recipe.loss, torch.zeros(2), torch.zeros(2))  # a wrong name is said before any graph is prepared
        self.net = net.to(device)
        learned, judged = (
            [Prepared(item, self.statistics, net.shared, net.weights, backend, device) for item in items]
            for items in (given, other)
        )
        self._train = [self._example(record, graph) for record, graph in zip(train, learned, strict=True)]
        self._valid = list(zip(valid, judged, strict=True))
        self._optimiser = torch.optim.AdamW(self.net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
        self.epochs: list[Epoch] = []
        self._best = self._weights()

    @property
    def done(self) -> bool:
        """All epochs are over, or the last ``patience`` of them brought nothing."""
        best = max((epoch.number for epoch in self.epochs if epoch.best), default=0)
        return len(self.epochs) >= self.recipe.epochs or len(self.epochs) - best >= self.recipe.patience

    def epoch(self) -> Epoch:
        """One more epoch.

        Raises:
            DataError: the loss is no number any more; says on which graph.
        """
        number = len(self.epochs)
        random = np.random.default_rng([self.recipe.seed, number])
        self.net.train()
        order = random.permutation(np.repeat(np.arange(len(self._train)), self.recipe.visits))
        losses = [self._visit(self._train[at], number * len(order) + step, random) for step, at in enumerate(order)]
        rate = float(self._optimiser.param_groups[0]["lr"])
        found = Epoch(number + 1, float(np.mean(losses)), *self._judge(), best=False, rate=rate)
        found = replace(found, best=all(e.tau is None or found.tau is None or e.tau < found.tau for e in self.epochs))
        self.epochs.append(found)
        if found.best:
            self._best = self._weights()
        return found

    def checkpoint(self) -> Checkpoint:
        """Where training is."""
        names = [name for name, _ in self.net.named_parameters()]
        moments = self._optimiser.state_dict()["state"]
        state = {f"weights.{name}": tensor for name, tensor in self._weights().items()}
        for at, entry in moments.items():
            state |= {f"{key}.{names[at]}": tensor.clone() for key, tensor in entry.items()}
        return Checkpoint(self.recipe, self.statistics, self._best, state, self._facts())

    def resume(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint of the same recipe and graphs.

        Raises:
            DataError: it is of another recipe, or was trained on other graphs.
        """
        asked, said = (vars(replace(recipe, epochs=0)) for recipe in (self.recipe, checkpoint.recipe))
        names = [name for name in asked if asked[name] != said[name]]
        recipes = (", ".join(f"{name}={recipe[name]!r}" for name in names) for recipe in (asked, said))
        fingerprints = (facts["fingerprint"] for facts in (self._facts(), checkpoint.facts))
        for key, (here, there) in (("recipe", recipes), ("fingerprint", fingerprints)):
            if here != there:
                cure = "the same options and graphs go on; others begin anew in another folder"
                raise DataError("checkpoint", key, expected=here, found=there, cure=cure)
        state = checkpoint.state
        self.net.load_state_dict({n[8:]: tensor for n, tensor in state.items() if n.startswith("weights.")})
        whole = self._optimiser.state_dict()
        for at, (name, _) in enumerate(self.net.named_parameters()):
            keys = [key for key in ("step", "exp_avg", "exp_avg_sq") if f"{key}.{name}" in state]
            whole["state"][at] = {key: state[f"{key}.{name}"] for key in keys}
        self._optimiser.load_state_dict(whole)
        self.epochs = [Epoch(**epoch) for epoch in checkpoint.facts["epochs"]]
        self._best = dict(checkpoint.weights)

    @property
    def segments(self) -> Mapping[str, Segments]:
        """Graphs, by id, that are learned in segments."""
        return {example.record.id: example.segments for example in self._train if example.segments}

    def _example(self, record: GraphRecord, graph: Prepared) -> Example:
        targets, ops = merged(record.configurations), len(graph.inputs)
        size = segment_ops(self.net, self.recipe, ops, min(self.recipe.batch, len(targets)))
        if size == ops or not isinstance(self.net, Gcn):
            return Example(record, graph, targets)
        return Example(record, graph, targets, Segments(self.net, graph, size))

    def _visit(self, example: Example, step: int, random: np.random.Generator) -> float:
        """Learn from some of a graph's configurations; the mean loss."""
        some = random.permutation(len(example.targets))[: self.recipe.batch]
        values = torch.from_numpy(example.targets.log_runtime[some]).to(self._device)
        configs = example.targets.index[some]
        turns = example.segments.visit(configs, random) if example.segments else [self.net(example.graph, configs)]
        return float(np.mean([self._step(example, scores, values, step) for scores in turns]))

    def _step(self, example: Example, scores: Tensor, values: Tensor, step: int) -> float:
        loss = self.net.loss(self.recipe.loss, scores, values)
        if not math.isfinite(loss.item()):
            cure = "a lower --rate, or look at the graph's features"
            raise DataError(example.record.id, "loss", expected="a number", found=str(loss.item()), cure=cure)
        for group in self._optimiser.param_groups:
            group["lr"] = self.recipe.rate * self._pace(step)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), LONGEST_STEP)
        self._optimiser.step()
        return loss.item()

    def _pace(self, step: int) -> float:
        """Share of the highest learning rate in a step."""
        done = step / (self.recipe.epochs * self.recipe.visits * len(self._train))
        return min(1.0, done / WARM_UP + 1e-3) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))

    def _judge(self) -> tuple[float | None, float | None]:
        self.net.eval()
        judged = [judge(record, scores(self.net, graph)) for record, graph in self._valid]
        if not judged:
            return None, None
        return float(np.mean([one.tau for one in judged])), float(np.mean([one.opa for one in judged]))

    def _weights(self) -> dict[str, Tensor]:
        return {name: tensor.detach().clone() for name, tensor in self.net.state_dict().items()}

    def _facts(self) -> dict[str, Any]:
        train, valid = [example.record for example in self._train], [record for record, _ in self._valid]
        return {
            "fingerprint": fingerprint(train, valid),
            "train": [record.id for record in train],
            "valid": [record.id for record in valid],
            "epochs": [asdict(epoch) for epoch in self.epochs],
        }


def _expect_one_kind(train: Sequence[Inputs], valid: Sequence[Inputs]) -> None:
    kinds = sorted({graph.kind for graph in [*train, *valid]}) if train else []
    if len(kinds) != 1:
        cure = "a network learns from layouts or from tiles: --where and --valid choose graphs of one kind"
        raise DataError("graphs", "configurations", expected="one kind", found=" and ".join(kinds) or "none", cure=cure)
