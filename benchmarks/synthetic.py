"""Made-up graphs in TpuGraphs form: seeded, shaped like HLO (1.64 edges an op), readable like the real files.

``python -m benchmarks.synthetic FOLDER`` writes them as layout files, for rows that begin at files.
Their runtimes follow a rule (some layouts slow some ops), so that there is something to find.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns
from tpugraph_db.configurations import LayoutConfigurations, TileConfigurations
from tpugraph_db.formats import npz
from tpugraph_db.formats.codebook import CodebookBuilder
from tpugraph_db.opcodes import NUMBERS
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import GraphRows, graph_rows

EDGES_AN_OP = 1.64
_BODY = ("convolution", "dot", "reshape", "add", "multiply", "maximum", "broadcast", "transpose", "reduce", "copy")
_CONFIGURABLE = ("convolution", "dot", "reshape")
_WIDTHS = (8, 16, 64, 128, 256)


def make(name: str, ops: int, configs: int, seed: int, split: str = "train") -> GraphRecord:
    """One made-up layout graph of ``ops`` ops (at least 4) and ``configs`` configurations."""
    random = np.random.default_rng(seed)
    parameters = max(1, ops // 10)
    opcodes = np.concatenate([["parameter"] * parameters, random.choice(_BODY, ops - parameters)])
    return GraphRecord(
        collection="layout:synthetic:random",
        split=split,
        name=name,
        sha256=f"{seed:064x}",
        opcode_numbers=np.array([NUMBERS[opcode] for opcode in opcodes], np.uint8),
        features=_features(random, opcodes),
        edges=_edges(random, ops, parameters),
        splits=np.array([0, ops]),
        configurations=layouts(random, np.flatnonzero(np.isin(opcodes, _CONFIGURABLE)), configs),
    )


def calling(record: GraphRecord, size: int = 250) -> GraphRecord:
    """The same ops as computations of ``size``, which call one another: an edge between two is a call, or moves."""
    consumer, producer = record.edges.T
    start = consumer - consumer % size
    crosses = producer < start
    calls = crosses & ((consumer % 8 == 0) | (consumer == start))
    inside = start + producer % np.maximum(consumer - start, 1)
    producer = np.where(calls, producer - producer % size + size - 1, np.where(crosses, inside, producer))
    features = record.features.copy()
    features[size - 1 :: size, columns.IS_ROOT] = 1
    return record.replace(features=features, edges=np.unique(np.column_stack([consumer, producer]), axis=0))


def beside(record: GraphRecord, *others: GraphRecord) -> GraphRecord:
    """The ops of other graphs after its own, with no edge between."""
    every = (record, *others)
    starts = np.cumsum([0, *map(len, every)])
    return record.replace(
        opcode_numbers=np.concatenate([one.opcode_numbers for one in every]),
        features=np.concatenate([one.features for one in every]),
        edges=np.concatenate([one.edges + start for one, start in zip(every, starts, strict=False)]),
        splits=np.array([0, starts[-1]]),
    )


def tile(name: str, ops: int, configs: int, seed: int) -> GraphRecord:
    """One made-up tile graph: a fused kernel, and tile sizes with their runtimes."""
    random = np.random.default_rng(seed)
    bounds = np.zeros((configs, 24), np.float32)
    bounds[:, 8:10] = random.integers(1, 129, (configs, 2))
    tiles = TileConfigurations(
        runtime_ns=random.integers(1_000, 9_000, configs),
        features=bounds,
        normalizer_ns=np.full(configs, 1_000),
    )
    kernel = make(name, ops, 1, seed)
    return kernel.replace(collection="tile:synthetic", splits=None, configurations=tiles)


def many(graphs: int, ops: int) -> Iterator[GraphRows]:
    """Rows of many graphs of ``ops`` ops altogether: at most ten that differ, again and again under other names."""
    kinds = [make(f"kind{i}", ops // graphs, 10, seed=i) for i in range(min(graphs, 10))]
    yield from repeated(kinds, graphs, configs=0)


def repeated(kinds: list[GraphRecord], graphs: int, configs: int) -> Iterator[GraphRows]:
    """Rows of the same graphs again and again, each time under another name: ``.../g0`` and so on."""
    rows = [graph_rows(kind, "", configs) for kind in kinds]
    for number in range(graphs):
        yield _renamed(rows[number % len(rows)], named(number))


def named(number: int) -> str:
    """Id of one of them."""
    return f"layout:synthetic:random/train/g{number}"


def batches(graphs: Iterable[GraphRows], elements: int) -> Iterator[list[GraphRows]]:
    """Graphs that make up so many nodes and edges together."""
    waiting: list[GraphRows] = []
    size = 0
    for graph in graphs:
        waiting.append(graph)
        size += graph.elements
        if size >= elements:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def _renamed(rows: GraphRows, name: str) -> GraphRows:
    ops, configs = len(rows.ops["uid"]), len(rows.configs["uid"])
    return replace(
        rows,
        graph=rows.graph | {"id": name, "name": name.rsplit("/", 1)[-1]},
        ops=rows.ops | {"uid": [f"{name}#{i}" for i in range(ops)], "graph": [name] * ops},
        configs=rows.configs | {"uid": [f"{name}/config/{i}" for i in range(configs)], "graph": [name] * configs},
    )


def _features(random: np.random.Generator, opcodes: NDArray[np.str_]) -> NDArray[np.float32]:
    ops = len(opcodes)
    features = np.zeros((ops, 140), np.float32)
    dims = random.choice(_WIDTHS, (ops, 3))
    features[:, columns.DTYPE.start + columns.DTYPES.index("bf16")] = 1
    features[:, columns.DIMENSIONS.start : columns.DIMENSIONS.start + 3] = dims
    features[:, columns.DIMENSIONS_SUM] = dims.sum(axis=1)
    features[:, columns.DIMENSIONS_PRODUCT] = dims.prod(axis=1)
    layouts = np.array([[2, 1, 0], [1, 2, 0], [0, 1, 2]])[random.integers(3, size=ops)]
    features[:, columns.MINOR_TO_MAJOR.start : columns.MINOR_TO_MAJOR.start + 3] = layouts
    features[-1, columns.IS_ROOT] = 1
    return features


def _edges(random: np.random.Generator, ops: int, parameters: int) -> NDArray[np.int64]:
    """(consumer, producer): every op after the parameters has one producer just before it, most a second one."""
    consumers = np.arange(parameters, ops)
    second = random.random(len(consumers)) < EDGES_AN_OP * ops / len(consumers) - 1
    near = consumers - 1 - random.integers(0, np.minimum(consumers, 4))
    far = random.integers(0, consumers)
    edges = np.concatenate([np.column_stack([consumers, near]), np.column_stack([consumers, far])[second]])
    return np.unique(edges, axis=0)


def layouts(random: np.random.Generator, op_ids: NDArray[np.int64], configs: int) -> LayoutConfigurations:
    """Four choices for each of some ops, drawn at random; a few of them are slow."""
    slots = len(op_ids)
    choices = np.full((4, 18), -1, np.float32)
    choices[1:, :3] = [[2, 1, 0], [1, 2, 0], [0, 1, 2]]
    codes = random.integers(0, 4, (configs, slots))
    builder = CodebookBuilder(slots)
    builder.add(choices[codes])
    codebook, offsets, stored = builder.finish()
    harm = random.exponential(1.0, (slots, 4)) * (random.random((slots, 1)) < 0.2)
    slow = 1 + harm[np.arange(slots), codes].sum(axis=1) / max(1, slots)
    runtime_ns = (1e6 * slow * random.normal(1, 0.002, configs)).astype(np.int64)
    return LayoutConfigurations(runtime_ns=runtime_ns, op_ids=op_ids, codebook=codebook, offsets=offsets, codes=stored)


def main() -> None:
    """Write a few graphs below a folder, where their collection and split would be found again."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--graphs", type=int, default=3)
    parser.add_argument("--ops", type=int, default=400)
    parser.add_argument("--configs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    for number in range(asked.graphs):
        record = make(f"made_up_{number}", asked.ops, asked.configs, asked.seed + number)
        path = asked.folder / "npz" / "layout" / "synthetic" / "random" / record.split / f"{record.name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        npz.write(record, path)


if __name__ == "__main__":
    main()
