"""Record -> nodes and edges: the one place where a file becomes node properties (named in :mod:`schema`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import program_rows, schema, shapes, structure
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
    computations: Columns = field(default_factory=lambda: {name: [] for name in schema.COMPUTATION.property_names()})
    """Computation nodes in index order; none where the record has no program."""
    calls: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))
    """(k, 2) int64: (op that calls, number of the computation that it calls), the way CALLS runs."""
    call_kinds: list[str] = field(default_factory=list)
    """(k,) the property ``kind`` of CALLS."""

    @property
    def id(self) -> str:
        """The graph's id."""
        return str(self.graph["id"])

    @property
    def inside(self) -> NDArray[np.int64]:
        """(n, 2) int64: (op, number of its computation), the way IN runs; none where there are no computations."""
        sizes = np.array(self.computations["ops"], np.int64)
        return np.column_stack([np.arange(sizes.sum()), np.repeat(np.arange(len(sizes)), sizes)])

    @property
    def elements(self) -> int:
        """Nodes and edges, for rates and batches."""
        ops, configs, computations = (len(part["uid"]) for part in (self.ops, self.configs, self.computations))
        inside = ops if computations else 0
        return 1 + ops + len(self.feeds) + len(self.called_by) + 2 * configs + computations + inside + len(self.calls)


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
        configs=config_columns(record, chosen),
        **_computations(record),
    )


def choose_configs(configs: Configurations, limit: int | None) -> NDArray[np.int64]:
    """(k,) int64: which configurations become nodes, in file order.

    The best, the worst, and an even spread over the ranks between; where no runtime is known, over the numbers. Where
    the compiler's own choice is known, it (the best of several) takes the place of the nearest one between.
    """
    pool = configs.order if len(configs.order) else np.arange(len(configs))
    if limit is None:
        return np.arange(len(configs))
    if limit >= len(pool):
        return np.sort(pool)
    places = np.linspace(0, len(pool) - 1, limit).round().astype(np.int64)
    defaults = np.flatnonzero(configs.is_default[pool]) if configs.is_default is not None else places
    if len(defaults) and defaults[0] not in places and limit > 2:
        places[1 + np.abs(places[1:-1] - defaults[0]).argmin()] = defaults[0]
    return np.sort(pool[places])


def now() -> str:
    """UTC, ISO 8601, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _graph(record: GraphRecord, payload: str, edges: int) -> dict[str, Any]:
    configs = record.configurations
    runtimes = dict(zip(("best_ns", "median_ns", "worst_ns"), configs.best_median_worst or (), strict=False))
    program = record.program
    known = {
        "failed_runs": record.failed_runs,
        "repeat_tau": configs.repeat_tau,
        "module": program.module if program is not None else None,
        "stage": program.stage if program is not None else None,
    }
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
        "measured": len(configs.order),
        **runtimes,
        **{name: value for name, value in known.items() if value not in (None, "")},
        "computations": int(record.computation.max()) + 1,
        "loaded_at": now(),
    }


def _ops(record: GraphRecord, feeds: NDArray[np.int64]) -> Columns:
    ops = len(record)
    slot: list[int | None] = [None] * ops
    choices: list[list[str] | None] = [None] * ops
    for at, op in enumerate(record.configurable_ops.tolist()):
        slot[op], choices[op] = at, _choices(record.configurations, at)
    return {
        "uid": [f"{record.id}#{i}" for i in range(ops)],
        "graph": [record.id] * ops,
        "index": list(range(ops)),
        "opcode": [name or None for name in record.opcodes.tolist()],
        **(_shapes(record) if record.program is None else program_rows.op_columns(record.program)),
        "is_root": record.is_root.tolist(),
        "computation": record.computation.tolist(),
        "is_configurable": [at is not None for at in slot],
        "slot": slot,
        "choices": choices,
        "fan_in": np.bincount(feeds[:, 1], minlength=ops).tolist(),
        "fan_out": np.bincount(feeds[:, 0], minlength=ops).tolist(),
        "depth": structure.depths(ops, feeds[:, ::-1]).tolist(),
        **({} if record.measured_ns is None else {"measured_ns": [ns or None for ns in record.measured_ns.tolist()]}),
    }


def _shapes(record: GraphRecord) -> Columns:
    outputs = shapes.describe(record.features)
    return {
        "shape": [s.text for s in outputs],
        "dtype": [s.dtype for s in outputs],
        "dims": [None if s.dims is None else list(s.dims) for s in outputs],
        "elements": [s.elements for s in outputs],
        "bytes": [s.bytes for s in outputs],
        "layout": [s.layout_text for s in outputs],
    }


def _computations(record: GraphRecord) -> dict[str, Any]:
    if record.program is None:
        return {}
    calls, kinds = program_rows.calls(record.program)
    columns = program_rows.computation_columns(record.program, record.id)
    return {"computations": columns, "calls": calls, "call_kinds": kinds}


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


def config_columns(record: GraphRecord, chosen: NDArray[np.int64]) -> Columns:
    """The Config nodes of some configurations, by number."""
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
        **_where_the_source_says(configs, chosen),
        **_choice_columns(configs, chosen, known),
    }


def _where_the_source_says(configs: Configurations, chosen: NDArray[np.int64]) -> Columns:
    columns: Columns = {}
    if configs.repeat_runtime_ns is not None:
        columns["repeat_runtime_ns"] = [runtime or None for runtime in configs.repeat_runtime_ns[chosen].tolist()]
    if configs.is_default is not None:
        columns["is_default"] = configs.is_default[chosen].tolist()
    return columns


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
