"""Gbdt in a folder, and as a model: record -> scores and ranks of configurations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.errors import DataError, NotFoundError, did_you_mean, printable
from tpugraph_db.models.baselines.gbdt import OBJECTIVES, Gbdt, Objective
from tpugraph_db.models.baselines.tree_text import expect_sound
from tpugraph_db.models.features.inputs import LAYOUT, TILE
from tpugraph_db.models.prediction import Prediction, expect_configurations, expect_name, of_scores
from tpugraph_db.models.training.folder import INDEX, fingerprint, model_of, read_file, read_index, save_files
from tpugraph_db.record import GraphRecord

QUALITY = "mean Kendall tau-b over the validation graphs of its training"


@dataclass(frozen=True)
class GbdtRecipe:
    """What can be asked of a training of gbdt; it is part of the checkpoint."""

    model: ClassVar[str] = Gbdt.name
    loss: Objective = "pairwise"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.loss not in OBJECTIVES:
            near = did_you_mean(self.loss, list(OBJECTIVES))
            raise NotFoundError(f"no loss {self.loss!r} of gbdt; there is {', '.join(OBJECTIVES)}{near}")


def save_gbdt(
    gbdt: Gbdt,
    recipe: GbdtRecipe,
    folder: Path,
    train: Sequence[GraphRecord],
    valid: Sequence[GraphRecord],
    metrics: Mapping[str, float | None],
) -> None:
    """Write a folder: LightGBM's text, and what it is.

    Args:
        metrics: ``tau`` and ``opa``, means over the graphs ``valid``; None where there are none.

    Raises:
        StoreError: the disk is full, or the folder cannot be written; what was there before stays, and nothing else.
    """
    said = {
        "kind": _kind(train[0]),
        "recipe": {"model": recipe.model, **asdict(recipe)},
        "columns": list(gbdt.columns),
        "fingerprint": fingerprint(train, valid),
        "train": [record.id for record in train],
        "valid": [record.id for record in valid],
        "metrics": dict(metrics),
    }
    cure = "make room or give access, and train it again"
    save_files(folder, {"trees": gbdt.to_text().encode()}, said, cure=cure)


class TrainedGbdt:
    """A checkpoint of gbdt. It writes ``NAME_score`` and ``NAME_rank`` on Config."""

    shown: tuple[str, ...] = ()

    def __init__(self, folder: Path, name: str = "") -> None:
        """Load a checkpoint; ``name`` is ``gbdt`` unless given.

        Raises:
            DataError: it is none of gbdt, one of another version, or not as it was written. UsageError: no such name.
        """
        self._index = read_index(folder)
        if model_of(self._index) != Gbdt.name:
            found = printable(model_of(self._index)) or "none"
            raise DataError(str(folder / INDEX), "model", expected=Gbdt.name, found=found)
        self._gbdt = Gbdt.from_text(_text(folder, self._index))
        self.name = name or Gbdt.name
        expect_name(self.name)
        self.version = str(self._index["files"]["trees"]["sha256"])

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the checkpoint says of its training."""
        return self._index

    @property
    def learned_from(self) -> frozenset[str]:
        """Ids of the graphs that it was trained on, or judged by."""
        return frozenset([*self.facts["train"], *self.facts["valid"]])

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64, no unit: lower is faster. Raises as :meth:`predict`."""
        expect_configurations(record)
        kind, own = self.facts["kind"], _kind(record)
        if own != kind:
            expected, cure = f"{kind}, which the model has learned from", f"train a model on {own} collections"
            raise DataError(record.id, "configurations", expected=expected, found=own, cure=cure)
        return self._gbdt.scores(record)

    def predict(self, record: GraphRecord) -> Prediction:
        """Rank configurations.

        Raises:
            DataError: the graph's configurations are of another kind than those of the training, or there are none.
        """
        tau = self.facts["metrics"].get("tau")
        known = {} if tau is None else {"quality": tau, "quality_metric": QUALITY}
        return of_scores(self.name, self.version, self.scores(record), {"data": self.facts["fingerprint"], **known})


def _text(folder: Path, index: Mapping[str, Any]) -> str:
    """LightGBM's text, which is what model.json says and safe to read."""
    for key, kind in _SAID.items():
        if not isinstance(index.get(key), kind):
            found = printable(str(index.get(key)))
            raise DataError(str(folder / INDEX), key, expected=f"a {kind.__name__}", found=found, cure="train it again")
    if not isinstance(index["metrics"].get("tau"), float | None):
        found = printable(str(index["metrics"]["tau"]))
        raise DataError(str(folder / INDEX), "metrics.tau", expected="a number or null", found=found)
    content = read_file(folder, index, "trees")
    where = str(folder / index["files"]["trees"]["file"])
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise DataError(where, "file", expected="LightGBM's text format", found=str(error)) from error
    expect_sound(text, [str(column) for column in index["columns"]], where)
    return text


_SAID: dict[str, type] = {
    "kind": str, "columns": list, "fingerprint": str, "train": list, "valid": list, "metrics": dict
}  # fmt: skip
"""What model.json says of the model, and in which type of JSON."""


def _kind(record: GraphRecord) -> str:
    return LAYOUT if isinstance(record.configurations, LayoutConfigurations) else TILE
