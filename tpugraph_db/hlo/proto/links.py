"""Ids in an HLO module in protobuf as indices; what an id stands for stands earlier."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain, pairwise, repeat
from typing import TypeVar

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from tpugraph_db.errors import DataError
from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.columns import distinct
from tpugraph_db.hlo.unique import Uniquer
from tpugraph_db.packed import Lists

Value = TypeVar("Value", bound=Hashable)
Made = TypeVar("Made")


class Links:
    """Where computations begin, what an id is, and which op is whose operand."""

    def __init__(self, message: hlo_pb2.HloModule, where: str) -> None:
        """Raises :class:`DataError` for an id that two have, and for operands and roots that are not there."""
        self.message, self.where = message, where
        self.computations = list(message.computations)
        self.ops: list[hlo_pb2.Instruction] = [op for each in self.computations for op in each.instructions]
        sizes = [len(computation.instructions) for computation in self.computations]
        self.starts: NDArray[np.int64] = np.cumsum([0, *sizes], dtype=np.int64)
        self.computation_of: list[int] = np.repeat(np.arange(len(sizes)), sizes).tolist()
        """Number of each op's computation."""
        self.numbers = {computation.id: number for number, computation in enumerate(self.computations)}
        """Number of each computation by id."""
        if len(self.numbers) < len(self.computations):
            raise self.refusal("HloModule", "an id of its own for each computation", "one that two have")
        spans = pairwise(self.starts.tolist())
        self._indices = [self._index(*each) for each in zip(self.computations, spans, strict=True)]
        self.roots = np.array(list(map(self._root, self.computations, self._indices)), np.int64)
        self.operands = self._operands()

    def entry(self) -> int:
        """Number of the entry computation, which is said by its id or by its name."""
        names = {computation.name: number for number, computation in enumerate(self.computations)}
        number = self.numbers.get(self.message.entry_computation_id, names.get(self.message.entry_computation_name))
        if number is None:
            raise self.refusal("HloModule", "an entry computation", f"no id {self.message.entry_computation_id}")
        return number

    def names(self) -> list[str]:
        """Of the ops, unique in the module as XLA makes them."""
        names = [op.name for op in self.ops]
        if "" in names or len(set(zip(self.computation_of, names, strict=True))) < len(names):
            raise self.refusal(
                "HloModule", "a name of its own for each instruction of a computation", "none, or one twice"
            )
        uniquer = Uniquer()
        return names if len(set(names)) == len(names) else [uniquer.name(name) for name in names]

    def computation_names(self) -> list[str]:
        """All of them."""
        names = [computation.name for computation in self.computations]
        if "" in names or len(set(names)) < len(names):
            raise self.refusal("HloModule", "a name of its own for each computation", "none, or one twice")
        return names

    def decoded(
        self, values: Sequence[Value], read: Callable[[Value], Made], expected: str
    ) -> tuple[list[Made], NDArray[np.int64]]:
        """What each distinct value of the ops is read as, and which of them each op has.

        Raises :class:`DataError` of the first op whose value cannot be read.
        """
        known, codes = distinct(values)
        made: list[Made] = []
        for code, value in enumerate(known):
            try:
                made.append(read(value))
            except (DecodeError, ValueError) as error:
                raise self.op_refusal(int((codes == code).argmax()), expected, str(error)) from error
        return made, codes

    def control_predecessors(self, op: int, ids: Iterable[int]) -> list[int]:
        """Indices of ops of the same computation that stand before an op."""
        index = self._indices[self.computation_of[op]]
        found = [index.get(id, op) for id in ids]
        if max(found, default=-1) >= op:
            raise self.op_refusal(op, "control predecessors that stand before it", f"ids {list(ids)[:10]}")
        return found

    def op_refusal(self, op: int, expected: str, found: str) -> DataError:
        """Of one op."""
        return self.refusal(f"%{self.ops[op].name[:80]}", expected, found)

    def refusal(self, key: str, expected: str, found: str) -> DataError:
        """Of anything in the file."""
        return DataError(self.where, key, expected=expected, found=found[:200])

    def _index(self, computation: hlo_pb2.Computation, span: tuple[int, int]) -> dict[int, int]:
        """Index of each op of a computation by id."""
        start, end = span
        index = {op.id: at for at, op in enumerate(self.ops[start:end], start)}
        if len(index) < end - start:
            key = f"%{computation.name[:80]}"
            raise self.refusal(key, "an id of its own for each instruction", "one that two have")
        return index

    def _root(self, computation: hlo_pb2.Computation, index: dict[int, int]) -> int:
        root = index.get(computation.root_id)
        if root is None:
            key = f"%{computation.name[:80]}"
            raise self.refusal(key, "its root among its instructions", f"no id {computation.root_id}")
        return root

    def _operands(self) -> Lists:
        ids = [op.operand_ids[:] for op in self.ops]
        said, values = Lists.of(ids), list[int]()
        for index, (start, end) in zip(self._indices, pairwise(self.starts.tolist()), strict=True):
            values += map(index.get, chain.from_iterable(ids[start:end]), repeat(len(ids)))
        operands = Lists(np.array(values, np.int64), said.offsets)
        late = operands.rows()[operands.values >= operands.rows()]
        if len(late):
            raise self.op_refusal(int(late[0]), "operands that stand before it", f"ids {ids[late[0]][:10]}")
        return operands
