"""A checkpoint as a model: record -> scores and ranks of configurations, shares and ranks of ops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.kendall import dense_rank
from tpugraph_db.models.features.inputs import inputs
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.gcn import MOST_CLASSES, Gcn
from tpugraph_db.models.networks.gru import Gru
from tpugraph_db.models.networks.propagate import find_device
from tpugraph_db.models.prediction import Prediction, expect_name, score_columns
from tpugraph_db.models.training.checkpoint import load
from tpugraph_db.models.training.scoring import scores
from tpugraph_db.record import GraphRecord

MATRIX_NUMBERS = 1 << 21
"""Entries of a matrix that are made at a time."""


class Learned:
    """A trained network. It writes ``NAME_score``, ``NAME_rank`` on Config and ``NAME_share``, ``NAME_rank`` on Op."""

    def __init__(self, folder: Path, name: str = "", *, backend: str = "auto", device: str = "auto") -> None:
        """Load a checkpoint; ``name`` is the model's own unless given.

        Raises:
            DataError: it is no whole checkpoint (:func:`tpugraph_db.models.training.checkpoint.load`).
            UsageError: no such name.
        """
        self._checkpoint = load(folder)
        self.name = name or self._checkpoint.recipe.model
        expect_name(self.name)
        self.version = str(self._checkpoint.facts["sha256"])
        self._backend, self._device = backend, find_device(device)
        self._net = self._checkpoint.network().to(self._device)
        columns = (f"{self.name}_share", f"{self.name}_rank")
        self.shown: tuple[str, ...] = columns if isinstance(self._net, Gcn | Gru) else ()

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the checkpoint says of its training."""
        return self._checkpoint.facts

    @property
    def has_classes(self) -> bool:
        """Whether :meth:`matrix` gives runtime classes."""
        return isinstance(self._net, Gcn)

    @property
    def learned_from(self) -> frozenset[str]:
        """Ids of the graphs that it was trained on, or whose ranking chose its epoch."""
        return frozenset([*self.facts.get("train", ()), *self.facts.get("valid", ())])

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64: every configuration's score, lower is faster."""
        return scores(self._net, self._prepared(record))

    def scores_of(self, record: GraphRecord, among: NDArray[np.int64]) -> NDArray[np.float64]:
        """(k,) float64: the scores of the configurations of these numbers, to 1e-5 those that they have among all."""
        return scores(self._net, self._prepared(record), among)

    def predict(self, record: GraphRecord) -> Prediction:
        """Rank configurations and ops.

        Raises:
            DataError: the graph's configurations are of another kind than those of the training, or there are none.
        """
        graph = self._prepared(record)
        given = scores(self._net, graph)
        configs = score_columns(self.name, given)
        return Prediction(self.name, self.version, ops=self._ops(graph), configs=configs, notes=self._notes())

    def _notes(self) -> dict[str, Any]:
        taus = [epoch["tau"] for epoch in self.facts["epochs"] if epoch["best"] and epoch["tau"] is not None]
        metric = "mean Kendall tau-b over the validation graphs of its training"
        known = {"quality": taus[-1], "quality_metric": metric} if taus else {}
        return {"data": self.facts["fingerprint"], **known}

    def matrix(self, record: GraphRecord, classes: int | None = None) -> NDArray[np.float32]:
        """(c, classes) float32: the probability of each runtime class, 0 the fastest; rows sum to 1.

        ``classes`` None means one for each configuration (:mod:`tpugraph_db.models.networks.gcn`).

        Raises:
            UsageError: as :meth:`count_classes`.
        """
        count = self.count_classes(record, classes)
        return np.concatenate([*self.matrix_rows(self.scores(record), count)])

    def matrix_rows(self, scores: NDArray[np.float64], classes: int) -> Iterator[NDArray[np.float32]]:
        """Rows of :meth:`matrix`, some at a time: of 100,000 configurations and 4,096 classes all take 1.6 GB.

        ``scores`` (c,) are those of :meth:`scores` or :meth:`predict`.
        """
        net = self._gcn()
        size = max(1, MATRIX_NUMBERS // classes)
        for start in range(0, len(scores), size):
            given = torch.from_numpy(scores[start : start + size]).float()
            with torch.no_grad():
                yield net.matrix(given.to(self._device), classes).cpu().numpy()

    def count_classes(self, record: GraphRecord, classes: int | None = None) -> int:
        """How many classes :meth:`matrix` has.

        Raises:
            UsageError: the model is another than gcn, or there would be more than ``MOST_CLASSES`` of them.
        """
        self._gcn()
        count = classes or len(record.configurations)
        if count > MOST_CLASSES:
            cure = "--classes K asks for fewer"
            raise UsageError(f"expected at most {MOST_CLASSES:,} runtime classes, found {count:,}: {cure}")
        return count

    def _gcn(self) -> Gcn:
        if not isinstance(self._net, Gcn):
            model = self._checkpoint.recipe.model
            raise UsageError(f"runtime classes are what the model gcn gives; the checkpoint is of {model}")
        return self._net

    def _ops(self, graph: Prepared) -> dict[str, NDArray[Any]]:
        """Each op's share of the learned runtime under the default configuration; rank 0 has the least."""
        if not isinstance(self._net, Gcn | Gru):
            return {}
        with torch.no_grad():
            log = self._net.log_runtimes(graph, np.empty(0, np.int64))[:, 0].double()
        share = torch.softmax(log, 0).cpu().numpy()
        return {f"{self.name}_share": share, f"{self.name}_rank": dense_rank(share)}

    def _prepared(self, record: GraphRecord) -> Prepared:
        given, statistics = inputs(record), self._checkpoint.statistics
        if given.kind != statistics.kind:
            cure = f"train a model on {given.kind} collections"
            expected = f"{statistics.kind}, which the model has learned from"
            raise DataError(record.id, "configurations", expected=expected, found=given.kind, cure=cure)
        net = self._net
        return Prepared(given, statistics, net.shared, net.weights, self._backend, self._device)
