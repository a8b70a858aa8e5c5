"""A program as one would write it down: ops by name, in their computations, with names for indices."""

from __future__ import annotations

from typing import NamedTuple

from tpugraph_db.program import Program


class Op(NamedTuple):
    opcode: str
    shape: str
    operands: list[str] = []  # noqa: RUF012
    attributes: str = ""
    calls: list[tuple[str, str]] = []  # noqa: RUF012
    control_predecessors: list[str] = []  # noqa: RUF012
    source: tuple[str, str, int] = ("", "", 0)
    """op_name, file, line."""


def computations(program: Program) -> dict[str, dict[str, Op]]:
    """In the order of the program."""
    names, starts = program.computation_names.tolist(), program.computation_starts.tolist()
    flat = list(ops(program).items())
    return {name: dict(flat[start:end]) for name, start, end in zip(names, starts, starts[1:], strict=False)}


def roots(program: Program) -> dict[str, str]:
    """Computation -> its root."""
    named = [program.names[root] for root in program.computation_roots.tolist()]
    return dict(zip(program.computation_names, named, strict=True))


def ops(program: Program) -> dict[str, Op]:
    """All of them."""
    names, called = program.names.tolist(), program.computation_names.tolist()
    calls: list[list[tuple[str, str]]] = [[] for _ in names]
    for (caller, number), kind in zip(program.calls.tolist(), program.call_kinds, strict=True):
        calls[caller].append((kind, called[number]))
    named = [[[names[index] for index in one] for one in column.tolist()] for column in _links(program)]
    sources = zip(program.op_name, program.source_file, program.source_line.tolist(), strict=True)
    columns = (program.opcodes, program.shapes, named[0], program.attributes, calls, named[1], sources)
    return {name: Op(*rest) for name, *rest in zip(names, *columns, strict=True)}


def _links(program):
    return program.operands, program.control_predecessors
