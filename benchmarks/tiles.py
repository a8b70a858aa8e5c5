"""Tiles of unseen kernels: models learn from all kernels of ``op_tuning_data.pb`` but one and rank that one's tiles.

``python -m benchmarks.tiles``. Judged are the kernels with ten or more distinct tiles; the others are learned from.
Which recipe a network is trained by is decided anew for each judged kernel, among the others alone: of
:data:`RECIPES` the one by which ``gcn`` ranks them best when each is left out in turn. Networks begin at several seeds;
a kernel's figure is the mean over them. Prints means over kernels with intervals, and differences to gbdt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import torch

from benchmarks.common import keep, machine
from benchmarks.unseen import Trained
from tests import real
from tpugraph_db.formats import read_all
from tpugraph_db.models.baselines.bytes import Bytes
from tpugraph_db.models.baselines.columns import Column, Random
from tpugraph_db.models.baselines.gbdt import Gbdt
from tpugraph_db.models.features.targets import gradable, merged
from tpugraph_db.models.judging.intervals import interval, paired
from tpugraph_db.models.judging.judge import Judged, Scorer, judge
from tpugraph_db.models.judging.summary import by_graph
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.models.training.trainer import Trainer
from tpugraph_db.record import GraphRecord

FEWEST = 10
"""Distinct tiles of a kernel that is judged."""

RECIPES = (
    Recipe(loss="logistic", decay=1.0, epochs=12),
    Recipe(loss="logistic", decay=4.0, epochs=6),
)

SEEDS = {"gcn": 5, "gru": 2, "sage": 2}
METRICS = ("opa", "tau", "slowdown@1", "slowdown@5")


def main() -> None:
    """Run the folds."""
    torch.set_num_threads(1)
    records = gradable(list(read_all(real.folder() / "tuning" / "op_tuning_data.pb")))[0]
    names = [record.id for record in records if len(merged(record.configurations)) >= FEWEST]
    inner = [_inner(records, names, recipe) for recipe in RECIPES]
    judged: dict[str, list[Judged]] = defaultdict(list)
    chosen = {}
    for name in names:
        rest, (record,) = _without(records, name), (r for r in records if r.id == name)
        others = [(frozenset((name, other)), other) for other in names if other != name]
        means = [float(np.mean([of[other] for other in others])) for of in inner]
        chosen[name] = int(np.argmax(means))
        print(f"{record.name}: opa of the others {np.round(means, 4).tolist()}", flush=True)
        for scorer in [*_baselines(rest), *_networks(rest, RECIPES[chosen[name]])]:
            judged[scorer.name].append(judge(record, scorer.scores(record)))
    _report(judged, chosen)


def _without(records: Sequence[GraphRecord], *names: str) -> list[GraphRecord]:
    return [record for record in records if record.id not in names]


def _inner(
    records: Sequence[GraphRecord], names: Sequence[str], recipe: Recipe
) -> dict[tuple[frozenset[str], str], float]:
    """OPA of each kernel of every pair, by gcn trained without both."""
    found = {}
    for pair in combinations(names, 2):
        scorer = _train(recipe, _without(records, *pair))
        for record in records:
            if record.id in pair:
                found[frozenset(pair), record.id] = judge(record, scorer.scores(record)).opa
    return found


def _baselines(rest: Sequence[GraphRecord]) -> list[Scorer]:
    return [Random(), Bytes(), Column.fit(rest), Gbdt.fit(rest)]


def _networks(rest: Sequence[GraphRecord], recipe: Recipe) -> list[Scorer]:
    return [
        _train(replace(recipe, model=model, seed=seed), rest) for model, seeds in SEEDS.items() for seed in range(seeds)
    ]


def _train(recipe: Recipe, records: Sequence[GraphRecord]) -> Trained:
    trainer = Trainer(recipe, records)
    while not trainer.done:
        trainer.epoch()
    return Trained(recipe.model, trainer)


def _report(judged: dict[str, list[Judged]], chosen: dict[str, int]) -> None:
    table = {
        name: {metric: _rounded(interval(list(by_graph(of, metric).values()))) for metric in METRICS}
        for name, of in judged.items()
    }
    for name, row in table.items():
        print(f"{name:<8}" + "  ".join(f"{m} {v[0]:.3f} ({v[1]:.3f}-{v[2]:.3f})" for m, v in row.items()))
    opa = {name: by_graph(of, "opa") for name, of in judged.items()}
    pairs = [(name, peer) for name in SEEDS for peer in ("gbdt", "column")]
    against = {f"{name} - {peer}": _rounded(paired(opa[name], opa[peer])) for name, peer in pairs}
    print(against)
    kernels = {name: {kernel: round(value, 4) for kernel, value in of.items()} for name, of in opa.items()}
    recipes = [f"{r.loss}, decay {r.decay}, {r.epochs} epochs" for r in RECIPES]
    found = {
        "table": table,
        "paired opa": against,
        "opa": kernels,
        "recipes": recipes,
        "chosen": chosen,
        "seeds": SEEDS,
    }
    keep("tiles of unseen kernels", found | {"machine": machine(), "date": date.today().isoformat()})


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 4) for value in values[:3]]


if __name__ == "__main__":
    main()
