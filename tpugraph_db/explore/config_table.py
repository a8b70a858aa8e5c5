"""The configurations of a graph as a table: measured, predicted, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.configs import base_of
from tpugraph_db.analytics.named_config import NAMES, find_config
from tpugraph_db.configurations import LayoutConfigurations, TileConfigurations
from tpugraph_db.errors import NotFoundError
from tpugraph_db.explore.predictions import Ranks, agreement
from tpugraph_db.explore.table import Column, Numbers, Table, Words, percent
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import layout_text

_BOUNDS = {"output_bounds": slice(8, 14), "kernel_bounds": slice(0, 6), "input_bounds": slice(16, 22)}
"""Columns of a tile's features, the one that differs most first."""


@dataclass(frozen=True, eq=False)
class Marks(Column):
    """Which rows are chosen, ``I`` and ``J``; what is chosen may change while the table is shown."""

    order: NDArray[np.int64]
    """(n,) int64: number of each row's configuration."""
    chosen: list[int] = field(default_factory=list)
    """Numbers of configurations, in the order in which they were chosen; two at most."""

    def text(self, row: int) -> str:
        config = int(self.order[row])
        return "IJ"[self.chosen.index(config)] if config in self.chosen else ""

    @property
    def rank(self) -> NDArray[np.float64]:
        return np.where(np.isin(self.order, self.chosen), 0.0, np.nan)

    @cached_property
    def width(self) -> int:
        return 1


@dataclass(frozen=True, eq=False)
class Names(Words):
    """What few rows are called; shown in full."""

    @cached_property
    def width(self) -> int:
        return max((len(text) for text in self.table), default=1)


def config_table(
    record: GraphRecord, predicted: Mapping[str, Ranks], chosen: list[int], op: int | None = None
) -> Table:
    """Every configuration, the fastest first; those that were not measured last.

    Args:
        record: The graph.
        predicted: Ranks by what models have said (:mod:`tpugraph_db.explore.predictions`).
        chosen: What :class:`Marks` shows.
        op: A configurable one: its layout in each.
    """
    configs = record.configurations
    order = _order(record, predicted)
    runtimes = np.where(configs.measured, configs.runtime_ns, np.nan)[order]
    columns: list[Column] = [
        Marks("ij", order, chosen),
        Numbers("config", order, lambda value: str(int(value))),
        Numbers("rank", _known(configs.rank)[order]),
        Numbers("slowdown", configs.slowdown[order], lambda value: f"{value:.4g}"),
        Numbers("over", configs.slowdown[order] - 1, percent, bar=True),
        _names(record, order),
        *(Numbers(name, ranks[order]) for name, ranks in predicted.items()),
        *_layout(record, order, op),
        Numbers("runtime_ns", runtimes, lambda value: f"{value:,.0f}"),
    ]
    if configs.repeat_runtime_ns is not None:
        again = np.where(configs.repeat_runtime_ns > 0, configs.repeat_runtime_ns, np.nan)
        columns.append(Numbers("again_ns", again[order], lambda value: f"{value:,.0f}"))
    columns += _choices(record, order)
    return Table(tuple(columns), len(order))


def named_configs(record: GraphRecord) -> dict[str, int]:
    """Numbers of the best, median, worst and, where the source says it, the default configuration."""
    if not len(record.configurations.order):
        return {}
    found = {}
    for name in NAMES:
        try:
            found[name] = find_config(record, name)
        except NotFoundError:  # the default, where the source does not say it
            continue
    return found


def place_note(record: GraphRecord, chosen: Sequence[int]) -> str:
    """Where those that are chosen stand: ``I 1122: 3 of 1,965 are faster, 1.016 times the best``."""
    configs, said = record.configurations, []
    for letter, config in zip("IJ", chosen, strict=False):
        if not configs.measured[config]:
            said.append(f"{letter} {config} was not measured")
            continue
        faster = int((configs.value[configs.order] < configs.value[config]).sum())
        slowdown = f"{configs.slowdown[config]:.4g} times the best"
        said.append(f"{letter} {config}: {faster:,} of {len(configs.order):,} are faster, {slowdown}")
    return "; ".join(said)


