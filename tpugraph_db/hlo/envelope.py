"""Which of the messages that hold an HLO module some bytes are, told by their content.

All of them hold it in field 1: ``HloModuleProto`` itself has its name there, ``HloProto`` and ``ModuleTuningData`` the
module, ``HloSnapshot`` an ``HloProto``, ``TuningData`` many ``ModuleTuningData``.
"""

from __future__ import annotations

from dataclasses import dataclass

from google.protobuf.message import DecodeError

from tpugraph_db.errors import DataError
from tpugraph_db.hlo import hlo_pb2

_DEEPEST = 3


@dataclass(frozen=True)
class Inner:
    """What was inside."""

    tuned: bool
    """``ModuleTuningData``, else ``HloModuleProto``."""
    data: bytes


def sniff(head: bytes) -> bool:
    """Whether bytes that begin so may be one of the messages: field 1 with a name or a message in it."""
    return head[:1] == b"\n" and len(head) > 2


def opened(data: bytes, where: str) -> list[Inner]:
    """The modules inside, with their runs where there are any; several only in ``TuningData``.

    Raises:
        DataError: not protobuf, cut short, or more messages inside each other than any of these have.
    """
    try:
        return _opened(data, _DEEPEST)
    except DecodeError as error:
        raise refusal(where, error) from error


def is_tuning(data: bytes, where: str) -> bool:
    """Whether any module comes with runs."""
    return any(inner.tuned for inner in opened(data, where))


def refusal(where: str, error: Exception) -> DataError:
    """Of bytes that protobuf cannot decode."""
    found = str(error) or "bytes that are none"
    return DataError(where, "file", expected="HLO in protobuf", found=found, cure="it may be cut short")


def _opened(data: bytes, deeper: int) -> list[Inner]:
    first = hlo_pb2.Envelope.FromString(data).first
    if not any(map(_is_message, first)):
        return [Inner(False, data)]
    if _is_tuned(data):
        return [Inner(True, data)]
    if not deeper:
        raise DecodeError("messages too deep inside each other")
    return [inner for part in first for inner in _opened(part, deeper - 1)]


def _is_message(data: bytes) -> bool:
    """The tags of fields 1 to 3 are control characters, with which no name begins."""
    return data[:1] < b" " and len(data) > 0


def _is_tuned(data: bytes) -> bool:
    try:
        runs = hlo_pb2.ModuleTuningData.FromString(data).runs
    except DecodeError:  # HloProto has another message where the runs are
        return False
    return any(
        run.op_config.HasField("tile_size_config") or run.module_config.HasField("layout_config") for run in runs
    )
