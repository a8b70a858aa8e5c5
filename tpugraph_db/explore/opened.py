"""A graph that is being explored: what is known of it, each thing made once, whichever view asks first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.analytics.blocks import Block, block_of, blocks
from tpugraph_db.analytics.critical_path import critical
from tpugraph_db.analytics.figures import KINDS, Figure, figures
from tpugraph_db.analytics.machines import find_machine
from tpugraph_db.analytics.op_texts import OpTexts
from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.figured import default_figure, figure_of
from tpugraph_db.hlo import shape
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Store

Made = TypeVar("Made")


class Opened:
    """Its methods may be called from any thread, and take long the first time."""

    def __init__(
        self, name: str, record: GraphRecord, store: Store | None = None, *, machine: str | Path | None = None
    ) -> None:
        self.name = name
        """What a command line calls it: an id, or a file's path."""
        self.record = record
        self.store = store
        """None for a file."""
        self.machine = machine
        self.texts = OpTexts(record)
        self._made: dict[Any, Any] = {}
        self._locks: dict[Any, threading.Lock] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.record)

    def once(self, key: Any, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, made when it is first asked for by this key; an error is not kept."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._made:
                self._made[key] = make()
            return cast(Made, self._made[key])

    def has(self, key: Any) -> bool:
        """Whether it was made."""
        return key in self._made

    def figure(self, by: str) -> Figure:
        """A figure of every op; raises as :func:`tpugraph_db.figured.figure_of`."""
        if by in self.counted_names:
            return self.counted()[by]
        return self.once(("figure", by), lambda: figure_of(self.record, by, machine=self.machine, store=self.store))

    def has_figure(self, by: str) -> bool:
        """Whether it is there already."""
        return self.has("counted" if by in self.counted_names else ("figure", by))

    def counted(self) -> dict[str, Figure]:
        """The figures that are counted on the graph, all at once: costs are the work, and they share them."""
        machine = find_machine(self.machine) if self.machine is not None else None
        return self.once("counted", lambda: figures(self.record, self.counted_names, machine))

    @cached_property
    def counted_names(self) -> list[str]:
        """Of :meth:`counted`."""
        names = ["cost", "flops", "bytes", "bytes_accessed", "fanout"]
        return [*names, "modelled"] if self.machine is not None else names

    def shares_written(self) -> list[str]:
        """The figures that models have written onto the ops, as ``gcn_share``; none of a file."""
        return self.once("shares_written", self._shares_written)

    def _shares_written(self) -> list[str]:
        if self.store is None:
            return []
        found = self.store.query("MATCH (o:Op {uid: $uid}) RETURN o", {"uid": f"{self.record.id}#0"}).rows
        return sorted(name for name in found[0][0].properties if name.endswith("_share")) if found else []

    def order(self, by: str) -> NDArray[np.int64]:
        """(k,) int64: the ops that a figure is known of, the most first, ties by index."""
        return self.once(("order", by), lambda: _largest(self.figure(by).values))

    def slack(self, by: str) -> NDArray[np.float64] | None:
        """(n,) float64: how much dearer each op may get; None where the figure is no sum."""
        return self.once(("slack", by), lambda: self._slack(by))

    def _slack(self, by: str) -> NDArray[np.float64] | None:
        totals = self.figure(by).totals
        return None if totals is None else critical(self.record, np.nan_to_num(totals)).slack

    def blocks(self) -> list[Block]:
        """The repeated blocks."""
        return self.once("blocks", lambda: blocks(self.record))

    def block_of(self) -> NDArray[np.int64]:
        """(n,) int64: number of each op's block, -1 where it is in none."""
        return self.once("block_of", lambda: block_of(self.record, self.blocks()))

    def producers(self, op: int) -> list[int]:
        """What FEEDS an op, calls among it, ascending."""
        return self.record.producers[op]

    def consumers(self, op: int) -> list[int]:
        """What an op FEEDS, its callers among it, ascending."""
        return self.record.consumers[op]

    def sort_edges(self) -> None:
        """Make what :meth:`producers` and :meth:`consumers` look into."""
        _ = self.record.producers, self.record.consumers

    def is_call(self, consumer: int, producer: int) -> bool:
        """Whether the edge joins a caller to what it calls."""
        return bool(self.record.computation[consumer] != self.record.computation[producer])

    @cached_property
    def default_figure(self) -> str:
        """What ops are ordered by unless something else is asked for."""
        return default_figure(self.record)

    @cached_property
    def figure_names(self) -> list[str]:
        """The figures that this graph has, without those that models have written."""
        record, absent = self.record, set()
        if record.measured_ns is None:
            absent |= {"measured", "headroom"}
        if self.machine is None:
            absent |= {"modelled", "headroom"}
        configs = record.configurations
        if not isinstance(configs, LayoutConfigurations) or not len(configs.order):
            absent.add("sensitivity")
        return [name for name in KINDS if name not in absent]

    @cached_property
    def shapes(self) -> tuple[list[str | None], NDArray[np.int64]]:
        """A table of shapes as HLO prints them, and (n,) int64 the place of each op's in it."""
        if self.record.program is not None:
            coded = self.record.program.shapes
            return [shape.parse(text).plain for text in coded.table.tolist()], coded.codes.astype(np.int64)
        texts = [each.text for each in shapes.describe(self.record.features)]
        places = {text: at for at, text in enumerate(dict.fromkeys(texts))}
        return list(places), np.fromiter(map(places.__getitem__, texts), np.int64, len(texts))


def _largest(values: NDArray[np.float64]) -> NDArray[np.int64]:
    known = np.flatnonzero(~np.isnan(values))
    return known[np.argsort(-values[known], kind="stable")]
