"""The verb eval: models and baselines rank the configurations of the same graphs, and one table says how well."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.matching import Match, matched_record, matches
from tpugraph_db.models.baselines.few import FEWEST, FewShot, Ridge
from tpugraph_db.models.features.targets import gradable, some
from tpugraph_db.models.judging.case import Case
from tpugraph_db.models.judging.judge import Judged, Scorer, judge
from tpugraph_db.models.judging.protocol import PaperLists
from tpugraph_db.models.judging.summary import summary
from tpugraph_db.models.registry import need
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Result, Store
from tpugraph_db.surroundings import HOPS
from tpugraph_db.train import TEST, TRAIN, Find
from tpugraph_db.where import expect_parameters

SHOWN = 20
"""Configurations of each judged graph that ridge and few-shot models see; nobody is judged on them."""

BASELINES = ("random", "bytes", "column", "gbdt", "ridge")
"""What stands beside the models in the table; the last three learn."""

COLUMNS = ("model", "metric", "mean", "low", "high", "graphs")


@dataclass(frozen=True)
class Evaluation:
    """The figures of every model on every graph."""

    judged: Mapping[str, Sequence[Judged]]
    """By model."""
    left_out: Mapping[str, str]
    """Graphs that cannot be graded, and why."""
    seen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By model, the judged graphs that it has learned from or was chosen by: its figures there are no test."""

    def table(self, seed: int = 0) -> Result:
        """A row for each model and metric: mean over graphs and its 95 % interval."""
        rows = [(model, *row) for model, judged in self.judged.items() for row in summary(judged, seed)]
        return Result(COLUMNS, rows, len(rows))

    def by_graph(self) -> Result:
        """A row for each model and graph."""
        names = ("graph", "configs", "distinct", "repeat_tau", "tau", "tau_within", "opa", "tile_score")
        slowdowns = [f"slowdown@{k}" for k in next(iter(self.judged.values()))[0].slowdown]
        rows = [
            (model, *(getattr(one, name) for name in names), *one.slowdown.values())
            for model, judged in self.judged.items()
            for one in judged
        ]
        return Result(("model", *names, *slowdowns), rows, len(rows))


@dataclass
class _Scored:
    """A model's scores of one graph, made once."""

    name: str
    values: NDArray[np.float64]

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        return self.values


def evaluate(
    store: Store,
    models: Sequence[Scorer] = (),
    *,
    where: str | Path = TEST,
    train: str | Path | None = TRAIN,
    hops: int = HOPS,
    params: Mapping[str, Any] | None = None,
    lists: PaperLists | None = None,
    shown: int = SHOWN,
    seed: int = 0,
    on_graph: Callable[[int, int], None] = lambda done, total: None,
) -> Evaluation:
    """Judge models, and the baselines beside them, on the graphs that match ``where``.

    A graph whose configurations were measured twice is judged by its second run: what is learned from is the first.

    Args:
        models: What is to be judged, each under its name.
        where: A condition on a graph ``g``, or a file of Cypher (:mod:`tpugraph_db.matching`); ``train`` too.
        train: The graphs that the baselines ``column`` and ``gbdt`` learn from, less those that are judged or have
            configurations of another kind; None leaves these baselines out.
        hops: How far the surroundings reach where ops match: they are the graph then, under the whole one's runtimes.
        params: Values of the ``$names`` of both.
        lists: The paper's configurations of each graph; None judges all.
        shown: Distinct configurations of each judged graph that ``ridge`` and ``NAME+fewshot`` learn from, 0 for
            neither; all models are judged on the rest.
        seed: Of what is random: the baseline ``random``, what is shown.
        on_graph: Called with how many graphs are done, of how many.

    Raises:
        NotFoundError: no graph matches, or none can be graded.
        UsageError: two models, or a model and a baseline, have one name; ``shown`` is too small to learn from; there
            are layouts and tiles.
        DataError: a model ranks configurations of another kind.
    """
    _expect_names([model.name for model in models])
    if 0 < shown < FEWEST:
        raise UsageError(f"--shown: expected 0, or at least {FEWEST} configurations to learn from, found {shown}")
    expect_parameters([where, train], params or {})

    def find(said: str | Path) -> list[Match]:
        return matches(store, said, hops=hops, params=params)

    cases, left_out = _cases(store, where, find, lambda record: Case.of(record, lists, shown, seed))
    graphs = [case.record.id for case in cases]
    learned = _learned(store, train, find, set(graphs), _kind([case.record for case in cases])) if train else []
    scorers = [*models, *baselines(learned, seed)]
    judged: dict[str, list[Judged]] = defaultdict(list)
    for done, case in enumerate(cases):
        on_graph(done, len(cases))
        for name, one in _judge_all(case, scorers, len(models)):
            judged[name].append(one)
    on_graph(len(cases), len(cases))
    return Evaluation(judged, left_out, _seen(models, graphs))


