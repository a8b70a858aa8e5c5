"""Small literal graphs, made by hand, whose answers anyone can check.

An op is ``(opcode, shape)`` with the shape as HLO prints it, ``f32[8,128]{1,0}``; an edge is (consumer, producer).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from tpugraph_db import columns
from tpugraph_db.configurations import Configurations, LayoutConfigurations, TileConfigurations
from tpugraph_db.formats.codebook import CodebookBuilder
from tpugraph_db.opcodes import NUMBERS
from tpugraph_db.packed import Coded, Lists, Strings
from tpugraph_db.program import Program
from tpugraph_db.record import GraphRecord

_SHAPE = re.compile(r"(?P<dtype>\w+)\[(?P<dims>[\d,]*)\](\{(?P<layout>[\d,]*)\})?")


def make_record(
    name: str,
    ops: Sequence[tuple[str, str]],
    edges: Sequence[tuple[int, int]],
    *,
    roots: Sequence[int] | None = None,
    configurations: Configurations | None = None,
    collection: str = "layout:test:default",
    split: str = "train",
    **changes: Any,
) -> GraphRecord:
    """A record as a reader would make it; the last op is the root unless ``roots`` says otherwise."""
    features = np.zeros((len(ops), 140), np.float32)
    for row, (_, shape) in zip(features, ops, strict=True):
        _set_shape(row, shape)
    features[list(roots if roots is not None else [len(ops) - 1]), columns.IS_ROOT] = 1
    return GraphRecord(
        collection=collection,
        split=split,
        name=name,
        sha256=changes.pop("sha256", f"{name:0<64}"),
        opcode_numbers=np.array([NUMBERS.get(opcode, 0) for opcode, _ in ops], np.uint8),
        features=features,
        edges=np.array(edges, np.int64).reshape(-1, 2),
        splits=changes.pop("splits", np.array([0, len(ops)])),
        configurations=configurations if configurations is not None else layouts([], [], []),
        **changes,
    )


def layouts(
    op_ids: Sequence[int], rows: Sequence[Sequence[Sequence[float]]], runtimes: Sequence[int]
) -> LayoutConfigurations:
    """Layout configurations from dense rows: ``rows[config][slot]`` are up to 18 numbers, the rest -1."""
    dense = np.full((len(runtimes), len(op_ids), 18), -1, np.float32)
    for config, slots in enumerate(rows):
        for slot, row in enumerate(slots):
            dense[config, slot, : len(row)] = row
    builder = CodebookBuilder(len(op_ids))
    builder.add(dense)
    codebook, offsets, codes = builder.finish()
    runtime_ns = np.array(runtimes, np.int64)
    ids = np.array(op_ids, np.int64)
    return LayoutConfigurations(runtime_ns=runtime_ns, op_ids=ids, codebook=codebook, offsets=offsets, codes=codes)


def tiles(
    output_bounds: Sequence[Sequence[float]], runtimes: Sequence[int], normalizers: Sequence[int]
) -> TileConfigurations:
    """Tile configurations that differ in their output bounds."""
    features = np.zeros((len(runtimes), 24), np.float32)
    for row, bounds in zip(features, output_bounds, strict=True):
        row[8 : 8 + len(bounds)] = bounds
        row[14], row[15] = sum(bounds), np.prod(bounds) if bounds else 0
    runtime_ns, normalizer_ns = np.array(runtimes, np.int64), np.array(normalizers, np.int64)
    return TileConfigurations(runtime_ns=runtime_ns, features=features, normalizer_ns=normalizer_ns)


def chain() -> GraphRecord:
    """0 parameter -> 1 negate -> 2 tanh -> 3 copy; the dot-free minimum. No configurations."""
    shape = "f32[8,128]{1,0}"
    ops = [(opcode, shape) for opcode in ("parameter", "negate", "tanh", "copy")]
    return make_record("chain", ops, [(1, 0), (2, 1), (3, 2)])


def diamond() -> GraphRecord:
    """0 parameter feeds 1 convolution and 2 dot, which feed 3 add. 1 and 2 are configurable, four configurations.

    Layout rows by (slot 0, slot 1): A=(p, r), B=(q, r), C=(p, s), and A again. Runtimes 30, 10, 20, 30 ns: ranks
    2, 0, 1, 2; slowdowns 3, 1, 2, 3.
    """
    ops = [
        ("parameter", "f32[4,8]{1,0}"),
        ("convolution", "bf16[4,8,16]{2,1,0}"),
        ("dot", "f32[4,16]{0,1}"),
        ("add", "f32[]"),
    ]
    p, q, r, s = [1, 0], [0, 1], [-1] * 6 + [0, 1], [-1] * 6 + [1, 0]
    configurations = layouts([1, 2], [[p, r], [q, r], [p, s], [p, r]], [30, 10, 20, 30])
    return make_record("diamond", ops, [(1, 0), (2, 0), (3, 1), (3, 2)], configurations=configurations, split="valid")


def two_computations() -> GraphRecord:
    """A called computation (0-3, root 2, op 3 tied to it later) and the entry (4-7, root 7) whose reduce 6 calls it.

    Call edge 2 -> 6. A tile kernel with three configurations, values 10/2, 9/3, 12/4: ranks 1, 0, 0.
    """
    ops = [
        ("parameter", "f32[]"),
        ("parameter", "f32[]"),
        ("add", "f32[]"),
        ("negate", "f32[]"),
        ("parameter", "f32[16]{0}"),
        ("constant", "f32[]"),
        ("reduce", "f32[]"),
        ("tuple", "tuple[]"),
    ]
    edges = [(2, 0), (2, 1), (3, 1), (6, 2), (6, 4), (6, 5), (7, 6)]
    configurations = tiles([[8, 128], [16, 64], [16, 64]], [10, 9, 12], [2, 3, 4])
    return make_record(
        "two", ops, edges, roots=[2, 7], configurations=configurations, collection="tile:test", splits=None
    )


LOWERED_TEXT = """\
HloModule jit_loss, is_scheduled=true

