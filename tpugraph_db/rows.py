"""Record -> nodes and edges: the one place where a file becomes node properties (named in :mod:`schema`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes, structure
from tpugraph_db.configurations import Configurations, LayoutConfigurations, TileConfigurations
from tpugraph_db.record import GraphRecord

Columns = dict[str, list[Any]]
"""A list for each property, None where a node lacks it."""

DEFAULT_CONFIGS = 100


@dataclass(frozen=True)
class GraphRows:
    """A graph as a store takes it."""

    graph: dict[str, Any]
    """Properties of the Graph node."""
    ops: Columns
    """Op nodes in index order."""
    feeds: NDArray[np.int64]
    """(m, 2) int64: (producer, consumer), the way FEEDS runs; each pair once."""
    called_by: NDArray[np.int64]
    """(k, 2) int64: (root of the called computation, caller), the way CALLED_BY runs; each pair once."""
    configs: Columns
    """Config nodes."""

    @property
    def id(self) -> str:
        """The graph's id."""
        return str(self.graph["id"])

    @property
    def elements(self) -> int:
        """Nodes and edges, for rates and batches."""
        configs = len(self.configs["uid"])
        return 1 + len(self.ops["uid"]) + len(self.feeds) + len(self.called_by) + 2 * configs


def graph_rows(record: GraphRecord, payload: str, configs: int | None = DEFAULT_CONFIGS) -> GraphRows:
    """Everything a store keeps of ``record``; ``configs`` bounds the Config nodes (None: all)."""
    feeds = np.unique(record.edges[~record.is_call][:, ::-1], axis=0)
    called_by = np.unique(record.edges[record.is_call][:, ::-1], axis=0)
    chosen = choose_configs(record.configurations, configs)
    return GraphRows(
        graph=_graph(record, payload, len(feeds) + len(called_by)),
        ops=_ops(record, feeds),
        feeds=feeds,
        called_by=called_by,
        configs=_configs(record, chosen),
    )


def choose_configs(configs: Configurations, limit: int | None) -> NDArray[np.int64]:
    """(k,) int64: which configurations become nodes, in file order.

    The best, the worst, and an even spread over the ranks between; where no runtime is known, over the numbers.
    """
    pool = configs.order if len(configs.order) else np.arange(len(configs))
    if limit is None:
        return np.arange(len(configs))
    if limit >= len(pool):
        return np.sort(pool)
    places = np.linspace(0, len(pool) - 1, limit).round().astype(np.int64)
    return np.sort(pool[places])


def now() -> str:
    """UTC, ISO 8601, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _graph(record: GraphRecord, payload: str, edges: int) -> dict[str, Any]:
    configs = record.configurations
    order = configs.order
    places = {"best_ns": 0, "median_ns": (len(order) - 1) // 2, "worst_ns": -1}
    runtimes = {name: int(configs.runtime_ns[order[at]]) for name, at in places.items()} if len(order) else {}
    return {
        "id": record.id,
        "name": record.name,
        "collection": record.collection,
        "split": record.split,
        "sha256": record.sha256,
        "payload": payload,
        "ops": len(record),
        "edges": edges,
        "configurable_ops": len(record.configurable_ops),
        "configs": len(configs),
        "distinct_configs": configs.distinct,
        "measured": len(order),
        **runtimes,
        "loaded_at": now(),
    }


def _ops(record: GraphRecord, feeds: NDArray[np.int64]) -> Columns:
    ops = len(record)
    outputs = shapes.describe(record.features)
    slot: list[int | None] = [None] * ops
    choices: list[list[str] | None] = [None] * ops
    for at, op in enumerate(record.configurable_ops.tolist()):
        slot[op], choices[op] = at, _choices(record.configurations, at)
    return {
        "uid": [f"{record.id}#{i}" for i in range(ops)],
        "graph": [record.id] * ops,
        "index": list(range(ops)),
        "opcode": [name or None for name in record.opcodes.tolist()],
        "shape": [s.text for s in outputs],
        "dtype": [s.dtype for s in outputs],
        "dims": [None if s.dims is None else list(s.dims) for s in outputs],
        "elements": [s.elements for s in outputs],
        "bytes": [s.bytes for s in outputs],
        "layout": [s.layout_text for s in outputs],
        "is_root": record.is_root.tolist(),
        "computation": record.computation.tolist(),
        "is_configurable": [at is not None for at in slot],
        "slot": slot,
        "choices": choices,
        "fan_in": np.bincount(feeds[:, 1], minlength=ops).tolist(),
        "fan_out": np.bincount(feeds[:, 0], minlength=ops).tolist(),
        "depth": structure.depths(ops, feeds[:, ::-1]).tolist(),
    }


def _choices(configs: Configurations, slot: int) -> list[str] | None:
    if not isinstance(configs, LayoutConfigurations):
        return None
    return [layout_text(row) for row in configs.choices(slot).tolist()]


def layout_text(row: Sequence[float]) -> str:
    """A choice as text: output, input and kernel layout, ``-`` where the compiler is free.

    >>> layout_text([1, 0, -1, -1, -1, -1] + [0, 1, -1, -1, -1, -1] + [-1] * 6)
    '{1,0} {0,1} -'
    """
    groups = [[int(d) for d in row[start : start + 6] if d >= 0] for start in (0, 6, 12)]
    return " ".join(f"{{{','.join(map(str, dims))}}}" if dims else "-" for dims in groups)


def _configs(record: GraphRecord, chosen: NDArray[np.int64]) -> Columns:
    configs = record.configurations
    first = configs.same_as
    times = np.bincount(first[configs.measured], minlength=len(configs))
    known = configs.measured[chosen].tolist()
    return {
        "uid": [f"{record.id}/config/{i}" for i in chosen.tolist()],
        "graph": [record.id] * len(chosen),
        "index": chosen.tolist(),
        "same_as": first[chosen].tolist(),
        "times_measured": _where(known, times[first[chosen]].tolist()),
        "runtime_ns": _where(known, configs.runtime_ns[chosen].tolist()),
        "slowdown": _where(known, configs.slowdown[chosen].tolist()),
        "rank": _where(known, configs.rank[chosen].tolist()),
        **_choice_columns(configs, chosen, known),
    }


def _choice_columns(configs: Configurations, chosen: NDArray[np.int64], known: list[bool]) -> Columns:
    if isinstance(configs, LayoutConfigurations):
        return {"codes": configs.codes[chosen].tolist()}
    if isinstance(configs, TileConfigurations):
        bounds = configs.features[chosen].astype(np.int64)
        return {
            "kernel_bounds": bounds[:, 0:6].tolist(),
            "output_bounds": bounds[:, 8:14].tolist(),
            "input_bounds": bounds[:, 16:22].tolist(),
            "normalizer_ns": _where(known, configs.normalizer_ns[chosen].tolist()),
        }
    return {}


def _where(known: list[bool], values: list[Any]) -> list[Any]:
    return [value if is_known else None for is_known, value in zip(known, values, strict=True)]
