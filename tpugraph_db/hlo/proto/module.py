"""The attributes of an HLO module in protobuf, as HLO text has them behind its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.proto.fields import dictionary
from tpugraph_db.hlo.proto.shapes import joined, text

_ALIAS_KINDS = ("undefined-alias", "may-alias", "must-alias")


def module_attributes(message: hlo_pb2.HloModule) -> str:
    """``is_scheduled=true, entry_computation_layout={...}``, in XLA's order.

    Raises ValueError or DecodeError for a shape that is none.
    """
    return ", ".join(_attributes(message))


def _attributes(message: hlo_pb2.HloModule) -> Iterator[str]:
    if message.schedule:
        yield "is_scheduled=true"
    if message.input_output_alias.entries:
        yield f"input_output_alias={{ {', '.join(map(_alias, message.input_output_alias.entries))} }}"
    if message.buffer_donor.entries:
        donors = (f"({d.parameter_number}, {_index(d.parameter_shape_index)})" for d in message.buffer_donor.entries)
        yield f"buffer_donor={{ {', '.join(donors)} }}"
    if message.HasField("host_program_shape"):
        shape = message.host_program_shape
        texts = {data: text(hlo_pb2.Shape.FromString(data)) for data in {*shape.parameters, shape.result}}
        parameters = ", ".join(map(texts.__getitem__, shape.parameters))
        yield f"entry_computation_layout={{({parameters})->{texts[shape.result]}}}"
    if message.frontend_attributes.map:
        yield f"frontend_attributes={dictionary(message.frontend_attributes)}"


def _alias(entry: hlo_pb2.InputOutputAlias.Entry) -> str:
    kind = _ALIAS_KINDS[entry.kind] if 0 <= entry.kind < len(_ALIAS_KINDS) else str(entry.kind)
    parameter = f"{entry.parameter_number}, {_index(entry.parameter_shape_index)}"
    return f"{_index(entry.output_shape_index)}: ({parameter}, {kind})"


def _index(path: Iterable[int]) -> str:
    return f"{{{joined(list(path))}}}"
