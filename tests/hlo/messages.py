"""Small HLO messages, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tpugraph_db.hlo import hlo_pb2

F32 = hlo_pb2.Shape(element_type=11, dimensions=[4], layout=hlo_pb2.Layout(minor_to_major=[0]))
"""``f32[4]{0}``."""
PRED = hlo_pb2.Shape(element_type=1)

_OWN = frozenset(field.name for field in hlo_pb2.Instruction.DESCRIPTOR.fields)


def instruction(
    id: int, opcode: str, operands: Sequence[int] = (), shape: hlo_pb2.Shape = F32, **fields: Any
) -> hlo_pb2.Instruction:
    """Named after its opcode and id: ``add.3``; fields may be of ``Instruction`` or of ``Attributes``."""
    own = {field: fields.pop(field) for field in list(fields) if field in _OWN}
    name = own.pop("name", f"{opcode}.{id}")
    message = hlo_pb2.Instruction(
        id=id, name=name, opcode=opcode, operand_ids=operands, shape=shape.SerializeToString(), **own
    )
    message.MergeFromString(hlo_pb2.Attributes(**fields).SerializeToString())
    return message


def computation(id: int, name: str, *instructions: hlo_pb2.Instruction, root: int | None = None) -> hlo_pb2.Computation:
    """Its root is its last instruction unless another id is said."""
    root_id = instructions[-1].id if root is None else root
    return hlo_pb2.Computation(id=id, name=name, instructions=instructions, root_id=root_id)


def module(*computations: hlo_pb2.Computation, **fields: Any) -> hlo_pb2.HloModule:
    """Its entry is the last computation unless another id is said."""
    entry = fields.pop("entry_computation_id", computations[-1].id)
    return hlo_pb2.HloModule(name="m", computations=computations, entry_computation_id=entry, **fields)


def doubled() -> hlo_pb2.HloModule:
    """``double`` adds a number to itself; ``main`` calls it."""
    return module(
        computation(1, "double", instruction(1, "parameter"), instruction(2, "add", [1, 1])),
        computation(2, "main", instruction(1, "parameter"), instruction(2, "call", [1], called_computation_ids=[1])),
    )


def envelope(*parts: bytes) -> bytes:
    """A message that holds others in field 1."""
    return hlo_pb2.Envelope(first=parts).SerializeToString()
