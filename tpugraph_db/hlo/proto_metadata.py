"""Which line of which program an HLO instruction came from."""

from __future__ import annotations

from tpugraph_db.hlo import hlo_pb2

Source = tuple[str, str, int]
"""(op_name, source_file, source_line); empty and 0 where not said."""

NONE: Source = ("", "", 0)


class Metadata:
    """Reads metadata messages, by way of the module's tables of stack frames where they refer to one."""

    def __init__(self, index: hlo_pb2.StackFrameIndex) -> None:
        self._frames = [self._place(index, frame.file_location_id) for frame in index.stack_frames]
        self._read: dict[bytes, Source] = {b"": NONE}

    def __getitem__(self, data: bytes) -> Source:
        """What a serialised ``Metadata`` says; DecodeError where it is none."""
        known = self._read.get(data)
        if known is None:
            known = self._read[data] = self._decoded(hlo_pb2.Metadata.FromString(data))
        return known

    def _decoded(self, message: hlo_pb2.Metadata) -> Source:
        if message.source_file:
            return message.op_name, message.source_file, max(message.source_line, 0)
        frame = message.stack_frame_id
        file, line = self._frames[frame - 1] if 0 < frame <= len(self._frames) else ("", 0)
        return message.op_name, file, line

    @staticmethod
    def _place(index: hlo_pb2.StackFrameIndex, location_id: int) -> tuple[str, int]:
        """(file, line) of a location; ids count from 1, 0 is none."""
        if not 0 < location_id <= len(index.file_locations):
            return "", 0
        location = index.file_locations[location_id - 1]
        known = 0 < location.file_name_id <= len(index.file_names)
        return (index.file_names[location.file_name_id - 1], max(location.line, 0)) if known else ("", 0)
