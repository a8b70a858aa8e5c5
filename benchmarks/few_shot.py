"""A few measured configurations of a program: how well ridge and few-shot rank the rest of them.

``python -m benchmarks.few_shot``. The programs are unet3d and unet_3d.4x4.bf16 of TpuGraphs; the configurations shown
are drawn at five seeds, the rest are judged. The model that few-shot corrects is gbdt, learned from the other of the
two: there are no more programs here whose layouts were measured on a TPU. Prints means over seeds with intervals: they
tell how much the draw matters, nothing of other programs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from benchmarks.common import keep, machine
from tests import real
from tpugraph_db.models.baselines.bytes import Bytes
from tpugraph_db.models.baselines.columns import Random
from tpugraph_db.models.baselines.few import FewShot, Ridge
from tpugraph_db.models.baselines.gbdt import Gbdt
from tpugraph_db.models.judging.intervals import interval, paired
from tpugraph_db.models.judging.judge import judge
from tpugraph_db.models.judging.repeats import repeat_tau
from tpugraph_db.models.judging.shown import split_shown
from tpugraph_db.record import GraphRecord

SHOWN = {"unet3d": (50, 200, 500), "unet_3d.4x4.bf16": (50, 200, 1_000)}
SEEDS = 5

Taus = dict[str, dict[str, float]]
"""By model, then by seed."""


def main() -> None:
    """Judge at every size."""
    records = {name: real.record(real.folder(), name) for name in SHOWN}
    found = {}
    for name, record in records.items():
        other = [each for each in records.values() if each is not record]
        base = _Known({record.id: Gbdt.fit(other).scores(record)})
        among = np.flatnonzero(record.configurations.measured)
        agree = repeat_tau(record.configurations, among)
        print(f"{name}: repeats agree to tau {agree or np.nan:.3f}")
        sizes = {str(size): _figures(_taus(record, base, size)) for size in SHOWN[name]}
        found[name] = {"repeat_tau": round(agree or np.nan, 4), "shown": sizes}
    keep("few measured configurations", found | {"machine": machine(), "date": date.today().isoformat()})


class _Known:
    """Scores that were computed before, by graph id."""

    name = "gbdt"

    def __init__(self, scores: Mapping[str, np.ndarray]) -> None:
        self._scores = scores

    def scores(self, record: GraphRecord) -> np.ndarray:
        """(c,) float64."""
        return self._scores[record.id]


def _taus(record: GraphRecord, base: _Known, size: int) -> Taus:
    taus: Taus = defaultdict(dict)
    for seed in range(SEEDS):
        seen, rest = split_shown(record.configurations, size, seed)
        for name, scores in _scores(record, base, seen):
            taus[name][str(seed)] = judge(record, scores, among=rest).tau
    return taus


def _scores(record: GraphRecord, base: _Known, seen: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    yield "random", Random().scores(record)
    yield "bytes", Bytes().scores(record)
    yield "gbdt", base.scores(record)
    yield "ridge", Ridge().fit(record, seen).scores(record)
    yield "ridge, known columns", Ridge(known=True).fit(record, seen).scores(record)
    yield "fewshot", FewShot(base).fit(record, seen).scores(record)


def _figures(taus: Taus) -> dict[str, list[float]]:
    rows = {name: interval(list(of.values())) for name, of in taus.items()}
    rows["fewshot - ridge"] = paired(taus["fewshot"], taus["ridge"])
    figures = {name: [round(value, 4) for value in row[:3]] for name, row in rows.items()}
    print("  ".join(f"{name} {v[0]:.3f} ({v[1]:.3f}-{v[2]:.3f})" for name, v in figures.items()), flush=True)
    return figures


if __name__ == "__main__":
    main()
