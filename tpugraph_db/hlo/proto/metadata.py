"""Which line of which program an HLO instruction came from."""

from __future__ import annotations

from typing import NamedTuple

from tpugraph_db.hlo import hlo_pb2


class Source(NamedTuple):
    """Empty and 0 where not said."""

    op_name: str
    file: str
    line: int


class Metadata:
    """Reads metadata messages, by way of the module's tables of stack frames where they refer to one."""

    def __init__(self, index: hlo_pb2.StackFrameIndex) -> None:
        self._frames = [_place(index, frame.file_location_id) for frame in index.stack_frames]

    def source(self, data: bytes) -> Source:
        """What a serialised ``Metadata`` says; DecodeError where it is none."""
        message = hlo_pb2.Metadata.FromString(data)
        if message.source_file:
            return Source(message.op_name, message.source_file, max(message.source_line, 0))
        frame = message.stack_frame_id
        file, line = self._frames[frame - 1] if 0 < frame <= len(self._frames) else ("", 0)
        return Source(message.op_name, file, line)


def _place(index: hlo_pb2.StackFrameIndex, location_id: int) -> tuple[str, int]:
    """(file, line) of a location; ids count from 1, 0 is none."""
    if not 0 < location_id <= len(index.file_locations):
        return "", 0
    location = index.file_locations[location_id - 1]
    known = 0 < location.file_name_id <= len(index.file_names)
    return (index.file_names[location.file_name_id - 1], max(location.line, 0)) if known else ("", 0)