%sum {
  %a = f32[] parameter(0)
  %b = f32[] parameter(1)
  ROOT %add = f32[] add(%a, %b)
}

%fused {
  %p = f32[4,8]{1,0} parameter(0)
  ROOT %square = f32[4,8]{1,0} multiply(%p, %p)
}

ENTRY %main {
  %x = f32[4,8]{1,0} parameter(0)
  %zero = f32[] constant(0)
  %fusion = f32[4,8]{1,0} fusion(%x), kind=kLoop, calls=%fused
  %erf.1 = f32[4,8]{1,0:T(8,128)} erf(%fusion), control-predecessors={%zero}, \
metadata={op_name="jit(loss)/erf" source_file="/home/me/model.py" source_line=12}
  %total = f32[4]{0} reduce(%erf.1, %zero), dimensions={1}, to_apply=%sum, \
metadata={op_name="jit(loss)/reduce_sum" source_file="/home/me/model.py" source_line=13}
  ROOT %result = (f32[4]{0}, f32[4,8]{1,0}) tuple(%total, %erf.1)
}
"""


def lowered() -> GraphRecord:
    """What a reader makes of :data:`LOWERED_TEXT`: ops 0-2, 3-4 and 5-10; ``erf`` is newer than the dataset's table."""
    matrix = "f32[4,8]{1,0}"
    ops = [
        ("a", "parameter", "f32[]", [], "parameter(0)"),
        ("b", "parameter", "f32[]", [], "parameter(1)"),
        ("add", "add", "f32[]", [0, 1], ""),
        ("p", "parameter", matrix, [], "parameter(0)"),
        ("square", "multiply", matrix, [3, 3], ""),
        ("x", "parameter", matrix, [], "parameter(0)"),
        ("zero", "constant", "f32[]", [], "constant(0)"),
        ("fusion", "fusion", matrix, [5], "kind=kLoop, calls=fused"),
        ("erf.1", "erf", "f32[4,8]{1,0:T(8,128)}", [7], ""),
        ("total", "reduce", "f32[4]{0}", [8, 6], "dimensions={1}, to_apply=sum"),
        ("result", "tuple", "(f32[4]{0}, f32[4,8]{1,0})", [9, 8], ""),
    ]
    names, opcodes, shapes, operands, attributes = zip(*ops, strict=True)
    program = Program(
        module="jit_loss",
        module_attributes="is_scheduled=true",
        stage="before_optimizations",
        names=Strings.of(names),
        opcodes=Coded.of(opcodes),
        shapes=Coded.of(shapes),
        operands=Lists.of(operands),
        control_predecessors=Lists.of([[]] * 8 + [[6]] + [[]] * 2),
        attributes=Coded.of(attributes),
        op_name=Coded.of([""] * 8 + ["jit(loss)/erf", "jit(loss)/reduce_sum", ""]),
        source_file=Coded.of([""] * 8 + ["/home/me/model.py", "/home/me/model.py", ""]),
        source_line=np.array([0] * 8 + [12, 13, 0]),
        computation_names=Strings.of(["sum", "fused", "main"]),
        computation_starts=np.array([0, 3, 5, 11]),
        computation_roots=np.array([2, 4, 10]),
        entry=2,
        calls=np.array([[7, 1], [9, 0]]),
        call_kinds=Coded.of(["calls", "to_apply"]),
    )
    plain = ["tuple[]" if shape.startswith("(") else shape.replace(":T(8,128)", "") for shape in shapes]
    arrays = list(zip(opcodes, plain, strict=True))
    edges = [(2, 0), (2, 1), (4, 3), (7, 4), (7, 5), (8, 7), (9, 2), (9, 6), (9, 8), (10, 8), (10, 9)]
    return make_record("lowered", arrays, edges, roots=[2, 4, 10], collection="hlo:test", program=program)


def _set_shape(row: np.ndarray, text: str) -> None:
    match = _SHAPE.fullmatch(text)
    assert match, text
    row[columns.DTYPE.start + columns.DTYPES.index(match["dtype"])] = 1
    dims = [int(d) for d in match["dims"].split(",") if d]
    row[columns.DIMENSIONS.start : columns.DIMENSIONS.start + len(dims)] = dims[:6]
    row[columns.DIMENSIONS_SUM], row[columns.DIMENSIONS_PRODUCT] = sum(dims), np.prod(dims, dtype=np.float64)
    layout = [int(d) for d in (match["layout"] or "").split(",") if d]
    row[columns.MINOR_TO_MAJOR.start : columns.MINOR_TO_MAJOR.start + len(layout)] = layout
