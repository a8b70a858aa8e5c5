from __future__ import annotations

import pytest

from tests.hlo import oracle, programs
from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo import proto
from tpugraph_db.hlo.proto.attributes import texts


def test_every_attribute_is_printed_as_xla_prints_it():
    data = oracle.message(oracle.EVERY_OPCODE.read_text())
    assert oracle.ours(proto.program(data, "every_opcode")) == oracle.lines(data)


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_jax_programs_are_printed_as_xla_prints_them(name):
    data = programs.proto(name)
    assert oracle.ours(proto.program(data, name)) == oracle.lines(data)


def test_real_modules_are_printed_as_xla_prints_them(data):
    tuned = pb.ModuleTuningData.FromString((data / "tuning" / "module_tuning_data_layout.pb").read_bytes())
    assert oracle.ours(proto.program(tuned.module, "unet")) == oracle.lines(tuned.module)


def test_an_opcode_that_is_not_known_keeps_what_its_fields_say():
    window = pb.Window(dimensions=[pb.WindowDimension(size=3, stride=1, window_dilation=1, base_dilation=1)])
    fields = pb.Attributes(
        dimensions=[1, 0], window=window.SerializeToString(), is_stable=True, sharding=b"", is_composite=True
    )
    said = ("dimensions={1,0}, window={size=3}, is_stable=true", "is_composite=true, sharding={replicated}")
    assert texts("hypot", fields) == said
    assert texts("negate", fields) == ("", said[1])


def test_numbers_that_have_no_name_yet_stay_numbers():
    precision = pb.PrecisionConfig(operand_precision=[1, 9], algorithm=99).SerializeToString()
    dot = pb.Attributes(precision_config=precision, dot_dimension_numbers=b"\x0a\x01\x01\x12\x01\x00")
    dims = "lhs_contracting_dims={1}, rhs_contracting_dims={0}"
    assert texts("dot", dot) == (f"{dims}, operand_precision={{high,9}}, algorithm=99", "")
    assert texts("fft", pb.Attributes(fft_type=7, fft_length=[8])) == ("fft_type=7, fft_length={8}", "")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"replica_groups": [pb.ReplicaGroup(replica_ids=[0, 1])]}, "{{0,1}}"),
        ({"collective_device_list": b"\x0a\x04\x0a\x02\x02\x03"}, "{{2,3}}"),
        ({"collective_device_list": b"\x12\x07\x08\x02\x10\x04\x1a\x01\x08"}, "[2,4]<=[8]"),
        ({"iota_collective_device_list": b"\x08\x02\x10\x04\x1a\x02\x04\x02\x22\x02\x01\x00"}, "[2,4]<=[4,2]T(1,0)"),
        ({}, "{}"),
    ],
)
def test_groups_of_devices_are_read_in_every_form_that_xla_has_had(fields, said):
    assert texts("collective-broadcast", pb.Attributes(**fields)) == (f"replica_groups={said}", "")
