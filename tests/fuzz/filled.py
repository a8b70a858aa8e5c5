"""Messages whose every field holds something, by what their descriptors say."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random as Chance
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tpugraph_db.hlo import hlo_pb2

_INTEGERS = (0, 0, 1, 1, 2, 3, 4, 7, 11, 16, 128)
_EXTREME = (-1, -(2**31), 2**31 - 1, -(2**63), 2**63 - 1, 2**62, 10**6)
_FLOATS = (0.0, 1.0, -1.5, 1e-30, 3e38, float("nan"), float("inf"), float("-inf"))
_TEXTS = ("", "x", "LT", "kLoop", 'a "b" \\ {c}', "%x, y", "é\u2028", "\n", "\x00", "a" * 2_000)
_BYTES = (b"", b"\0", b"\xff\xfe", b"{}", b'{"a":[1]}', b"\x0a\x01", b"abcd" * 4)
_VALUES = {
    FieldDescriptor.CPPTYPE_BOOL: (False, True),
    FieldDescriptor.CPPTYPE_FLOAT: _FLOATS,
    FieldDescriptor.CPPTYPE_DOUBLE: _FLOATS,
    FieldDescriptor.CPPTYPE_STRING: _TEXTS,
}
_HELD = {
    "outfeed_shape": "Shape",
    "operand_shapes_with_layout": "Shape",
    "parameters": "Shape",
    "result": "Shape",
    "domain_entry_sharding": "Sharding",
    "domain_exit_sharding": "Sharding",
    "iota_collective_device_list": "IotaReplicaGroupList",
    "nodes": "NodeLayout",
}
"""Messages that ``hlo.proto`` has as bytes, where the field is not named after the message."""


def filled(message: Message, chance: Chance, part: float = 0.5, junk: float = 0.1, deeper: int = 4) -> Message:
    """The message with ``part`` of its fields set by chance; ``junk`` of the messages in it are none."""
    filler = _Filler(chance, part, junk)
    filler.fill(message, deeper)
    return message


@dataclass(frozen=True)
class _Filler:
    chance: Chance
    part: float
    junk: float

    def fill(self, message: Message, deeper: int) -> None:
        for field in message.DESCRIPTOR.fields:
            if self.chance.random() < self.part:
                self._set(message, field, deeper)

    def _set(self, message: Message, field: FieldDescriptor, deeper: int) -> None:
        held = getattr(message, field.name)
        if field.message_type is None and field.is_repeated:
            held.extend(self._value(field, deeper) for _ in range(self.chance.randrange(5)))
        elif field.message_type is None:
            setattr(message, field.name, self._value(field, deeper))
        elif field.message_type.GetOptions().map_entry:
            held[self.chance.choice(_TEXTS)] = self.chance.choice(_TEXTS)
        elif deeper:
            for _ in range(self.chance.randrange(4) if field.is_repeated else 1):
                self.fill(held.add() if field.is_repeated else held, deeper - 1)

    def _value(self, field: FieldDescriptor, deeper: int) -> Any:
        kind = field.cpp_type
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self._held(field, deeper)
        if kind in _VALUES:
            return self.chance.choice(_VALUES[kind])
        value = self.chance.choice(_EXTREME if self.chance.random() < 0.05 else _INTEGERS)
        if kind == FieldDescriptor.CPPTYPE_INT32:
            return max(-(2**31), min(value, 2**31 - 1))
        unsigned = kind in (FieldDescriptor.CPPTYPE_UINT32, FieldDescriptor.CPPTYPE_UINT64)
        return abs(value) % 2**32 if unsigned else value

    def _held(self, field: FieldDescriptor, deeper: int) -> bytes:
        name = _HELD.get(field.name, "".join(word.title() for word in field.name.split("_")))
        kind = getattr(hlo_pb2, name, None)
        if self.chance.random() < self.junk:
            return self.chance.choice(_BYTES)
        if kind is None or not deeper:
            return b""
        message = kind()
        self.fill(message, deeper - 1)
        return message.SerializeToString()
