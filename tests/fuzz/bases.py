"""Whole files of every reader, from which broken ones are made."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random as Chance

import numpy as np

from tests import graphs
from tests.formats import mutations
from tests.formats.files import arrays_of, written
from tests.fuzz.filled import filled
from tests.hlo import hlo_texts
from tests.hlo.messages import computation, doubled, instruction, module
from tpugraph_db.formats.identity import Identity
from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo import text
from tpugraph_db.hlo.record import record

_EVERY_OPCODE = Path(__file__).parents[1] / "hlo" / "every_opcode.hlo"


@dataclass(frozen=True)
class Bases:
    """Files by reader."""

    texts: list[bytes]
    modules: list[bytes]
    """HloModuleProto: what the other messages hold."""
    npz: list[bytes]
    """Without a program."""
    collected: list[bytes]
    """With one."""


@cache
def literal() -> Bases:
    """Made by hand, and here."""
    forms = {name: value for name, value in vars(hlo_texts).items() if name.isupper() and isinstance(value, str)}
    return Bases(
        texts=[*(form.encode() for form in forms.values()), _EVERY_OPCODE.read_bytes()],
        modules=[doubled().SerializeToString(), _wide().SerializeToString(), _attributes().SerializeToString()],
        npz=mutations.BASES,
        collected=[collected(hlo_texts.METADATA), collected(hlo_texts.CALLS)],
    )


@cache
def with_real(data: Path) -> Bases:
    """And the beginnings of real files."""
    known = literal()
    layout = pb.ModuleTuningData.FromString((data / "tuning" / "module_tuning_data_layout.pb").read_bytes())
    kernels = pb.Envelope.FromString((data / "tuning" / "op_tuning_data.pb").read_bytes()).first
    tuned = [pb.ModuleTuningData.FromString(kernel).module for kernel in kernels[:3]]
    return replace(
        known,
        texts=[*known.texts, *(_begin(path.read_bytes()) for path in sorted((data / "hlo").glob("*.hlo")))],
        modules=[*known.modules, _first(layout.module), *tuned],
        npz=[*known.npz, *(path.read_bytes() for path in sorted((data / "npz" / "tile").rglob("*.npz"))[:4])],
    )


def collected(hlo: str) -> bytes:
    """What ``tpudb collect`` writes of a program: two ops with layouts, each measured twice."""
    rows = [[[0], [1]], [[1], [0]], [[-1], [-1]]]
    configurations = replace(
        graphs.layouts([1, 2], rows, [30, 20, 40]),
        is_default=np.array([False, False, True]),
        repeat_runtime_ns=np.array([31, 22, 43]),
    )
    made = record(text.program(hlo, "f.hlo"), Identity(None, "none", "f"), configurations)
    beside = {"hlo_text": characters(hlo), "op_measured_ns": np.arange(len(made)), "collected": characters("{}")}
    return zipped(arrays_of(written(made)) | beside)


def characters(hlo: str | bytes) -> np.ndarray:
    return np.frombuffer(hlo.encode() if isinstance(hlo, str) else hlo, np.uint8)


def zipped(arrays: dict[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _wide() -> pb.HloModule:
    """Loops, branches, tuples, constants, windows and where they come from in the source."""
    chance = Chance(1)
    pair = pb.Shape(element_type=13, tuple_shapes=[pb.Shape(element_type=4), pb.Shape(element_type=11, dimensions=[4])])
    number = pb.Literal(shape=pb.Shape(element_type=4), s32s=[10]).SerializeToString()
    source = pb.Metadata(op_name="jit(f)/while", stack_frame_id=1).SerializeToString()
    window = pb.Window(dimensions=[pb.WindowDimension(size=3, stride=1, window_dilation=1, base_dilation=1)])
    test = [instruction(1, "parameter", shape=pair), instruction(2, "constant", literal=number)]
    body = [instruction(4, "parameter", shape=pair), instruction(5, "get-tuple-element", [4], tuple_index=1)]
    main = [instruction(7, "parameter", shape=pair, metadata=source)]
    main.append(instruction(8, "while", [7], shape=pair, called_computation_ids=[2, 1], metadata=source))
    main.append(instruction(9, "reduce-window", [8, 7], called_computation_ids=[2], window=window.SerializeToString()))
    main.append(instruction(10, "fusion", [9], called_computation_ids=[2], fusion_kind="kLoop", dimensions=[0]))
    main.append(instruction(11, "add", [10, 10, 9], control_predecessor_ids=[8], channel_id=1))
    frames = pb.StackFrameIndex(file_names=["a.py"])
    frames.file_locations.add(file_name_id=1, line=8)
    frames.stack_frames.add(file_location_id=1)
    made = module(computation(1, "test", *test), computation(2, "body", *body), computation(3, "main", *main))
    made.stack_frame_index.CopyFrom(frames)
    filled(made.input_output_alias, chance, junk=0)
    return made


def _attributes() -> pb.HloModule:
    """Ops of many opcodes with a few attributes each, by chance."""
    chance, ops = Chance(2), [instruction(0, "parameter")]
    for number, opcode in enumerate(("dot", "convolution", "gather", "custom-call", "pad", "sort", "newest"), 1):
        ops.append(instruction(number, opcode, [number - 1]))
        more = filled(pb.Attributes(), chance, 0.1, junk=0)
        more.ClearField("called_computation_ids")
        more.ClearField("control_predecessor_ids")
        ops[-1].MergeFromString(more.SerializeToString())
    return module(computation(1, "main", *ops))


def _begin(hlo: bytes, size: int = 6_000) -> bytes:
    """The first computations of a text, the last of them its entry."""
    end = hlo.find(b"\n}\n", size)
    begin = hlo[: end + 3] if end >= 0 else hlo
    return begin if b"\nENTRY" in begin else b"\nENTRY ".join(begin.rsplit(b"\n\n", 1))


def _first(data: bytes, computations: int = 12) -> bytes:
    """The first computations of a message."""
    made = pb.HloModule.FromString(data)
    del made.computations[computations:]
    made.entry_computation_id = made.computations[-1].id
    return made.SerializeToString()