def configs_note(record: GraphRecord, predicted: Mapping[str, Ranks]) -> str:
    """How many there are, how far apart; how well predictions fit; where there are none, what to do."""
    configs = record.configurations
    if not len(configs):
        return "no configurations: tpudb collect measures a JAX program under many; TpuGraphs' npz files bring theirs"
    measured = int(configs.measured.sum())
    if not measured:
        hidden = f"none of {len(configs):,} configurations is measured, so there is nothing to compare"
        return hidden if predicted else f"{hidden}; of a graph that is loaded tpudb predict --write ranks them"
    worst = float(configs.slowdown[configs.order[-1]])
    best = f"best {configs.order[0]}, {configs.runtime_ns[configs.order[0]]:,} ns"
    said = [f"{measured:,} of {len(configs):,} configurations measured: {best}, worst {worst:.4g} times that"]
    said += [agreement(configs, model, ranks) for model, ranks in predicted.items()]
    return "; ".join(said)


def pair_of(record: GraphRecord, chosen: Sequence[int], current: int) -> tuple[int, int]:
    """The two that ``why`` is asked about: the two chosen; the current one and the one that is; else the base."""
    if len(chosen) == 2:
        return chosen[0], chosen[1]
    return current, chosen[0] if chosen else base_of(record)[0]


def _order(record: GraphRecord, predicted: Mapping[str, Ranks]) -> NDArray[np.int64]:
    """(c,) int64: measured ones by what ranks, then the others, by the first model that says something, by number."""
    configs = record.configurations
    rest = np.flatnonzero(~configs.measured)
    if predicted:
        rest = rest[np.argsort(next(iter(predicted.values()))[rest], kind="stable")]
    return np.concatenate([configs.order, rest])


def _known(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(ranks >= 0, ranks, np.nan)


def _names(record: GraphRecord, order: NDArray[np.int64]) -> Names:
    names: dict[int, str] = {}
    for name, config in named_configs(record).items():
        names[config] = f"{names[config]}, {name}" if config in names else name
    table = list(names.values())
    codes = np.full(len(record.configurations), -1, np.int64)
    codes[list(names)] = np.arange(len(table))
    return Names("is", table, codes[order])


def _layout(record: GraphRecord, order: NDArray[np.int64], op: int | None) -> list[Column]:
    """The layout of one op in each, where configurations choose it."""
    configs = record.configurations
    if op is None or not isinstance(configs, LayoutConfigurations) or op not in configs.op_ids:
        return []
    slot = int(np.flatnonzero(configs.op_ids == op)[0])
    texts = [layout_text(row) for row in configs.choices(slot).tolist()]
    return [Words.coded(f"op {op}", texts, configs.codes[order, slot].astype(np.int64))]


def _choices(record: GraphRecord, order: NDArray[np.int64]) -> list[Column]:
    """How many ops are set otherwise than in what others are compared with; of tiles their bounds."""
    configs = record.configurations
    if isinstance(configs, LayoutConfigurations) and len(configs.order) and len(configs.op_ids):
        base, _ = base_of(record)
        return [Numbers("differs", (configs.codes != configs.codes[base]).sum(axis=1)[order])]
    if isinstance(configs, TileConfigurations):
        features = configs.features.astype(np.int64)
        return [_bounds(name, features[:, where], order) for name, where in _BOUNDS.items()]
    return []


def _bounds(name: str, bounds: NDArray[Any], order: NDArray[np.int64]) -> Words:
    rows, codes = np.unique(bounds, axis=0, return_inverse=True)
    texts = [",".join(str(size) for size in row if size) or None for row in rows.tolist()]
    return Words.coded(name, texts, codes.reshape(-1)[order])
