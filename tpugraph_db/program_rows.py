"""What only a program says of a graph: properties of its ops, its computations, who calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.hlo import shape
from tpugraph_db.hlo.shape import Shape
from tpugraph_db.packed import Coded
from tpugraph_db.program import Program

Value = TypeVar("Value")

ATTRIBUTES = 4_000
"""Characters of an op's attributes that a store keeps; a constant may have millions."""

_NO_ARRAYS = ("tuple", "buffer", "token", "opaque")

_KINDS = {
    ("fusion", "calls"): "fusion",
    ("while", "body"): "while_body",
    ("while", "condition"): "while_condition",
    ("conditional", "branch_computations"): "branch",
    ("conditional", "true_computation"): "branch",
    ("conditional", "false_computation"): "branch",
    ("call", "to_apply"): "call",
    ("map", "to_apply"): "map",
    ("sort", "to_apply"): "comparator",
    ("select-and-scatter", "select"): "comparator",
    ("select-and-scatter", "scatter"): "reducer",
}
_KINDS |= {
    (opcode, "to_apply"): "reducer"
    for opcode in ("reduce", "reduce-window", "scatter", "all-reduce", "all-reduce-start", "reduce-scatter")
}
_KINDS |= {(f"async-{step}", "calls"): "async" for step in ("start", "update", "done")}
_KINDS |= {("custom-call", attribute): "custom" for attribute in ("called_computations", "calls", "to_apply")}


def op_columns(program: Program) -> dict[str, list[Any]]:
    """(n,) for each property of Op that a program says, or says better than the 140 columns; None where absent."""
    return {
        "name": program.names.tolist(),
        **shape_columns(program.shapes),
        "attributes": _each(program.attributes, _cut),
        "op_name": _each(program.op_name, _said),
        "source_file": _each(program.source_file, _said),
        "source_line": [line or None for line in program.source_line.tolist()],
        "operands": program.operands.tolist(),
    }


def shape_columns(shapes: Coded) -> dict[str, list[Any]]:
    """(n,) for each property of Op that its output's shape says; None where absent."""
    return {
        "shape": _each(shapes, lambda text: shape.parse(text).plain),
        "dtype": _each(shapes, lambda text: shape.parse(text).dtype),
        "dims": _each(shapes, lambda text: _dims(shape.parse(text))),
        "elements": _each(shapes, lambda text: shape.parse(text).elements),
        "bytes": _each(shapes, lambda text: shape.parse(text).bytes),
        "layout": _each(shapes, lambda text: _layout(shape.parse(text))),
    }


def computation_columns(program: Program, graph: str) -> dict[str, list[Any]]:
    """(c,) for each property of Computation."""
    count = len(program.computation_names)
    return {
        "uid": [f"{graph}/computation/{index}" for index in range(count)],
        "graph": [graph] * count,
        "index": list(range(count)),
        "name": program.computation_names.tolist(),
        "kind": computation_kinds(program),
        "ops": np.diff(program.computation_starts).tolist(),
        "root": program.computation_roots.tolist(),
    }


def computation_kinds(program: Program) -> list[str]:
    """(c,) what each computation is to its first caller (see the schema's property ``kind``)."""
    kinds = ["unused"] * len(program.computation_names)
    opcodes = program.opcodes.tolist()
    called = zip(program.calls.tolist(), program.call_kinds.tolist(), strict=True)
    for (op, computation), attribute in sorted(called, key=lambda call: call[0][0], reverse=True):
        kinds[computation] = _KINDS.get((opcodes[op], attribute), "other")
    kinds[program.entry] = "entry"
    return kinds


def calls(program: Program) -> tuple[NDArray[np.int64], list[str]]:
    """(k, 2) int64: (op that calls, number of the computation), and (k,) the attribute; each combination once."""
    rows = np.column_stack([program.calls.reshape(-1, 2), program.call_kinds.codes.astype(np.int64)])
    distinct = np.unique(rows, axis=0)
    table = program.call_kinds.table.tolist()
    return distinct[:, :2], [table[code] for code in distinct[:, 2].tolist()]


def _each(column: Coded, value: Callable[[str], Value]) -> list[Value]:
    """A value for each text, made once for each distinct one."""
    table = [value(text) for text in column.table.tolist()]
    return [table[code] for code in column.codes.tolist()]


def _dims(of: Shape) -> list[int] | None:
    return None if of.dtype in _NO_ARRAYS or -1 in of.dims else list(of.dims)


def _layout(of: Shape) -> str | None:
    if _dims(of) == []:
        return "{}"  # a scalar has one layout, said or not
    return None if of.minor_to_major is None else f"{{{','.join(map(str, of.minor_to_major))}}}"


def _cut(text: str) -> str | None:
    return _said(text) if len(text) <= ATTRIBUTES else text[: ATTRIBUTES - 3] + "..."


def _said(text: str) -> str | None:
    return text or None
