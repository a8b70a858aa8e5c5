from __future__ import annotations

import pytest

from tests.hlo.messages import PRED, computation, doubled, envelope, instruction, module
from tpugraph_db.errors import DataError
from tpugraph_db.hlo import hlo_pb2, proto
from tpugraph_db.hlo.module import Computation, Instruction, Module


def read(message: hlo_pb2.HloModule) -> Module:
    return proto.from_bytes(message.SerializeToString(), "x.pb")


def test_names_stand_for_ids():
    assert read(doubled()) == Module(
        name="m",
        computations=[
            Computation(
                "double",
                [
                    Instruction("parameter.1", "parameter", "f32[4]{0}", [], "parameter(0)"),
                    Instruction("add.2", "add", "f32[4]{0}", ["parameter.1", "parameter.1"]),
                ],
                root="add.2",
            ),
            Computation(
                "main",
                [
                    Instruction("parameter.0", "parameter", "f32[4]{0}", [], "parameter(0)"),
                    Instruction(
                        "call.2", "call", "f32[4]{0}", ["parameter.0"], "to_apply=double", [("to_apply", "double")]
                    ),
                ],
                root="call.2",
            ),
        ],
        entry="main",
    )


def test_names_that_two_computations_share_become_unique():
    names = [one.name for computation in read(doubled()).computations for one in computation.instructions]
    assert len(set(names)) == 4


@pytest.mark.parametrize("wrap", [bytes, envelope, lambda data: envelope(envelope(data))])
def test_every_message_that_holds_a_module_gives_it(wrap):
    assert proto.from_bytes(wrap(doubled().SerializeToString()), "x.pb") == read(doubled())


def test_control_predecessors_and_metadata():
    source = hlo_pb2.Metadata(op_name="jit(f)/tanh", source_file="f.py", source_line=3).SerializeToString()
    message = module(
        computation(
            1,
            "main",
            instruction(1, "parameter"),
            instruction(2, "tanh", [1], control_predecessor_ids=[1], metadata=source),
        )
    )
    tanh = read(message).computations[0].instructions[1]
    assert tanh.control_predecessors == ["parameter.1"]
    assert (tanh.op_name, tanh.source_file, tanh.source_line) == ("jit(f)/tanh", "f.py", 3)


def test_a_conditional_on_a_predicate_has_a_true_and_a_false_branch():
    branches = [computation(id, name, instruction(1, "parameter")) for id, name in ((1, "a"), (2, "b"))]
    main = computation(
        3, "main", instruction(1, "parameter", shape=PRED),
        instruction(2, "conditional", [1], called_computation_ids=[1, 2]),
    )  # fmt: skip
    called = read(module(*branches, main)).computations[2].instructions[1].calls
    assert called == [("true_computation", "a"), ("false_computation", "b")]


def test_an_entry_may_be_said_by_its_name():
    message = doubled()
    message.entry_computation_id, message.entry_computation_name = 0, "double"
    assert read(message).entry == "double"


def test_opcodes_that_are_not_known_are_counted():
    message = module(computation(1, "main", instruction(1, "parameter"), instruction(2, "hypot", [1, 1])))
    assert read(message).unknown == {"hypot": 1}


def test_tuning_data_is_refused():
    run = hlo_pb2.ConfigProfile(op_config=hlo_pb2.HloOpConfig(tile_size_config=hlo_pb2.TileSizeConfig()))
    data = hlo_pb2.ModuleTuningData(module=doubled().SerializeToString(), runs=[run]).SerializeToString()
    with pytest.raises(DataError, match="expected one HLO module, found tuning data"):
        proto.from_bytes(data, "x.pb")


def one(*instructions: hlo_pb2.Instruction, **fields: int) -> hlo_pb2.HloModule:
    return module(computation(1, "main", *instructions, **fields))


PARAMETER = instruction(1, "parameter")


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (one(PARAMETER, instruction(2, "add", [1, 9])), "%add.2: expected ids that are there, found no id 9"),
        (one(PARAMETER, instruction(2, "call", [1], called_computation_ids=[7])), "%call.2: .* found no id 7"),
        (one(PARAMETER, instruction(2, "call", [1], called_computation_ids=[1])), "%call.2: .* found no id 1"),
        (one(PARAMETER, instruction(2, "tanh", [1], control_predecessor_ids=[8])), "%tanh.2: .* found no id 8"),
        (one(PARAMETER, root=5), "%main: expected its root among its instructions, found no id 5"),
        (one(PARAMETER, instruction(1, "tanh", [1])), "%main: .* found one that two have"),
        (module(computation(1, "a", PARAMETER), computation(1, "b", PARAMETER)), "%b: .* found 1 again"),
        (one(instruction(1, "parameter", shape=hlo_pb2.Shape())), "%parameter.1: .* found element type 0"),
        (one(instruction(1, "parameter", shape=hlo_pb2.Shape(element_type=99))), "found element type 99"),
        (one(instruction(1, "parameter", name="p" * 1_000, shape=hlo_pb2.Shape())), "x.pb: %p{80}: "),
        (one(hlo_pb2.Instruction(id=1, opcode="parameter", name="p", shape=b"\x0b")), "%p: expected fields"),
        (one(hlo_pb2.Instruction(id=1, opcode="parameter", name="p", shape=b"\x22\x02" * 9)), "%p: expected fields"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(message, found):
    with pytest.raises(DataError, match=found):
        read(message)


def test_tuples_too_deep_inside_each_other_are_refused():
    shape = b""
    for _ in range(200):
        shape = b"\x10\x0d\x22" + _varint(len(shape)) + shape
    with pytest.raises(DataError, match="%p: expected fields of an HLO instruction"):
        read(one(hlo_pb2.Instruction(id=1, opcode="parameter", name="p", shape=shape)))


def _varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number % 128 + 128]) + _varint(number // 128)


def test_a_field_of_another_wire_type_is_not_there():
    # field 35, the id, as bytes: the instruction has id 0, and nobody has id 1
    broken = PARAMETER.SerializeToString().replace(b"\x98\x02\x01", b"\x9a\x02\x01a")
    message = one(hlo_pb2.Instruction.FromString(broken), instruction(2, "tanh", [1]))
    with pytest.raises(DataError, match=r"%tanh\.2: expected ids that are there, found no id 1"):
        read(message)


def test_names_of_called_computations_are_bounded(monkeypatch):
    monkeypatch.setattr(proto, "_CALLS_TEXT", 5)
    with pytest.raises(DataError, match="more than 5 characters of called names in all"):
        read(doubled())


def test_cut_short_anywhere_it_is_refused_or_whole():
    data = envelope(doubled().SerializeToString())
    for size in range(len(data)):
        with pytest.raises(DataError):
            proto.from_bytes(data[:size], "x.pb")


def test_text_that_is_not_utf_8_is_refused():
    data = doubled().SerializeToString().replace(b"double", b"doubl\xff")
    with pytest.raises(DataError, match="expected HLO in protobuf"):
        proto.from_bytes(data, "x.pb")
