"""The models ``ridge`` and ``NAME_fewshot``: they rank a graph of which some configurations are measured.

What they learn from is drawn from the graph's own measured configurations, and their Prediction node says which
(``shown``): the ranks of these are no predictions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.models.baselines.few import FEWEST, FewShot, Fitted, Ridge, Scored
from tpugraph_db.models.judging.shown import draw_shown
from tpugraph_db.models.prediction import Model, Prediction, expect_configurations, expect_name, of_scores
from tpugraph_db.record import GraphRecord

SHOWN = 20
"""Configurations of each graph that are learned from unless told otherwise."""

QUALITY = "root mean squared error of the log runtimes shown, each left out in turn"


class FromFew:
    """Ridge regression on some configurations, alone or on what another model leaves over (:mod:`.few`)."""

    shown: tuple[str, ...] = ()

    def __init__(self, name: str = "ridge", count: int = SHOWN, seed: int = 0, base: Model | None = None) -> None:
        """What is to be learned from.

        Args:
            name: What its properties are called by.
            count: Distinct configurations; of a graph that has more measured they are drawn at random.
            seed: Of that; ``tpudb eval`` shows the same ones with the same seed.
            base: The model whose scores are corrected.

        Raises:
            UsageError: no such name, or too few to learn from.
        """
        expect_name(name)
        if count < FEWEST:
            raise UsageError(f"--shown: expected at least {FEWEST} configurations to learn from, found {count}")
        self.name, self._count, self._seed, self._base = name, count, seed, base
        self.version = base.version if base else "1"

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64: expected log runtime, lower is faster. Raises as :meth:`predict`."""
        return self._fitted(record)[0].scores(record)

    def predict(self, record: GraphRecord) -> Prediction:
        """Rank configurations.

        Raises:
            DataError: fewer of the graph's configurations are measured than are to be learned from, or the model
                below cannot rank them.
        """
        fitted, shown, given = self._fitted(record)
        data = {name: given.notes[name] for name in ("data",) if given and name in given.notes}
        notes = {**data, "shown": shown.tolist(), "quality": fitted.loo, "quality_metric": QUALITY}
        return of_scores(self.name, self.version, fitted.scores(record), notes)

    def _fitted(self, record: GraphRecord) -> tuple[Fitted, NDArray[np.int64], Prediction | None]:
        """What was learned, from which configurations, and on top of what."""
        expect_configurations(record)
        self._expect_measured(record)
        shown = draw_shown(record.configurations, self._count, self._seed)
        if self._base is None:
            return Ridge().fit(record, shown), shown, None
        given = self._base.predict(record)
        scored = Scored(self._base.name, next(iter(given.configs.values())))
        return FewShot(scored).fit(record, shown), shown, given

    def _expect_measured(self, record: GraphRecord) -> None:
        configurations = record.configurations
        count = len(np.unique(configurations.same_as[configurations.measured]))
        if count >= self._count:
            return
        expected = f"at least {self._count:,} distinct measured ones, which {self.name} learns from"
        found = f"{count:,}" if count else "none: all runtimes are hidden"
        cure = f"--shown {count} learns from as many" if count >= FEWEST else "a checkpoint needs none, nor does bytes"
        raise DataError(record.id, "configurations", expected=expected, found=found, cure=cure)
