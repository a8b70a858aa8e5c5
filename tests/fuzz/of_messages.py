"""Changes of an HLO module in protobuf: of the wire, and of what its fields mean."""

from __future__ import annotations

from collections.abc import Callable
from random import Random as Chance
from typing import Any

from tests.fuzz.filled import filled
from tests.fuzz.wire import changed
from tpugraph_db.hlo import hlo_pb2 as pb

_IDS = (0, 1, 2, 3, 99, -1, 2**31, 2**63 - 1, -(2**63), 1 << 32)
_NAMES = ("", "x", "a b", "é", "%", "a\nb", "\x00", "n" * 1_000, "n" * 100_000, "main", "add.3")
_OPCODES = (
    *("", "parameter", "constant", "while", "conditional", "fusion", "convolution", "dot", "gather", "scatter"),
    *("async-start", "get-tuple-element", "custom-call", "reduce-window", "pad", "slice", "sort", "newest"),
    "o" * 5_000,
)


def links(chance: Chance, content: bytes) -> bytes:
    """Ids that are missing, of a circle, of another computation, or of two."""
    module = pb.HloModule.FromString(content)
    for _ in range(chance.choice((1, 1, 2, 4))):
        computation, op = _op(chance, module)
        known = [op.id, computation.id, computation.root_id, *(other.id for other in computation.instructions)]
        number = chance.choice((*known, *known, chance.choice(_IDS)))
        chance.choice(_LINKS)(chance, module, computation, op, number)
    return module.SerializeToString()


def names(chance: Chance, content: bytes) -> bytes:
    """Names and opcodes of others, of nobody, or too long."""
    module = pb.HloModule.FromString(content)
    for _ in range(chance.choice((1, 1, 2))):
        computation, op = _op(chance, module)
        other = _op(chance, module)[1]
        change = chance.randrange(4)
        if change == 0:
            op.name = chance.choice((other.name, *_NAMES))
        elif change == 1:
            op.opcode = chance.choice((other.opcode, *_OPCODES))
        elif change == 2:
            computation.name = chance.choice((chance.choice(module.computations).name, *_NAMES))
        else:
            module.name = chance.choice(_NAMES)
    return module.SerializeToString()


def fields(chance: Chance, content: bytes) -> bytes:
    """Attributes, shapes, metadata and fields of the module that hold anything."""
    module = pb.HloModule.FromString(content)
    for _ in range(chance.choice((1, 1, 2, 4))):
        op = _op(chance, module)[1]
        op.opcode = chance.choice((op.opcode, *_OPCODES))
        change = chance.randrange(5)
        if change == 0:
            op.shape = filled(pb.Shape(), chance).SerializeToString()
        elif change == 1:
            op.metadata = filled(pb.Metadata(), chance).SerializeToString()
        elif change == 2:
            more = filled(pb.HloModule(), chance, 0.3)
            more.ClearField("computations")
            module.MergeFrom(more)
        else:
            op.MergeFromString(filled(pb.Attributes(), chance, chance.choice((0.02, 0.1, 0.5))).SerializeToString())
    return module.SerializeToString()


def large(chance: Chance, content: bytes) -> bytes:
    """Shapes and shardings in each other, and lists of up to 100,000 numbers."""
    module = pb.HloModule.FromString(content)
    computation, op = _op(chance, module)
    times = chance.choice((100, 101, 1_000, 10_000, 100_000))
    change = chance.randrange(6)
    if change == 0:
        op.shape = _deep(chance, times)
    elif change == 1:
        op.operand_ids.extend([chance.choice(computation.instructions).id] * times)
    elif change == 2:
        op.shape = pb.Shape(element_type=11, dimensions=[chance.choice((0, 1, 2**40))] * times).SerializeToString()
    elif change == 3:
        several = pb.Shape(element_type=13, tuple_shapes=[pb.Shape(element_type=11)] * times)
        op.shape = several.SerializeToString()
    elif change == 4:
        literal = pb.Literal(shape=pb.Shape(element_type=4, dimensions=[times]), s32s=range(times))
        op.MergeFromString(pb.Attributes(literal=literal.SerializeToString()).SerializeToString())
    else:
        first = computation.instructions[0]
        for number in range(min(times, 3_000)):
            computation.instructions.add(name=f"more.{number}", opcode="copy", id=10**6 + number, shape=first.shape)
    return module.SerializeToString()


def _op(chance: Chance, module: pb.HloModule) -> tuple[pb.Computation, pb.Instruction]:
    computation = chance.choice([one for one in module.computations if one.instructions])
    return computation, chance.choice(computation.instructions)


def _deep(chance: Chance, depth: int) -> bytes:
    """Tuples in each other, of which upb itself reads a hundred."""
    data = pb.Shape(element_type=11).SerializeToString()
    for _ in range(min(depth, 10_000)):
        data = b"\x10\x0d\x22" + pb.Envelope(first=[data]).SerializeToString()[1:]
    return data


_LINKS: tuple[Callable[..., Any], ...] = (
    lambda chance, module, computation, op, number: op.operand_ids.append(number),
    lambda chance, module, computation, op, number: op.operand_ids.insert(0, number),
    lambda chance, module, computation, op, number: op.ClearField("operand_ids"),
    lambda chance, module, computation, op, number: setattr(op, "id", number),
    lambda chance, module, computation, op, number: setattr(computation, "root_id", number),
    lambda chance, module, computation, op, number: setattr(computation, "id", number),
    lambda chance, module, computation, op, number: setattr(module, "entry_computation_id", number),
    lambda chance, module, computation, op, number: computation.instructions.insert(0, op),
    lambda chance, module, computation, op, number: module.computations.insert(0, computation),
    lambda chance, module, computation, op, number: _called(op, number, chance.choice(("called", "control"))),
)


def _called(op: pb.Instruction, number: int, kind: str) -> None:
    field = {"called": "called_computation_ids", "control": "control_predecessor_ids"}[kind]
    op.MergeFromString(pb.Attributes(**{field: [number]}).SerializeToString())


KINDS: dict[str, Callable[[Chance, bytes], bytes]] = {
    "wire": changed,
    "links": links,
    "names": names,
    "fields": fields,
    "large": large,
}
