"""Made-up records for hypothesis: any shape, any bits, whatever a file could hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tpugraph_db.configurations import LayoutConfigurations, TileConfigurations
from tpugraph_db.formats.codebook import CodebookBuilder
from tpugraph_db.opcodes import OPCODES
from tpugraph_db.packed import Coded, Lists, Strings
from tpugraph_db.program import Program
from tpugraph_db.record import GraphRecord

WORDS = st.text(max_size=8)
NAMES = st.text("abcXYZ019.-_", min_size=1, max_size=12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)
CHOICES = st.sampled_from([-1.0, -0.0, 0.0, 1.0, 5.0])
RUNTIMES = st.integers(0, 2**62)
WIDTHS = {
    "node_feat": (">f4",),
    "node_opcode": ("<i4", ">i8"),
    "edge_index": ("<i4", ">i8"),
    "node_config_feat": (">f4",),
    "node_config_ids": ("<i4",),
    "node_splits": ("<i4",),
    "config_feat": (">f4",),
    "config_runtime_normalizers": (">i8",),
}
"""Other dtypes that a file may hold and that lose nothing of what is made up here."""


@st.composite
def edge_lists(draw: st.DrawFn, ops: int) -> np.ndarray:
    """(consumer, producer), without a circle, in any order, repeated or not."""
    if ops < 2:
        return np.empty((0, 2), np.int64)
    consumers = draw(st.lists(st.integers(1, ops - 1), max_size=12))
    pairs = [(consumer, draw(st.integers(0, consumer - 1))) for consumer in consumers]
    return np.array(pairs, np.int64).reshape(-1, 2)


@st.composite
def costed_edges(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """A cost for each of up to nine ops, and edges without a circle, whose ops stand in any order."""
    costs = draw(st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=9))
    order = np.array(draw(st.permutations(range(len(costs)))))
    return np.array(costs), order[draw(edge_lists(len(costs)))]


@st.composite
def layout_configurations(draw: st.DrawFn, ops: int) -> LayoutConfigurations:
    """Up to six configurations of up to three ops, rows of few distinct numbers so that they repeat."""
    op_ids = draw(st.lists(st.integers(0, ops - 1), unique=True, max_size=3))
    runtimes = draw(st.lists(RUNTIMES, max_size=6))
    dense = draw(arrays(np.float32, (len(runtimes), len(op_ids), 18), elements=CHOICES))
    builder = CodebookBuilder(len(op_ids))
    builder.add(dense)
    codebook, offsets, codes = builder.finish()
    return LayoutConfigurations(
        runtime_ns=np.array(runtimes, np.int64),
        op_ids=np.array(op_ids, np.int64),
        codebook=codebook,
        offsets=offsets,
        codes=codes,
    )


@st.composite
def tile_configurations(draw: st.DrawFn) -> TileConfigurations:
    """Up to six configurations."""
    runtimes = draw(st.lists(RUNTIMES, max_size=6))
    return TileConfigurations(
        runtime_ns=np.array(runtimes, np.int64),
        features=draw(arrays(np.float32, (len(runtimes), 24), elements=st.integers(0, 1024).map(float))),
        normalizer_ns=np.array([draw(st.integers(1, 2**62)) for _ in runtimes], np.int64),
    )


@st.composite
def records(draw: st.DrawFn) -> GraphRecord:
    """Layout and tile graphs of one to eight ops, in every width that a file may hold."""
    ops = draw(st.integers(1, 8))
    kind = draw(st.sampled_from(["layout", "tile"]))
    configurations = draw(layout_configurations(ops) if kind == "layout" else tile_configurations())
    features = draw(arrays(np.float32, (ops, 140), elements=FLOATS))
    features[:, 0] = draw(arrays(np.float32, ops, elements=st.sampled_from([0.0, 1.0])))
    cuts = draw(st.none() | st.sets(st.integers(1, ops - 1), max_size=3) if ops > 1 else st.none())
    return GraphRecord(
        collection=f"{kind}:{draw(NAMES)}",
        split=draw(st.sampled_from(["train", "valid", "test", "none"])),
        name=draw(NAMES),
        sha256="0" * 64,
        opcode_numbers=draw(arrays(np.uint8, ops, elements=st.integers(0, len(OPCODES) - 1))),
        features=features,
        edges=draw(edge_lists(ops)),
        splits=None if cuts is None else np.array([0, *sorted(cuts), ops], np.int64),
        configurations=configurations,
        source_dtypes=draw(_source_dtypes(kind, cuts is not None)),
    )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Up to three computations of up to four ops; a later one may call an earlier one."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    ops, last = int(starts[-1]), len(sizes) - 1
    firsts = np.repeat(starts[:-1], sizes).tolist()
    before = [
        st.lists(st.integers(first, op - 1), max_size=3) if op > first else st.just([])
        for op, first in enumerate(firsts)
    ]
    calls = [(draw(st.integers(int(starts[last]), ops - 1)), draw(st.integers(0, last - 1))) for _ in range(last)]

    def texts(choices: st.SearchStrategy[str], count: int) -> Coded:
        return Coded.of(draw(st.lists(choices, min_size=count, max_size=count)))

    return Program(
        module=draw(WORDS),
        module_attributes=draw(WORDS),
        stage=draw(st.sampled_from(["", "before_optimizations"])),
        names=Strings.of(f"{draw(NAMES)}.{index}" for index in range(ops)),
        opcodes=texts(st.sampled_from(["add", "fusion", "newer"]), ops),
        shapes=texts(st.sampled_from(["f32[]", "f32[2,3]{0,1}", "(s32[], (pred[4]{0}, token[]))", "s8[<=5]{0}"]), ops),
        operands=Lists.of([draw(choices) for choices in before]),
        control_predecessors=Lists.of([draw(choices) for choices in before]),
        attributes=texts(WORDS, ops),
        op_name=texts(WORDS, ops),
        source_file=texts(WORDS, ops),
        source_line=draw(arrays(np.int64, ops, elements=st.integers(0, 2**31))),
        computation_names=Strings.of(f"{draw(NAMES)}.{index}" for index in range(last + 1)),
        computation_starts=starts,
        computation_roots=starts[1:] - 1,
        entry=last,
        calls=np.array(calls, np.int64).reshape(-1, 2),
        call_kinds=texts(st.sampled_from(["calls", "to_apply"]), last),
    )


@st.composite
def lowered_records(draw: st.DrawFn) -> GraphRecord:
    """Layout graphs with a program, their edges those of the program."""
    program = draw(programs())
    ops = len(program)
    operands = np.column_stack([program.operands.rows(), program.operands.values])
    callees = np.column_stack([program.calls[:, 0], program.computation_roots[program.calls[:, 1]]])
    configurations = draw(layout_configurations(ops))
    runs = len(configurations)
    extra = {"repeat_runtime_ns": (np.int64, RUNTIMES), "is_default": (np.bool_, st.booleans())}
    known = {name: draw(st.none() | arrays(dtype, runs, elements=of)) for name, (dtype, of) in extra.items()}
    features = np.zeros((ops, 140), np.float32)
    features[program.computation_roots, 0] = 1
    return GraphRecord(
        collection=f"hlo:{draw(NAMES)}",
        split="none",
        name=draw(NAMES),
        sha256="0" * 64,
        opcode_numbers=np.zeros(ops, np.uint8),
        features=features,
        edges=np.unique(np.concatenate([operands, callees]), axis=0).astype(np.int64),
        splits=None,
        configurations=replace(configurations, **known),
        program=program,
        failed_runs=draw(st.none() | st.integers(0, 9)),
    )


@st.composite
def _source_dtypes(draw: st.DrawFn, kind: str, splits: bool) -> dict[str, Any]:
    own = ("node_config_feat", "node_config_ids") if kind == "layout" else ("config_feat", "config_runtime_normalizers")
    keys = ["node_feat", "node_opcode", "edge_index", *own, *(["node_splits"] if splits else [])]
    return {key: draw(st.sampled_from(WIDTHS[key])) for key in draw(st.sets(st.sampled_from(keys)))}
