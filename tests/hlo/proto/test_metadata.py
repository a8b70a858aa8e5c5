from __future__ import annotations

import pytest

from tpugraph_db.hlo.hlo_pb2 import Metadata as Message
from tpugraph_db.hlo.hlo_pb2 import StackFrameIndex
from tpugraph_db.hlo.proto.metadata import Metadata

FRAMES = StackFrameIndex(
    file_names=["a.py", "b.py"],
    file_locations=[
        StackFrameIndex.FileLocation(file_name_id=2, line=30),
        StackFrameIndex.FileLocation(file_name_id=9, line=40),
    ],
    stack_frames=[
        StackFrameIndex.StackFrame(file_location_id=1),
        StackFrameIndex.StackFrame(file_location_id=2),
        StackFrameIndex.StackFrame(file_location_id=7),
    ],
)


@pytest.mark.parametrize(
    ("message", "source"),
    [
        (Message(op_name="f/tanh", source_file="c.py", source_line=3), ("f/tanh", "c.py", 3)),
        (Message(op_name="f/tanh", stack_frame_id=1), ("f/tanh", "b.py", 30)),
        (Message(source_file="c.py", source_line=3, stack_frame_id=1), ("", "c.py", 3)),
        (Message(stack_frame_id=2), ("", "", 0)),
        (Message(stack_frame_id=3), ("", "", 0)),
        (Message(stack_frame_id=4), ("", "", 0)),
        (Message(stack_frame_id=-1), ("", "", 0)),
        (Message(source_file="c.py", source_line=-3), ("", "c.py", 0)),
        (Message(), ("", "", 0)),
    ],
)
def test_the_source_is_in_the_message_or_in_the_frames(message, source):
    assert Metadata(FRAMES).source(message.SerializeToString()) == source
