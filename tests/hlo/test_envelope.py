from __future__ import annotations

import pytest

from tests.hlo.messages import doubled, envelope
from tpugraph_db.errors import DataError
from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.envelope import Inner, is_tuning, opened, sniff

MODULE = doubled().SerializeToString()
RUN = hlo_pb2.ConfigProfile(op_config=hlo_pb2.HloOpConfig(tile_size_config=hlo_pb2.TileSizeConfig()))
TUNED = hlo_pb2.ModuleTuningData(module=MODULE, fingerprint=7, runs=[RUN]).SerializeToString()
BUFFERS = b"\x1a\x06\x0a\x04\x08\x01\x10\x02"  # HloProto.buffer_assignment, a buffer of id 1 and size 2


@pytest.mark.parametrize(
    ("data", "inside"),
    [
        (MODULE, [Inner(False, MODULE)]),
        (envelope(MODULE), [Inner(False, MODULE)]),
        (envelope(MODULE) + BUFFERS, [Inner(False, MODULE)]),
        (envelope(envelope(MODULE)), [Inner(False, MODULE)]),
        (TUNED, [Inner(True, TUNED)]),
        (envelope(TUNED, TUNED), [Inner(True, TUNED), Inner(True, TUNED)]),
    ],
    ids=["HloModuleProto", "HloProto", "HloProto with buffers", "HloSnapshot", "ModuleTuningData", "TuningData"],
)
def test_a_message_is_told_by_its_content(data, inside):
    assert opened(data, "x.pb") == inside
    assert is_tuning(data, "x.pb") == inside[0].tuned
    assert sniff(data[:16])


def test_a_module_without_a_name_is_one():
    nameless = hlo_pb2.HloModule(computations=doubled().computations).SerializeToString()
    assert opened(nameless, "x.pb") == [Inner(False, nameless)]
    assert opened(envelope(nameless), "x.pb") == [Inner(False, nameless)]


@pytest.mark.parametrize("head", [b"", b"\n", b"HloModule m", b"PK\x03\x04", b"\x1f\x8b"])
def test_other_files_are_not_taken_for_one(head):
    assert not sniff(head)


@pytest.mark.parametrize("data", [MODULE[:-1], b"\x0a\xff", b"\xff" * 20, b"HloModule m, is_scheduled=true"])
def test_bytes_that_are_no_message_are_refused(data):
    with pytest.raises(DataError, match=r"x\.pb: file: expected HLO in protobuf"):
        opened(data, "x.pb")


def test_deep_nesting_is_refused():
    data = MODULE
    for _ in range(10_000):
        data = envelope(data) if len(data) < 20_000 else data
    with pytest.raises(DataError, match="too deep"):
        opened(data, "x.pb")
