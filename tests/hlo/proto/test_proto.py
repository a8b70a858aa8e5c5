from __future__ import annotations

import pytest

from tests.hlo.messages import PRED, computation, doubled, envelope, instruction, module
from tpugraph_db.errors import DataError
from tpugraph_db.hlo import hlo_pb2, proto
from tpugraph_db.hlo.proto import rest
from tpugraph_db.program import Program


def read(message: hlo_pb2.HloModule) -> Program:
    return proto.program(message.SerializeToString(), "x.pb")


def test_ids_become_indices():
    program = proto.program(doubled().SerializeToString(), "x.pb", "before_optimizations")
    assert (program.module, program.module_attributes, program.stage) == ("m", "", "before_optimizations")
    assert program.names.tolist() == ["parameter.1", "add.2", "parameter.0", "call.2"]
    assert program.opcodes.tolist() == ["parameter", "add", "parameter", "call"]
    assert program.shapes.tolist() == ["f32[4]{0}"] * 4
    assert program.operands.tolist() == [[], [0, 0], [], [2]]
    assert program.attributes.tolist() == ["parameter(0)", "", "parameter(0)", "to_apply=double"]
    assert program.computation_names.tolist() == ["double", "main"]
    assert program.computation_starts.tolist() == [0, 2, 4]
    assert program.computation_roots.tolist() == [1, 3]
    assert program.entry == 1
    assert program.calls.tolist() == [[3, 0]]
    assert program.call_kinds.tolist() == ["to_apply"]


def test_names_that_no_two_computations_share_stay():
    one = computation(1, "a", instruction(1, "parameter"))
    two = computation(2, "b", instruction(9, "parameter"))
    assert read(module(one, two)).names.tolist() == ["parameter.1", "parameter.9"]


@pytest.mark.parametrize("wrap", [bytes, envelope, lambda data: envelope(envelope(data))])
def test_every_message_that_holds_a_module_gives_it(wrap):
    assert proto.program(wrap(doubled().SerializeToString()), "x.pb") == read(doubled())


def test_control_predecessors_and_metadata():
    source = hlo_pb2.Metadata(op_name="jit(f)/tanh", source_file="f.py", source_line=3).SerializeToString()
    tanh = instruction(2, "tanh", [1], control_predecessor_ids=[1], metadata=source)
    program = read(module(computation(1, "main", instruction(1, "parameter"), tanh)))
    assert program.control_predecessors.tolist() == [[], [0]]
    assert program.op_name.tolist() == ["", "jit(f)/tanh"]
    assert program.source_file.tolist() == ["", "f.py"]
    assert program.source_line.tolist() == [0, 3]


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (PRED, "true_computation=a, false_computation=b"),
        (hlo_pb2.Shape(element_type=4), "branch_computations={a, b}"),
    ],
)
def test_a_conditional_on_a_truth_value_has_a_true_and_a_false_branch(shape, said):
    branches = [computation(id, name, instruction(1, "parameter")) for id, name in ((1, "a"), (2, "b"))]
    conditional = instruction(2, "conditional", [1], called_computation_ids=[1, 2])
    main = computation(3, "main", instruction(1, "parameter", shape=shape), conditional)
    program = read(module(*branches, main))
    assert program.attributes[3] == said
    assert program.calls.tolist() == [[3, 0], [3, 1]]


def test_an_entry_may_be_said_by_its_name():
    message = doubled()
    message.entry_computation_id, message.entry_computation_name = 0, "double"
    assert read(message).entry == 0


def test_tuning_data_is_refused():
    run = hlo_pb2.ConfigProfile(op_config=hlo_pb2.HloOpConfig(tile_size_config=hlo_pb2.TileSizeConfig()))
    data = hlo_pb2.ModuleTuningData(module=doubled().SerializeToString(), runs=[run]).SerializeToString()
    with pytest.raises(DataError, match="expected one HLO module, found tuning data"):
        proto.program(data, "x.pb")


def one(*instructions: hlo_pb2.Instruction, result: bytes | None = None, **fields: int) -> hlo_pb2.HloModule:
    shape = None if result is None else hlo_pb2.ProgramShape(result=result)
    return module(computation(1, "main", *instructions, **fields), host_program_shape=shape)


