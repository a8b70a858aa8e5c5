from __future__ import annotations

from tpugraph_db.hlo.hlo_pb2 import OriginalValue
from tpugraph_db.hlo.proto.origin import origin


def value(*elements: tuple[list[int], str, list[int]]) -> OriginalValue:
    return OriginalValue(
        elements=[
            OriginalValue.Element(
                shape_index=index,
                original_array=OriginalValue.Array(instruction_name=name, shape_index=part) if name else None,
            )
            for index, name, part in elements
        ]
    )


def test_the_origin_of_an_array():
    assert origin(value(([], "dot", [1]))) == '{{"dot" {1}}}'


def test_the_origins_of_a_tuples_parts():
    parts = value(([0], "a", [1]), ([1, 0], "b", []), ([1, 1], "", []))
    assert origin(parts) == '{({"a" {1}}, ({"b"}, {}))}'


def test_nothing_is_said_of_no_origin():
    assert origin(OriginalValue()) == ""