def baselines(train: Sequence[GraphRecord], seed: int) -> list[Scorer]:
    """What a model must beat; those that learn only where there is something to learn from."""
    from tpugraph_db.models.baselines.bytes import Bytes
    from tpugraph_db.models.baselines.columns import Column, Random

    found: list[Scorer] = [Random(seed), Bytes()]
    if train:
        need("lightgbm", "scipy")
        from tpugraph_db.models.baselines.gbdt import Gbdt

        found += [Column.fit(train), Gbdt.fit(train, seed)]
    return found


def _expect_names(names: Sequence[str]) -> None:
    name, times = Counter([*names, *BASELINES]).most_common(1)[0]
    if times > 1:
        listed = f"{', '.join(names)}, beside {', '.join(BASELINES)}"
        raise UsageError(f"expected models of different names, found {name} twice in {listed}: NAME=FOLDER names one")


def _cases(
    store: Store, where: str | Path, find: Find, case: Callable[[GraphRecord], Case]
) -> tuple[list[Case], dict[str, str]]:
    records, left_out = gradable([matched_record(store, match) for match in find(where)])
    cases = []
    for record in records:
        try:
            cases.append(case(record))
        except (UsageError, NotFoundError) as error:
            left_out[record.id] = str(error)
    if not cases:
        raise NotFoundError(f"no graph that matches {str(where)!r} can be graded ({some(left_out)})")
    return cases, left_out


def _learned(store: Store, where: str | Path, find: Find, judged: set[str], kind: type) -> list[GraphRecord]:
    """The graphs to learn from, less any that is judged or has other configurations."""
    cure = "without the baselines that learn: --no-train"
    try:
        found = find(where)
    except NotFoundError as error:
        raise NotFoundError(f"{error}; {cure}") from error
    records = gradable([matched_record(store, match) for match in found if match.graph not in judged])[0]
    learned = [record for record in records if isinstance(record.configurations, kind)]
    if not learned:
        raise NotFoundError(f"none of the {len(found):,} graphs that match {str(where)!r} can be learned from; {cure}")
    return learned


def _kind(records: Sequence[GraphRecord]) -> type:
    kinds = {type(record.configurations) for record in records}
    if len(kinds) > 1:
        cure = "--where \"g.collection STARTS WITH 'layout:' AND g.split = 'test'\" chooses"
        raise UsageError(f"expected graphs to judge whose configurations are layouts or tiles, found both; {cure}")
    return kinds.pop()


def _judge_all(case: Case, scorers: Sequence[Scorer], models: int) -> list[tuple[str, Judged]]:
    """The figures of all, the first ``models`` of which are no baselines."""
    record = case.record
    verdict = partial(judge, record, truth=case.truth, among=case.among)
    scored = [_Scored(scorer.name, scorer.scores(record)) for scorer in scorers]
    found = [(one.name, verdict(one.values)) for one in scored]
    if len(case.shown):
        found.append((Ridge.name, verdict(Ridge().fit(record, case.shown).scores(record))))
        for one in scored[:models]:
            fitted = FewShot(one).fit(record, case.shown)
            found.append((f"{one.name}+fewshot", verdict(fitted.scores(record))))
    return found


def _seen(models: Sequence[Scorer], graphs: Sequence[str]) -> dict[str, list[str]]:
    known: dict[str, frozenset[str]] = {model.name: getattr(model, "learned_from", frozenset()) for model in models}
    seen = {name: [graph for graph in graphs if graph in learned] for name, learned in known.items()}
    return {name: found for name, found in seen.items() if found}
