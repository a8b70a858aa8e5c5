"""The verb train: Cypher -> graphs -> a model learns to order their configurations -> a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.matching import Match, matched_record, matches
from tpugraph_db.models.baselines.gbdt import Gbdt
from tpugraph_db.models.baselines.trained_gbdt import GbdtRecipe, save_gbdt
from tpugraph_db.models.features.targets import gradable, some
from tpugraph_db.models.judging.judge import judge
from tpugraph_db.models.registry import expect_trained, need
from tpugraph_db.models.training.folder import expect_free
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Store
from tpugraph_db.surroundings import HOPS
from tpugraph_db.where import expect_parameters

if TYPE_CHECKING:
    from tpugraph_db.models.training.trainer import Epoch, Trainer

TRAIN, VALID, TEST = (f"g.split = '{split}' AND g.measured > 0" for split in ("train", "valid", "test"))
"""Conditions on a graph ``g``: what is learned from, chosen by and judged by, unless said otherwise."""


Find = Callable[[str | Path], list[Match]]


@dataclass(frozen=True)
class Trained:
    """What came of a training."""

    folder: Path
    epochs: Sequence[Epoch]
    best: Epoch
    """The one whose weights the checkpoint has."""
    train: int
    """Graphs learned from."""
    valid: int


@dataclass(frozen=True)
class TrainedTrees:
    """What came of a training of gbdt."""

    folder: Path
    train: int
    """Graphs learned from."""
    valid: int
    tau: float | None
    """Mean Kendall tau-b over the validation graphs; None where there are none."""
    opa: float | None


@dataclass(frozen=True)
class Chosen:
    """Graphs to train on. Their arrays are memory-mapped: the store may be closed."""

    train: Sequence[GraphRecord]
    """What is learned from."""
    valid: Sequence[GraphRecord]
    """What chooses the epoch and ends the training; none: all epochs, and the last one."""
    left_out: Mapping[str, str]
    """Graphs that match and are neither, by id, and why."""


def choose(
    store: Store,
    where: str | Path = TRAIN,
    valid: str | Path | None = VALID,
    *,
    hops: int = HOPS,
    params: Mapping[str, Any] | None = None,
) -> Chosen:
    """The graphs that match ``where``, to learn from, and ``valid``, to choose the epoch by (None: by nothing).

    A graph that matches both is not learned from: what an epoch is chosen by must be new to the network. Of ops that
    match, their surroundings are the graph; its configurations are those that differ in it, and their runtimes the
    whole graph's.

    Args:
        where: A condition on a graph ``g``, or a file of Cypher (:mod:`tpugraph_db.matching`); ``valid`` too.
        hops: How far the surroundings of ops reach.
        params: Values of the ``$names`` of both.

    Raises:
        NotFoundError: no graph matches one of the two, or none of them has an order of configurations.
        UsageError, DataError: a parameter, or a file, is not as it should be.
    """
    expect_parameters([where, valid], params or {})

    def find(said: str | Path) -> list[Match]:
        return matches(store, said, hops=hops, params=params)

    judged, left_out = _judged(store, valid, find) if valid else ([], {})
    learned, more = _records(store, where, find, {record.id for record in judged})
    return Chosen(learned, judged, left_out | more)


def train_model(chosen: Chosen, recipe: Recipe | GbdtRecipe, folder: Path, **options: Any) -> Trained | TrainedTrees:
    """Train what the recipe says: :func:`train_network` or :func:`train_gbdt`, which have the options.

    Raises:
        UsageError: gbdt has no such option. All others as these two.
    """
    expect_trained(recipe.model)
    if not isinstance(recipe, GbdtRecipe):
        return train_network(chosen, recipe, folder, **options)
    if other := sorted({*options} - {"on_round"}):
        raise UsageError(f"gbdt has no option {', '.join(other)}: those are of networks")
    return train_gbdt(chosen, recipe, folder, **options)


def train_gbdt(
    chosen: Chosen,
    recipe: GbdtRecipe,
    folder: Path,
    *,
    on_round: Callable[[int, int], None] = lambda done, total: None,
) -> TrainedTrees:
    """Grow gbdt's trees on all graphs at once, and judge them on the validation graphs.

    Args:
        chosen: What :func:`choose` gives.
        recipe: The loss, the seed.
        folder: Where the checkpoint goes.
        on_round: Called with how many trees have grown, of how many.

    Raises:
        UsageError: LightGBM is not installed, the folder is in use, or the graphs' configurations are of two kinds.
        DataError: those of a validation graph are of the other kind. StoreError: the folder cannot be written.
    """
    need("lightgbm", "scipy")
    expect_free(folder, cure="name another")
    gbdt = Gbdt.fit(chosen.train, recipe.seed, recipe.loss, on_round)
    judged = [judge(record, gbdt.scores(record)) for record in chosen.valid]
    tau, opa = (
        float(np.mean([getattr(one, metric) for one in judged])) if judged else None for metric in ("tau", "opa")
    )
    save_gbdt(gbdt, recipe, folder, chosen.train, chosen.valid, {"tau": tau, "opa": opa})
    return TrainedTrees(folder, len(chosen.train), len(chosen.valid), tau, opa)


def train_network(
    chosen: Chosen,
    recipe: Recipe,
    folder: Path,
    *,
    resume: bool = False,
    backend: str = "auto",
    device: str = "auto",
    on_ready: Callable[[Trainer], None] = lambda trainer: None,
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> Trained:
    """Train a network; the checkpoint is saved after every epoch.

    Args:
        chosen: What :func:`choose` gives.
        recipe: What is trained and how.
        folder: Where the checkpoint goes.
        resume: Go on from what the folder holds.
        backend: ``auto``, ``dgl`` or ``torch``.
        device: ``auto``, ``cpu`` or ``cuda``.
        on_ready: Called before the first epoch.
        on_epoch: Called after each epoch, when it is saved.

    Raises:
        DataError: the loss is no number any more, the graphs' configurations are of two kinds, or the folder holds
            another training.
        NotFoundError: no such model or loss.
        UsageError: torch is not installed, or the folder is in use already. StoreError: it cannot be written.
    """
    need("torch", "scipy")
    from tpugraph_db.models.networks.propagate import find_device
    from tpugraph_db.models.training import checkpoint
    from tpugraph_db.models.training.trainer import Trainer

    expect_free(folder, resume)
    trainer = Trainer(recipe, chosen.train, chosen.valid, backend=backend, device=find_device(device))
    if resume:
        trainer.resume(checkpoint.load(folder))
    on_ready(trainer)
    while not trainer.done:
        epoch = trainer.epoch()
        checkpoint.save(trainer.checkpoint(), folder)
        on_epoch(epoch)
    best = [epoch for epoch in trainer.epochs if epoch.best][-1]
    return Trained(folder, trainer.epochs, best, len(chosen.train), len(chosen.valid))


def _judged(store: Store, valid: str | Path, find: Find) -> tuple[list[GraphRecord], dict[str, str]]:
    try:
        return _records(store, valid, find)
    except NotFoundError as error:
        raise NotFoundError(f"{error}; without graphs to choose the epoch by: --no-valid") from error


def _records(
    store: Store, where: str | Path, find: Find, judged: Collection[str] = ()
) -> tuple[list[GraphRecord], dict[str, str]]:
    """The graphs that match and have an order to learn, and why the others are left out."""
    found = find(where)
    kept, left_out = gradable([matched_record(store, match) for match in found if match.graph not in judged])
    left_out |= {match.graph: "it is one that the epoch is chosen by" for match in found if match.graph in judged}
    if not kept:
        raise NotFoundError(
            f"no graph that matches {str(where)!r} has an order of configurations to learn ({some(left_out)})"
        )
    return kept, left_out