PARAMETER = instruction(1, "parameter")


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (one(PARAMETER, instruction(2, "add", [1, 9])), r"%add\.2: expected operands .* found ids \[1, 9\]"),
        (one(PARAMETER, instruction(2, "add", [2])), r"%add\.2: expected operands that stand before it"),
        (one(instruction(1, "add", [2]), instruction(2, "add", [1])), r"%add\.1: expected operands"),
        (one(PARAMETER, instruction(2, "call", [1], called_computation_ids=[7])), r"%call\.2: .* a call of no id 7"),
        (one(PARAMETER, instruction(2, "call", [1], called_computation_ids=[1])), r"%call\.2: .* found 'main'"),
        (one(PARAMETER, instruction(2, "tanh", [1], control_predecessor_ids=[8])), r"%tanh\.2: .* found ids \[8\]"),
        (one(PARAMETER, instruction(2, "tanh", [1], control_predecessor_ids=[2])), "expected control predecessors"),
        (one(PARAMETER, root=5), "%main: expected its root among its instructions, found no id 5"),
        (one(PARAMETER, instruction(1, "tanh", [1])), "%main: .* found one that two have"),
        (one(PARAMETER, instruction(2, "tanh", [1], name="parameter.1")), "expected a name of its own for each inst"),
        (one(instruction(1, "parameter", name="")), "expected a name of its own for each instruction"),
        (module(computation(1, "a", PARAMETER), computation(1, "b", PARAMETER)), "an id of its own for each comp"),
        (module(computation(1, "a", PARAMETER), computation(2, "a", PARAMETER)), "a name of its own for each comp"),
        (module(computation(1, "a", PARAMETER), entry_computation_id=9), "an entry computation, found no id 9"),
        (hlo_pb2.HloModule(name="m"), "expected computations, found none"),
        (one(instruction(1, "parameter", shape=hlo_pb2.Shape())), r"%parameter\.1: expected a shape, .* type 0"),
        (one(instruction(1, "parameter", shape=hlo_pb2.Shape(element_type=99))), "found element type 99"),
        (one(instruction(1, "parameter", shape=hlo_pb2.Shape(element_type=1, dimensions=[-1]))), "expected a shape"),
        (one(instruction(1, "parameter", name="p" * 1_000, shape=hlo_pb2.Shape())), r"x\.pb: %p{80}: "),
        (one(hlo_pb2.Instruction(id=1, opcode="parameter", name="p", shape=b"\x0b")), "%p: expected a shape"),
        (one(instruction(1, "parameter", metadata=b"\x0b")), r"%parameter\.1: expected metadata"),
        (one(instruction(1, "reduce-window", window=b"\x0b")), "expected fields of an HLO instruction"),
        (one(PARAMETER, result=b"\x0b"), "HloModule: expected attributes"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(message, found):
    with pytest.raises(DataError, match=found):
        read(message)


def test_tuples_too_deep_inside_each_other_are_refused():
    shape = b""
    for _ in range(200):
        shape = b"\x10\x0d\x22" + _varint(len(shape)) + shape
    with pytest.raises(DataError, match="%p: expected a shape"):
        read(one(hlo_pb2.Instruction(id=1, opcode="parameter", name="p", shape=shape)))


def _varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number % 128 + 128]) + _varint(number // 128)


def test_a_field_of_another_wire_type_is_not_there():
    # field 35, the id, as bytes: the instruction has id 0, and nobody has id 1
    broken = PARAMETER.SerializeToString().replace(b"\x98\x02\x01", b"\x9a\x02\x01a")
    message = one(hlo_pb2.Instruction.FromString(broken), instruction(2, "tanh", [1]))
    with pytest.raises(DataError, match=r"%tanh\.2: expected operands .* found ids \[1\]"):
        read(message)


def test_names_of_called_computations_are_bounded(monkeypatch):
    monkeypatch.setattr(rest, "_CALLS_TEXT", 5)
    with pytest.raises(DataError, match="more than 5 characters of called names in all"):
        read(doubled())


def test_cut_short_anywhere_it_is_refused_or_whole():
    data = envelope(doubled().SerializeToString())
    for size in range(len(data)):
        with pytest.raises(DataError):
            proto.program(data[:size], "x.pb")


def test_text_that_is_not_utf_8_is_refused():
    data = doubled().SerializeToString().replace(b"double", b"doubl\xff")
    with pytest.raises(DataError, match="expected HLO in protobuf"):
        proto.program(data, "x.pb")
