"""A module as it was read becomes a program: names become indices, and what is inconsistent is refused."""

from __future__ import annotations

from collections import Counter

import numpy as np

from tpugraph_db.errors import DataError
from tpugraph_db.hlo import shape
from tpugraph_db.hlo.module import Computation, Instruction, Module
from tpugraph_db.packed import Coded, Lists, Strings
from tpugraph_db.program import Program


def program(module: Module, where: str, stage: str = "") -> Program:
    """Assemble the columns of a module.

    Args:
        where: The file, for errors.
        stage: ``before_optimizations``, ``after_optimizations``, ... where the source says so.

    Raises:
        DataError: no instructions; a name that two have; an operand, control predecessor, root, entry or called
            computation that is not there or stands later; a shape that is none.
    """
    links = _Links(module, where)
    ops = [op for computation in module.computations for op in computation.instructions]
    sizes = [len(computation.instructions) for computation in module.computations]
    return Program(
        module=module.name,
        module_attributes=module.attributes,
        stage=stage,
        names=Strings.of(_distinct([op.name for op in ops], where, "instructions")),
        opcodes=Coded.of([op.opcode for op in ops]),
        shapes=_shapes(ops, where),
        operands=Lists.of(links.operands),
        control_predecessors=Lists.of(links.control_predecessors),
        attributes=Coded.of([op.attributes for op in ops]),
        op_name=Coded.of([op.op_name for op in ops]),
        source_file=Coded.of([op.source_file for op in ops]),
        source_line=np.array([op.source_line for op in ops], np.int64),
        computation_names=Strings.of(_distinct([c.name for c in module.computations], where, "computations")),
        computation_starts=np.cumsum([0, *sizes], dtype=np.int64),
        computation_roots=np.array(links.roots, np.int64),
        entry=links.entry,
        calls=np.array(links.calls, np.int64).reshape(-1, 2),
        call_kinds=Coded.of([kind for op in ops for kind, _ in op.calls]),
    )


class _Links:
    """Every name of a module as an index; what a name stands for stands earlier."""

    def __init__(self, module: Module, where: str) -> None:
        self.where = where
        self.operands: list[list[int]] = []
        self.control_predecessors: list[list[int]] = []
        self.calls: list[tuple[int, int]] = []
        self.roots: list[int] = []
        self.computations: dict[str, int] = {}
        """Number by name, of those gone through so far."""
        for computation in module.computations:
            self._add(computation)
        if module.entry not in self.computations:
            raise self._refusal("HloModule", "an entry computation", f"none named {module.entry!r}")
        self.entry = self.computations[module.entry]

    def _add(self, computation: Computation) -> None:
        index: dict[str, int] = {}
        operands, control = self.operands, self.control_predecessors
        for at, op in enumerate(computation.instructions, len(operands)):
            try:
                operands.append([index[name] for name in op.operands])
                control.append([index[name] for name in op.control_predecessors] if op.control_predecessors else [])
            except KeyError as error:
                raise self._not_there(op, "operands and control predecessors", error) from error
            if op.calls:
                self._call(at, op)
            index[op.name] = at
        if computation.root not in index:
            place = f"line {computation.line}" if computation.line else f"%{computation.name}"
            raise self._refusal(place, "the root among the instructions", f"none named {computation.root!r}")
        self.roots.append(index[computation.root])
        self.computations[computation.name] = len(self.computations)

    def _call(self, at: int, op: Instruction) -> None:
        try:
            self.calls += [(at, self.computations[name]) for _, name in op.calls]
        except KeyError as error:
            raise self._not_there(op, "called computations", error) from error

    def _not_there(self, op: Instruction, what: str, error: KeyError) -> DataError:
        return self._refusal(_place(op), f"{what} that stand before it", f"none named {error}")

    def _refusal(self, key: str, expected: str, found: str) -> DataError:
        return DataError(self.where, key, expected=expected, found=found[:200])


def _place(op: Instruction) -> str:
    return f"line {op.line}" if op.line else f"%{op.name[:80]}"


def _distinct(names: list[str], where: str, what: str) -> list[str]:
    if not names:
        raise DataError(where, "HloModule", expected=what, found="none")
    if len(set(names)) < len(names):
        name, times = Counter(names).most_common(1)[0]
        found = f"{times} named {name[:80]!r}"
        raise DataError(where, "HloModule", expected=f"names of their own for {what}", found=found)
    return names


def _shapes(ops: list[Instruction], where: str) -> Coded:
    shapes = Coded.of([op.shape for op in ops])
    for code, text in enumerate(shapes.table):
        try:
            shape.parse(text)
        except shape.ShapeError as error:
            op = ops[int((shapes.codes == code).argmax())]
            raise DataError(where, _place(op), expected=error.expected, found=error.found) from error
    return shapes
