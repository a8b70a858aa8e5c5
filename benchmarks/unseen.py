"""Unseen programs: models learn from four fifths of the families of examples/data and rank the rest, fold by fold.

``python -m benchmarks.unseen [--models gcn sage] [--seeds 1] [--epochs 25] [--fixed]``. No family is on both sides.
All learn from the same programs; a network trains for all epochs, chosen by nothing. Learned from the first run of each
program, judged by the second. Prints means over programs with intervals, for each network the spread of its seeds and
the paired difference to the better of gbdt and bytes. With several seeds, ``gcn*`` is the mean of their scores.
``--fixed`` judges the families of the split ``test`` instead, by models of all others.
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
        self._known: dict[str, np.ndarray] = {}

    def scores(self, record: GraphRecord) -> np.ndarray:
        """(c,) float64, lower is faster."""
        if record.id not in self._known:
            net = self._trainer.net
            graph = Prepared(inputs(record), self._trainer.statistics, net.shared, net.weights)
            self._known[record.id] = scores(net, graph)
        return self._known[record.id]


class Mean:
    """The same network from several seeds: the mean of their scores, each with a spread of 1 (a deep ensemble)."""

    def __init__(self, name: str, members: Sequence[Scorer]) -> None:
        self.name, self._members = f"{name}*", members

    def scores(self, record: GraphRecord) -> np.ndarray:
        """(c,) float64, lower is faster. Source: Lakshminarayanan et al., "Deep Ensembles" (2017)."""
        each = [member.scores(record) for member in self._members]
        return np.mean([one / max(one.std(), 1e-12) for one in each], axis=0)


def family(record: GraphRecord) -> str:
    """Programs of one file share it."""
    return record.name.split("_")[0]


def main() -> None:
    """Run the folds."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--models", nargs="*", default=["gcn"])
    asked.add_argument("--seeds", type=int, default=1)
    asked.add_argument("--epochs", type=int, default=25)
    asked.add_argument("--fixed", action="store_true")
    words = asked.parse_args()
    torch.set_num_threads(1)
    records = [read(path) for path in sorted(DATA.rglob("*.npz"))]
    judged: dict[str, list[Judged]] = defaultdict(list)
    by_seed: dict[str, dict[int, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    folds = [_fixed(records)] if words.fixed else list(_folds(records))
    for fold, (train, test) in enumerate(folds):
        baselines = [Random(0), Bytes(), Column.fit(train), Gbdt.fit(train, 0)]
        of_seeds = {
            model: [_train(model, seed, words.epochs, train) for seed in range(words.seeds)] for model in words.models
        }
        means = [Mean(model, members) for model, members in of_seeds.items() if len(members) > 1]
        for record in test:
            for name, one in _judge(record, [*baselines, *means]):
                judged[name].append(one)
            for seed, some in enumerate(zip(*of_seeds.values(), strict=True)):
                for name, one in _judge(record, some):
                    judged[name].append(one)
                    by_seed[name][seed].append(one)
            judged[Ridge.name].append(_ridge(record))
        print(f"fold {fold + 1} of {len(folds)}: {len(train)} programs, {len(test)} judged", flush=True)
    kept = ("unseen test families" if words.fixed else "unseen programs") + "".join(
        f" {model}" for model in words.models
    )
    _report(kept, judged, by_seed)


def _folds(records: Sequence[GraphRecord]) -> Iterator[tuple[list[GraphRecord], list[GraphRecord]]]:
    families = sorted({family(record) for record in records})
    of = dict(zip(families, np.random.default_rng(0).permutation(len(families)) % FOLDS, strict=True))
    for fold in range(FOLDS):
        yield _parted(records, {name for name in families if of[name] == fold})


def _fixed(records: Sequence[GraphRecord]) -> tuple[list[GraphRecord], list[GraphRecord]]:
    return _parted(records, {family(record) for record in records if record.split == "test"})


def _parted(records: Sequence[GraphRecord], judged: set[str]) -> tuple[list[GraphRecord], list[GraphRecord]]:
    """Programs to learn from, and those of the judged families."""
    train = [record for record in records if family(record) not in judged]
    return train, [record for record in records if family(record) in judged]


def _train(model: str, seed: int, epochs: int, train: Sequence[GraphRecord]) -> Trained:
    trainer = Trainer(Recipe(model=model, seed=seed, epochs=epochs, patience=epochs), train)
    while not trainer.done:
        trainer.epoch()
    trainer.net.eval()
    return Trained(model, trainer)


def _judge(record: GraphRecord, scorers: Sequence[Scorer]) -> Iterator[tuple[str, Judged]]:
    seen, rest = split_shown(record.configurations, SHOWN, 0)
    for scorer in scorers:
        yield scorer.name, judge(record, scorer.scores(record), truth="repeat", among=rest)
        if scorer.name.rstrip("*") in NETWORKS or scorer.name == Gbdt.name:
            few = FewShot(scorer).fit(record, seen)
            yield f"{scorer.name}+fewshot", judge(record, few.scores(record), truth="repeat", among=rest)


def _ridge(record: GraphRecord) -> Judged:
    seen, rest = split_shown(record.configurations, SHOWN, 0)
    return judge(record, Ridge().fit(record, seen).scores(record), truth="repeat", among=rest)


def _report(kept: str, judged: dict[str, list[Judged]], by_seed: dict[str, dict[int, list[Judged]]]) -> None:
    table = {
        name: {metric: _rounded(interval(_values(found, metric))) for metric in METRICS}
        for name, found in judged.items()
    }
    for name, row in table.items():
        print(f"{name:<14}" + "  ".join(f"{m} {v[0]:.3f} ({v[1]:.3f}-{v[2]:.3f})" for m, v in row.items()))
    ceiling = round(float(np.mean(_values(judged["random"], "repeat_tau"))), 4)
    best = max(("gbdt", "bytes"), key=lambda name: table[name]["tau"][0])
    peers = {False: by_graph(judged[best], "tau"), True: by_graph(judged[f"{Gbdt.name}+fewshot"], "tau")}
    learned = [name for name in judged if name.split("+")[0].rstrip("*") in NETWORKS]
    against = {
        name: _rounded(paired(by_graph(judged[name], "tau"), peers[name.endswith("fewshot")])) for name in learned
    }
    seeds = {
        name: [round(float(np.mean(_values(found, "tau"))), 4) for found in each.values()]
        for name, each in by_seed.items()
    }
    print(f"repeat_tau {ceiling}; tau less that of {best}, few-shot less that of gbdt's: {against}")
    print(f"mean tau of each seed: {seeds}")
    found = {"programs": len(by_graph(judged["random"], "tau")), "repeat_tau": ceiling, "best_baseline": best}
    found |= {"table": table, "paired": against, "seeds": seeds}
    keep(kept, found | {"machine": machine(), "date": date.today().isoformat()})


def _values(judged: Sequence[Judged], metric: str) -> list[float]:
    return list(by_graph(judged, metric).values())


def _rounded(found: Interval) -> list[float]:
    return [round(value, 4) for value in found[:3]]


if __name__ == "__main__":
    main()
