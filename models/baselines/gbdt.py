"""The model ``gbdt``: gradient-boosted trees on what is known of each configuration before it is compiled.

Sources: Ke et al., "LightGBM", 2017; Burges, "From RankNet to LambdaRank to LambdaMART", 2010.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.kendall import dense_rank
from tpugraph_db.models.features.config_features import ConfigFeatures, config_features
from tpugraph_db.models.features.targets import gradable, merged
from tpugraph_db.models.prediction import expect_configurations
from tpugraph_db.record import GraphRecord

if TYPE_CHECKING:
    from lightgbm import Booster

Objective = Literal["lambdarank", "pairwise"]

OBJECTIVES: tuple[Objective, ...] = get_args(Objective)

LEVELS = 31
"""Lambdarank asks for whole numbers: the fastest of a graph have relevance 30, the slowest 0, in even steps of rank."""

GROUP = 500
"""Configurations that are ranked against each other at most; a larger graph is cut into several groups at random."""

ROUNDS = 150

SETTINGS: dict[str, Any] = {
    "learning_rate": 0.1,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "lambda_l2": 1.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "feature_pre_filter": False,
    "verbosity": -1,
}
"""With one thread, by rows, ``deterministic`` makes the same trees of the same data and seed.

A column that no leaf of 20 rows could split on stays, without a say: LightGBM stops where none is left.
"""


@dataclass(frozen=True)
class Gbdt:
    """Fitted trees. Those columns of which more is slower may only make a configuration slower (monotone)."""

    booster: Booster
    name = "gbdt"

    @classmethod
    def fit(
        cls,
        records: Sequence[GraphRecord],
        seed: int = 0,
        objective: Objective = "pairwise",
        on_round: Callable[[int, int], None] = lambda done, total: None,
    ) -> Gbdt:
        """Learn from the measured configurations of graphs, repeats merged; those that have no order are left out.

        ``on_round`` is called with how many trees have grown, of how many.

        Raises:
            UsageError: no graph has an order, or there are tiles and layouts among them.
        """
        import lightgbm

        kept = gradable(records)[0]
        if not kept:
            raise UsageError(
                f"expected graphs whose configurations can be ranked to train gbdt on, found {len(records)} others"
            )
        features = [config_features(record) for record in kept]
        if len({each.columns for each in features}) > 1:
            raise UsageError("expected graphs of layouts or of tiles to train gbdt on, found both")
        table, relevance, groups = _rows(kept, features, np.random.default_rng(seed))
        monotone = np.where(features[0].slower, -1, 0).tolist()
        settings = {**SETTINGS, "seed": seed, "monotone_constraints": monotone, **_objective(objective, groups)}
        data = lightgbm.Dataset(table, relevance, group=groups, feature_name=list(features[0].columns))
        told = [lambda env: on_round(env.iteration + 1, ROUNDS)]
        return cls(lightgbm.train(settings, data, ROUNDS, callbacks=told))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the features that it was trained on."""
        return tuple(self.booster.feature_name())

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64, no unit: less the trees' sum, so that lower is faster.

        Raises:
            DataError: there are no configurations, or they are not of the kind that it was trained on.
        """
        expect_configurations(record)
        features = config_features(record)
        if features.columns != self.columns:
            expected = "those of the kind and version that gbdt was trained on"
            other = next(iter([name for name in features.columns if name not in self.columns]), "another order")
            raise DataError(record.id, "configurations", expected=expected, found=f"the column {other}")
        return -np.asarray(self.booster.predict(features.values, num_threads=1), np.float64)

    def to_text(self) -> str:
        """LightGBM's own text format."""
        text: str = self.booster.model_to_string()
        return text

    @classmethod
    def from_text(cls, text: str) -> Gbdt:
        """What :meth:`to_text` gave.

        Raises:
            DataError: it is not LightGBM's format.
        """
        import lightgbm

        try:
            return cls(lightgbm.Booster(model_str=text))
        except lightgbm.basic.LightGBMError as error:
            raise DataError("gbdt", "model", expected="LightGBM's text format", found=str(error)) from error


def _rows(
    records: Sequence[GraphRecord], features: Sequence[ConfigFeatures], random: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """((rows, f), (rows,), (groups,)): features and relevance of every distinct configuration; rows of each group."""
    tables, relevance, groups = [], [], []
    for record, each in zip(records, features, strict=True):
        targets = merged(record.configurations)
        rank = dense_rank(targets.log_runtime)
        level = np.rint((LEVELS - 1) * (1 - rank / max(int(rank.max()), 1))).astype(np.int64)
        for part in np.array_split(random.permutation(len(targets)), -(-len(targets) // GROUP)):
            tables.append(each.values[targets.index[part]])
            relevance.append(level[part])
            groups.append(len(part))
    return np.concatenate(tables), np.concatenate(relevance), np.array(groups)


def _objective(objective: Objective, groups: NDArray[np.int64]) -> dict[str, Any]:
    if objective == "lambdarank":  # every pair counts, and by how far its ranks are apart
        gain = list(range(LEVELS))
        return {"objective": "lambdarank", "label_gain": gain, "lambdarank_truncation_level": int(groups.max())}
    return {"objective": _pairwise}


def _pairwise(scores: NDArray[np.float64], data: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gradient and second derivative of the pairwise logistic loss ``mean over pairs of log(1 + exp(s_j - s_i))``.

    Over the pairs of a group of which ``i`` is the faster. Times the group's size, so that each row weighs about 1.
    """
    labels, ends = data.get_label(), np.cumsum(data.get_group())
    gradient, second = np.empty(len(scores)), np.empty(len(scores))
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        s, y = scores[start:end], labels[start:end]
        order = np.sign(y[:, None] - y)
        wrong = 1 / (1 + np.exp(order * (s[:, None] - s))) * np.abs(order)
        gradient[start:end] = -(order * wrong).mean(axis=1)
        second[start:end] = (wrong * (1 - wrong)).mean(axis=1)
    return gradient, second
