"""HLO protobuf (HloModuleProto, HloProto, HloSnapshot) -> :class:`module.Module`.

Source of the messages: openxla/xla, ``xla/service/hlo.proto`` and ``xla/xla_data.proto``.
"""

from __future__ import annotations

from collections import Counter

from google.protobuf.message import DecodeError

from tpugraph_db.errors import DataError
from tpugraph_db.hlo import envelope, hlo_pb2, proto_attributes, proto_calls
from tpugraph_db.hlo.collector import paused
from tpugraph_db.hlo.module import Computation, Instruction, Module
from tpugraph_db.hlo.proto_metadata import Metadata
from tpugraph_db.hlo.proto_module import module_attributes
from tpugraph_db.hlo.proto_shapes import text as shape_text
from tpugraph_db.hlo.unique import rename_repeated
from tpugraph_db.hlo.vocabulary import OPCODES

_CALLS_TEXT = 1 << 28
"""Characters of names of called computations at the most: a name is written once and may be called by a byte."""


def from_bytes(data: bytes, where: str) -> Module:
    """Read the module out of any of the messages that hold one; which it is, is told by the content.

    Raises:
        DataError: not such a message, cut short, several modules, or one that makes no sense.
    """
    inside = envelope.opened(data, where)
    if len(inside) > 1 or inside[0].tuned:
        raise DataError(where, "file", expected="one HLO module", found=f"tuning data of {len(inside)}")
    return from_module(inside[0].data, where)


@paused()
def from_module(data: bytes, where: str) -> Module:
    """The same of a serialised HloModuleProto.

    Computations and instructions keep the order of the message, which is TpuGraphs' order. HLO text has the same but
    for a module with a schedule, whose computations and instructions it writes as they run.
    """
    try:
        rest = hlo_pb2.AttributesOfModule.FromString(data)
        rest.DiscardUnknownFields()
        return _Reader(hlo_pb2.HloModule.FromString(data), rest, where).module()
    except DecodeError as error:
        raise envelope.refusal(where, error) from error


class _Reader:
    """Reads one module; what its instructions repeat is decoded and printed once."""

    def __init__(self, message: hlo_pb2.HloModule, rest: hlo_pb2.AttributesOfModule, where: str) -> None:
        self.message, self.rest, self.where = message, rest, where
        self.metadata = Metadata(message.stack_frame_index)
        self.shapes: dict[bytes, str] = {}
        self.attributes: dict[tuple[str, bytes], tuple[str, str]] = {}
        """By opcode and serialised ``Attributes``."""
        self.computations: dict[int, str] = {}
        """Name by id, of those read so far: what is called stands before its callers."""
        self.predicates: set[int] = set()
        """Ids of the instructions of the computation at hand that give a single truth value."""
        self.room = _CALLS_TEXT

    def module(self) -> Module:
        message = self.message
        if not message.computations:
            raise self._refusal("HloModule", "computations", "none")
        pairs = zip(message.computations, self.rest.computations, strict=True)
        computations = [self._computation(computation, rest) for computation, rest in pairs]
        _make_unique(computations)
        entry = self.computations.get(message.entry_computation_id, message.entry_computation_name)
        return Module(message.name, computations, entry, self._module_attributes(), _unknown_opcodes(computations))

    def _module_attributes(self) -> str:
        try:
            return module_attributes(self.message)
        except ValueError as error:
            raise DataError(self.where, "HloModule", expected="attributes", found=str(error)) from error

    def _computation(self, message: hlo_pb2.Computation, rest: hlo_pb2.AttributesOfModule.OfComputation) -> Computation:
        instructions, key = message.instructions, _key(message.name)
        names = {instruction.id: instruction.name for instruction in instructions}
        if len(names) < len(instructions):
            raise self._refusal(key, "an id of its own for each instruction", "one that two have")
        if message.root_id not in names:
            raise self._refusal(key, "its root among its instructions", f"no id {message.root_id}")
        if message.id in self.computations:
            raise self._refusal(key, "an id of its own for each computation", f"{message.id} again")
        self.predicates.clear()
        pairs = zip(instructions, rest.instructions, strict=True)
        read = [self._instruction(instruction, names, attributes) for instruction, attributes in pairs]
        self.computations[message.id] = message.name
        return Computation(message.name, read, names[message.root_id])

    def _instruction(
        self, message: hlo_pb2.Instruction, names: dict[int, str], rest: hlo_pb2.Attributes
    ) -> Instruction:
        try:
            opcode, shape = message.opcode, self.shapes.get(message.shape) or self._shape(message)
            if shape == "pred[]":
                self.predicates.add(message.id)
            calls = self._calls(message) if message.called_computation_ids else []
            return Instruction(
                message.name,
                opcode,
                shape,
                [names[operand] for operand in message.operand_ids],
                self._attributes(opcode, rest, calls),
                calls,
                [names[before] for before in message.control_predecessor_ids],
                *self.metadata[message.metadata],
            )
        except KeyError as error:
            raise self._refusal(_key(message.name), "ids that are there", f"no id {error}") from error
        except (DecodeError, ValueError) as error:
            raise self._refusal(_key(message.name), "fields of an HLO instruction", str(error)) from error

    def _shape(self, message: hlo_pb2.Instruction) -> str:
        text = self.shapes[message.shape] = shape_text(hlo_pb2.Shape.FromString(message.shape))
        return text

    def _calls(self, message: hlo_pb2.Instruction) -> proto_calls.Calls:
        called = [self.computations[computation] for computation in message.called_computation_ids]
        self.room -= sum(map(len, called))
        if self.room < 0:
            raise ValueError(f"more than {_CALLS_TEXT:,} characters of called names in all")
        on_predicate = bool(message.operand_ids) and message.operand_ids[0] in self.predicates
        return proto_calls.calls(message.opcode, called, on_predicate)

    def _attributes(self, opcode: str, rest: hlo_pb2.Attributes, calls: proto_calls.Calls) -> str:
        key = opcode, rest.SerializeToString()
        known = self.attributes.get(key)
        if known is None:
            known = self.attributes[key] = proto_attributes.texts(opcode, rest)
        before, behind = known
        if calls:
            before = f"{before}, {proto_calls.text(calls)}" if before else proto_calls.text(calls)
        return f"{before}, {behind}" if before and behind else before or behind

    def _refusal(self, key: str, expected: str, found: str) -> DataError:
        return DataError(self.where, key, expected=expected, found=found)


def _make_unique(computations: list[Computation]) -> None:
    """Rename instructions of later computations whose names earlier ones have."""
    names = [one.name for computation in computations for one in computation.instructions]
    if len(set(names)) < len(names):
        rename_repeated(computations)


def _unknown_opcodes(computations: list[Computation]) -> dict[str, int]:
    """How often each opcode occurs that XLA does not have."""
    times = Counter(one.opcode for computation in computations for one in computation.instructions)
    return {opcode: count for opcode, count in times.items() if opcode not in OPCODES}


def _key(name: str) -> str:
    return f"%{name[:80]}"
