from __future__ import annotations

from tests.hlo.messages import F32
from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo.proto.module import module_attributes

SHAPE = F32.SerializeToString()


def test_a_module_says_nothing_of_what_it_has_not():
    assert module_attributes(pb.HloModule(name="m")) == ""


def test_attributes_come_in_xlas_order():
    alias = pb.InputOutputAlias.Entry
    module = pb.HloModule(
        schedule=b"\x0a\x00",
        input_output_alias=pb.InputOutputAlias(
            entries=[
                alias(output_shape_index=[0], kind=1),
                alias(output_shape_index=[1], parameter_number=1, parameter_shape_index=[0, 2], kind=2),
            ]
        ),
        buffer_donor=pb.BufferDonor(entries=[pb.BufferDonor.Entry(parameter_number=1, parameter_shape_index=[0])]),
        host_program_shape=pb.ProgramShape(parameters=[SHAPE, SHAPE], result=SHAPE),
        frontend_attributes=pb.FrontendAttributes(map={"b": "2", "a": 'x"y'}),
    )
    assert module_attributes(module) == (
        "is_scheduled=true, "
        "input_output_alias={ {0}: (0, {}, may-alias), {1}: (1, {0,2}, must-alias) }, "
        "buffer_donor={ (1, {0}) }, "
        "entry_computation_layout={(f32[4]{0}, f32[4]{0})->f32[4]{0}}, "
        'frontend_attributes={a="x\\"y",b="2"}'
    )
