"""Where a value came from before optimisation (HLO's ``origin``), as HLO text."""

from __future__ import annotations

from itertools import groupby

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.proto.shapes import joined

_Element = tuple[tuple[int, ...], str]


def origin(message: hlo_pb2.OriginalValue) -> str:
    """``{{"dot.1" {0}}}``, for a tuple ``{({"dot.1"}, {"add"})}``; ``{}`` for a part whose origin is not known."""
    elements = [(tuple(element.shape_index), _array(element)) for element in message.elements]
    return f"{{{_part(elements)}}}" if elements else ""


def _part(elements: list[_Element]) -> str:
    """The elements of one part of the shape; the first of their indices says of which of its own parts they are."""
    if not elements[0][0]:
        return elements[0][1]
    inner = groupby(elements, key=lambda element: element[0][:1])
    return f"({', '.join(_part([(index[1:], said) for index, said in part]) for _, part in inner)})"


def _array(element: hlo_pb2.OriginalValue.Element) -> str:
    if not element.HasField("original_array"):
        return "{}"
    array = element.original_array
    index = f" {{{joined(array.shape_index)}}}" if array.shape_index else ""
    return f'{{"{array.instruction_name}"{index}}}'
