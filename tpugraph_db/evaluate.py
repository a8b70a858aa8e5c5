"""The verb eval: models and baselines rank the configurations of the same graphs, and one table says how well."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.matching import Match, matched_record, matches
from tpugraph_db.models.baselines.bytes import Bytes
from tpugraph_db.models.baselines.columns import Column, Random
from tpugraph_db.models.baselines.few import FEWEST, FewShot, Ridge, Scored
from tpugraph_db.models.baselines.from_few import SHOWN, FromFew
from tpugraph_db.models.baselines.gbdt import Gbdt
from tpugraph_db.models.baselines.trained_gbdt import TrainedGbdt
from tpugraph_db.models.features.targets import gradable, some
from tpugraph_db.models.judging.by_kind import ByKind
from tpugraph_db.models.judging.case import Case
from tpugraph_db.models.judging.competition import COLLECTIONS, Competition, Row, competition
from tpugraph_db.models.judging.judge import Judged, Scorer, judge, scores_among
from tpugraph_db.models.judging.protocol import PaperLists
from tpugraph_db.models.judging.summary import summary
from tpugraph_db.models.registry import need
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Result, Store
from tpugraph_db.surroundings import HOPS
from tpugraph_db.train import TEST, TRAIN, Find
from tpugraph_db.where import expect_parameters

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

    def competition(self, seed: int = 0) -> Result:
        """A row for each model and collection of the competition, and one for the mean of those that were judged.

        Raises:
            NotFoundError: no graph was judged that is of one of its collections.
        """
        rows = [(model, *row) for model, one in self._competition(seed).items() for row in one.rows()]
        return Result(("model", *Row._fields), rows, len(rows))

    @property
    def absent(self) -> tuple[str, ...]:
        """The competition's collections of which no graph was judged."""
        return next(iter(self._competition().values())).absent

    def _competition(self, seed: int = 0) -> dict[str, Competition]:
        found = {model: competition(judged, seed) for model, judged in self.judged.items()}
        if not any(one.collections for one in found.values()):
            raise NotFoundError(f"no graph was judged that is of the competition's {', '.join(COLLECTIONS)}")
        return found

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
        models: What is to be judged, each under its name. ``bytes``, ``ridge`` and a checkpoint called ``gbdt`` are
            rows of the table anyway: given, they stand in their own place. Models that are all :class:`ByKind` may be
            judged on layouts and tiles at once (:meth:`Evaluation.competition`); the baselines learn from each kind by
            itself.
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
        UsageError: two models, or a model and a baseline, have one name; ``shown`` is too small to learn from, or none
            is and a model does; there are layouts and tiles, and a model for one kind.
        DataError: a model ranks configurations of another kind.
    """
    if 0 < shown < FEWEST:
        raise UsageError(f"--shown: expected 0, or at least {FEWEST} configurations to learn from, found {shown}")
    models = [model for model in models if not _is_ridge(model, shown)]
    given = {model.name for model in models if isinstance(model, Bytes | TrainedGbdt)}
    _expect_names([model.name for model in models], [name for name in BASELINES if name not in given])
    expect_parameters([where, train], params or {})

    def find(said: str | Path) -> list[Match]:
        return matches(store, said, hops=hops, params=params)

    cases, left_out = _cases(store, where, find, partial(_case, models, lists, shown, seed))
    graphs = [case.record.id for case in cases]
    judged: dict[str, list[Judged]] = defaultdict(list)
    done = count()
    for kind, its_cases in _kinds(cases, models).items():
        learned = _learned(store, train, find, set(graphs), kind) if train else []
        scorers = [*models, *baselines(learned, seed, given)]
        for case in its_cases:
            on_graph(next(done), len(cases))
            for name, one in _judge_all(case, scorers, len(models)):
                judged[name].append(one)
    on_graph(len(cases), len(cases))
    return Evaluation(judged, left_out, _seen(models, graphs))


def baselines(train: Sequence[GraphRecord], seed: int, without: Collection[str] = ()) -> list[Scorer]:
    """What a model must beat, less those ``without``; those that learn only where there is something to learn from."""
    found: list[Scorer] = [Random(seed), Bytes()]
    if train:
        found.append(Column.fit(train))
    if train and Gbdt.name not in without:
        need("lightgbm", "scipy")
        found.append(Gbdt.fit(train, seed))
    return [one for one in found if one.name not in without]


def _is_ridge(model: Scorer, shown: int) -> bool:
    """Whether a model is the row ``ridge``, which learns from what is shown of each graph and is judged on the rest.

    Raises:
        UsageError: nothing is shown, or it is a correction, which would be judged on what it has learned from.
    """
    if not isinstance(model, FromFew):
        return False
    if model.name != Ridge.name or not shown:
        cure = f"--shown {SHOWN} puts ridge, and NAME+fewshot of each model, into the table"
        raise UsageError(f"{model.name} learns from configurations of the graphs that are judged: {cure}")
    return True


def _expect_names(names: Sequence[str], others: Sequence[str]) -> None:
    name, times = Counter([*names, *others]).most_common(1)[0]
    if times > 1:
        listed = f"{', '.join(names)}, beside {', '.join(others)}"
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


def _case(models: Sequence[Scorer], lists: PaperLists | None, shown: int, seed: int, record: GraphRecord) -> Case:
    for model in models:
        if isinstance(model, ByKind):
            model.of(record)
    return Case.of(record, lists, shown, seed)


def _kinds(cases: Sequence[Case], models: Sequence[Scorer]) -> dict[type, list[Case]]:
    """The cases by the class of their configurations."""
    kinds: dict[type, list[Case]] = defaultdict(list)
    for case in cases:
        kinds[type(case.record.configurations)].append(case)
    if len(kinds) > 1 and not (models and all(isinstance(model, ByKind) for model in models)):
        cure = (
            "--where \"g.collection STARTS WITH 'layout:' AND g.split = 'test'\" chooses, --layout and --tile take both"
        )
        raise UsageError(f"expected graphs to judge whose configurations are layouts or tiles, found both; {cure}")
    return kinds


def _judge_all(case: Case, scorers: Sequence[Scorer], models: int) -> list[tuple[str, Judged]]:
    """The figures of all, the first ``models`` of which are no baselines."""
    record = case.record
    verdict = partial(judge, record, truth=case.truth, among=case.among)
    wanted = np.concatenate([case.among, case.shown])
    scored = [Scored(scorer.name, scores_among(scorer, record, wanted)) for scorer in scorers]
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
