"""Small programs to learn from, as files, and checkpoints that have learned from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests import graphs
from tests.conftest import write_npz
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.models.baselines.trained_gbdt import GbdtRecipe
from tpugraph_db.models.training import checkpoint
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.models.training.trainer import Trainer
from tpugraph_db.record import GraphRecord
from tpugraph_db.train import Chosen, train_gbdt

SMALL = Recipe(width=8, depth=1, epochs=3, batch=16)

TRAIN = (layout_graph("first"), layout_graph("second", costs=(0, 30, 35)))
VALID = (layout_graph("chooser", "valid", costs=(0, 25, 40)),)
TEST = layout_graph("judge", "test", costs=(0, 15, 50))


def hidden(record: GraphRecord, name: str) -> GraphRecord:
    """The same without its runtimes, as the competition's test files are."""
    configs = replace(record.configurations, runtime_ns=np.zeros(len(record.configurations), np.int64))
    return record.replace(name=name, split="test", configurations=configs)


HIDDEN = hidden(TEST, "hidden")
TILE = tile_graph()
PLAIN = graphs.chain()
"""It has no configurations."""


def files(folder: Path, records: Sequence[GraphRecord] = (*TRAIN, *VALID, TEST, HIDDEN)) -> Path:
    """The folder with the records in it."""
    for record in records:
        write_npz(record, folder)
    return folder


def trained(
    folder: Path, train: Sequence[GraphRecord] = TRAIN, valid: Sequence[GraphRecord] = VALID, **changes: object
) -> Path:
    """A folder with a checkpoint of :data:`SMALL`, or of what is changed in it."""
    trainer = Trainer(replace(SMALL, **changes), train, valid)
    while not trainer.done:
        trainer.epoch()
    checkpoint.save(trainer.checkpoint(), folder)
    return folder


def trees(
    folder: Path,
    recipe: GbdtRecipe | None = None,
    train: Sequence[GraphRecord] = TRAIN,
    valid: Sequence[GraphRecord] = VALID,
) -> Path:
    """A folder with a checkpoint of gbdt."""
    train_gbdt(Chosen(train, valid, {}), recipe or GbdtRecipe(), folder)
    return folder


def sha256(folder: Path) -> str:
    """Of a checkpoint's weights."""
    return str(checkpoint.load(folder).facts["sha256"])
