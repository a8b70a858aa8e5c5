"""Unseen programs: models learn from four fifths of the families of examples/data and rank the rest, fold by fold.

``python -m benchmarks.unseen [--models gcn sage] [--seeds 1] [--epochs 25]``. No family is on both sides; the fifth
after the judged one chooses the epoch. Learned from the first run of each program, judged by the second. Prints means
over programs with intervals, and for each network the paired difference to the better of gbdt and bytes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import torch

from benchmarks.common import keep, machine
from tpugraph_db.formats import read
from tpugraph_db.models.baselines.bytes import Bytes
from tpugraph_db.models.baselines.columns import Column, Random
from tpugraph_db.models.baselines.few import FewShot, Ridge
from tpugraph_db.models.baselines.gbdt import Gbdt
from tpugraph_db.models.features.inputs import inputs
from tpugraph_db.models.judging.intervals import Interval, interval, paired
from tpugraph_db.models.judging.judge import Judged, Scorer, judge
from tpugraph_db.models.judging.shown import split_shown
from tpugraph_db.models.judging.summary import by_graph
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.by_name import NETWORKS
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.models.training.scoring import scores
from tpugraph_db.models.training.trainer import Trainer
from tpugraph_db.record import GraphRecord

DATA = Path(__file__).parents[1] / "examples" / "data" / "npz"
FOLDS, SHOWN = 5, 20
METRICS = ("tau", "tau_within", "opa", "slowdown@1", "slowdown@10")


class Trained:
    """A network after training, as a scorer."""

    def __init__(self, name: str, trainer: Trainer) -> None:
        self.name, self._trainer = name, trainer

    def scores(self, record: GraphRecord) -> np.ndarray:
        """(c,) float64, lower is faster."""
        net = self._trainer.net
        return scores(net, Prepared(inputs(record), self._trainer.statistics, net.shared, net.weights))


def family(record: GraphRecord) -> str:
    """Programs of one file share it."""
    return record.name.split("_")[0]


def main() -> None:
    """Run the folds."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--models", nargs="*", default=["gcn"])
    asked.add_argument("--seeds", type=int, default=1)
    asked.add_argument("--epochs", type=int, default=25)
    words = asked.parse_args()
    torch.set_num_threads(1)
    records = [read(path) for path in sorted(DATA.rglob("*.npz"))]
    recipes = [
        Recipe(model=model, seed=seed, epochs=words.epochs) for model in words.models for seed in range(words.seeds)
    ]
    judged: dict[str, list[Judged]] = defaultdict(list)
    for fold, (train, valid, test) in enumerate(_folds(records)):
        scorers = [Random(0), Bytes(), Column.fit(train), Gbdt.fit([*train, *valid], 0)]
        scorers += [_train(recipe, train, valid) for recipe in recipes]
        for record in test:
            for name, one in _judge(record, scorers):
                judged[name].append(one)
        print(f"fold {fold + 1} of {FOLDS}: {len(train)} + {len(valid)} programs, {len(test)} judged", flush=True)
    _report(judged, words.models, len(records))


def _folds(records: Sequence[GraphRecord]) -> Iterator[tuple[list[GraphRecord], ...]]:
    families = sorted({family(record) for record in records})
    of = dict(zip(families, np.random.default_rng(0).permutation(len(families)) % FOLDS, strict=True))
    for fold in range(FOLDS):
        valid = (fold + 1) % FOLDS
        parts = [[], [], []]
        for record in records:
            parts[{valid: 1, fold: 2}.get(of[family(record)], 0)].append(record)
        yield tuple(parts)


def _train(recipe: Recipe, train: Sequence[GraphRecord], valid: Sequence[GraphRecord]) -> Trained:
    trainer = Trainer(recipe, train, valid)
    while not trainer.done:
        trainer.epoch()
    trainer.net.load_state_dict(dict(trainer.checkpoint().weights))
    return Trained(recipe.model, trainer)


def _judge(record: GraphRecord, scorers: Sequence[Scorer]) -> Iterator[tuple[str, Judged]]:
    seen, rest = split_shown(record.configurations, SHOWN, 0)
    for scorer in scorers:
        yield scorer.name, judge(record, scorer.scores(record), truth="repeat", among=rest)
        if scorer.name in NETWORKS:
            few = FewShot(scorer).fit(record, seen)
            yield f"{scorer.name}+fewshot", judge(record, few.scores(record), truth="repeat", among=rest)
    yield Ridge.name, judge(record, Ridge().fit(record, seen).scores(record), truth="repeat", among=rest)


def _report(judged: dict[str, list[Judged]], models: Sequence[str], programs: int) -> None:
    table = {
        name: {metric: _rounded(interval(_values(found, metric))) for metric in METRICS}
        for name, found in judged.items()
    }
    for name, row in table.items():
        print(f"{name:<14}" + "  ".join(f"{m} {v[0]:.3f} ({v[1]:.3f}-{v[2]:.3f})" for m, v in row.items()))
    ceiling = round(float(np.mean(_values(judged["random"], "repeat_tau"))), 4)
    best = max(("gbdt", "bytes"), key=lambda name: table[name]["tau"][0])
    peer = by_graph(judged[best], "tau")
    against = {model: _rounded(paired(by_graph(judged[model], "tau"), peer)) for model in models}
    print(f"repeat_tau {ceiling}; tau less that of {best}: {against}")
    found = {"programs": programs, "repeat_tau": ceiling, "best_baseline": best, "table": table, "paired": against}
    keep("unseen programs", found | {"machine": machine(), "date": date.today().isoformat()})


def _values(judged: Sequence[Judged], metric: str) -> list[float]:
    return list(by_graph(judged, metric).values())


def _rounded(found: Interval) -> list[float]:
    return [round(value, 4) for value in found[:3]]


if __name__ == "__main__":
    main()
