"""HLO protobuf (HloModuleProto, HloProto, HloSnapshot) -> :class:`tpugraph_db.program.Program`.

Source of the messages: openxla/xla, ``xla/service/hlo.proto`` and ``xla/xla_data.proto``. A module is read column by
column, and what its instructions repeat is decoded and printed once.
"""

from __future__ import annotations

from itertools import repeat

import numpy as np
from google.protobuf.message import DecodeError

from tpugraph_db.errors import DataError
from tpugraph_db.hlo import envelope, hlo_pb2, shape
from tpugraph_db.hlo.collector import paused
from tpugraph_db.hlo.columns import spread
from tpugraph_db.hlo.proto.links import Links
from tpugraph_db.hlo.proto.metadata import Metadata
from tpugraph_db.hlo.proto.module import module_attributes
from tpugraph_db.hlo.proto.rest import Key, Rest
from tpugraph_db.hlo.proto.shapes import text as shape_text
from tpugraph_db.packed import Coded, Strings
from tpugraph_db.program import Program


def program(data: bytes, where: str, stage: str = "") -> Program:
    """Read the module out of any of the messages that hold one; which it is, is told by the content.

    Computations and ops keep the order of the message, which is TpuGraphs' order. HLO text has the same but for a
    module with a schedule, whose computations and instructions it writes as they run.

    Args:
        where: The file, for errors.
        stage: As of :class:`Program`.

    Raises:
        DataError: not such a message, cut short, several modules, or one that makes no sense.
    """
    inside = envelope.opened(data, where)
    if len(inside) > 1 or inside[0].tuned:
        raise DataError(where, "file", expected="one HLO module", found=f"tuning data of {len(inside)}")
    return from_module(inside[0].data, where, stage)


@paused()
def from_module(data: bytes, where: str, stage: str = "") -> Program:
    """The same of a serialised HloModuleProto."""
    try:
        message = hlo_pb2.HloModule.FromString(data)
        attributes = hlo_pb2.AttributesOfModule.FromString(data)
        attributes.DiscardUnknownFields()  # what Instruction has: the rest are then equal bytes where it is equal
        if not message.computations:
            raise DataError(where, "HloModule", expected="computations", found="none")
        return _program(message, attributes, where, stage)
    except DecodeError as error:
        raise envelope.refusal(where, error) from error


def _program(message: hlo_pb2.HloModule, attributes: hlo_pb2.AttributesOfModule, where: str, stage: str) -> Program:
    links = Links(message, where)
    opcodes = [op.opcode for op in links.ops]
    shapes = spread(*links.decoded([op.shape for op in links.ops], _shape, "a shape"))
    rest = Rest(_keys(opcodes, attributes, shapes, links), links)
    metadata = Metadata(message.stack_frame_index)
    sources, source_codes = links.decoded([op.metadata for op in links.ops], metadata.source, "metadata")
    return Program(
        module=message.name,
        module_attributes=_module_attributes(message, where),
        stage=stage,
        names=Strings.of(links.names()),
        opcodes=Coded.of(opcodes),
        shapes=shapes,
        operands=links.operands,
        control_predecessors=rest.control_predecessors(),
        attributes=rest.attributes,
        op_name=spread([source.op_name for source in sources], source_codes),
        source_file=spread([source.file for source in sources], source_codes),
        source_line=np.array([source.line for source in sources], np.int64)[source_codes],
        computation_names=Strings.of(links.computation_names()),
        computation_starts=links.starts,
        computation_roots=links.roots,
        entry=links.entry(),
        calls=rest.calls,
        call_kinds=rest.call_kinds,
    )


def _shape(data: bytes) -> str:
    return shape.parse(shape_text(hlo_pb2.Shape.FromString(data))).text


def _keys(opcodes: list[str], attributes: hlo_pb2.AttributesOfModule, shapes: Coded, links: Links) -> list[Key]:
    """What decides what the attributes of each op say."""
    rests = [op.SerializeToString() for computation in attributes.computations for op in computation.instructions]
    keys = list(zip(opcodes, rests, repeat(False)))
    for op in [op for op, opcode in enumerate(opcodes) if opcode == "conditional"]:
        on_predicate = any(shapes[operand] == "pred[]" for operand in links.operands[op][:1].tolist())
        keys[op] = ("conditional", rests[op], on_predicate)
    return keys


def _module_attributes(message: hlo_pb2.HloModule, where: str) -> str:
    try:
        return module_attributes(message)
    except (DecodeError, ValueError) as error:
        raise DataError(where, "HloModule", expected="attributes", found=str(error)) from error
