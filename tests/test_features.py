"""The arrays of a program: small ones by hand, and a real one against what TpuGraphs' own tools made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest

from tests import real
from tests.hlo import oracle, programs
from tests.hlo.messages import computation, instruction, module
from tpugraph_db import columns, features
from tpugraph_db.hlo import hlo_pb2, proto, text
from tpugraph_db.program import Program

ARRAYS: tuple[Callable[[Program], np.ndarray[Any, Any]], ...] = (
    features.node_features,
    features.opcode_numbers,
    features.edge_index,
    features.node_splits,
)


def of_message(data: bytes) -> Program:
    return proto.program(data, "x.pb")


def of_text(hlo: str) -> Program:
    return text.program(hlo, "x.hlo")


def same(a: Program, b: Program) -> bool:
    return all(np.array_equal(array(a), array(b)) for array in ARRAYS)


@pytest.fixture(scope="module")
def small() -> Program:
    """Two computations; ``main`` uses an operand twice, calls ``while_body`` twice, and ends before its last op."""
    body = computation(1, "while_body", instruction(1, "parameter"), instruction(2, "hypot", [1, 1]))
    main = computation(
        2,
        "main",
        instruction(1, "parameter", parameter_number=3, name="p"),
        instruction(2, "multiply", [1, 1], name="square"),
        instruction(3, "fusion", [2, 1], called_computation_ids=[1, 1], name="f"),
        instruction(4, "tanh", [2], name="late"),
        root=3,
    )
    return of_message(module(body, main).SerializeToString())


def test_rows_of_ops(small):
    rows = features.node_features(small)
    assert rows.dtype == np.float32
    assert rows.shape == (6, 140)
    named = dict(zip(columns.OP_COLUMNS, rows.T.tolist(), strict=True))
    assert named["is_root"] == [0, 1, 0, 0, 1, 0]
    assert named["shape_element_type_is_f32"] == [1] * 6
    assert named["shape_dimensions_sum"] == [4] * 6
    assert named["parameter_number"] == [0, 0, 3, 0, 0, 0]
    assert named["window_size_product"] == [1] * 6
    assert named["element_size_in_bits"] == [0] * 6


def test_an_opcode_that_the_dataset_does_not_have_is_0(small):
    numbers = features.opcode_numbers(small)
    assert numbers.dtype == np.uint8
    assert numbers.tolist() == [63, 0, 63, 59, 41, 96]


def test_edges_are_distinct_and_sorted(small):
    edges = features.edge_index(small)
    assert edges.dtype == np.int64
    assert edges.tolist() == [[1, 0], [3, 2], [4, 1], [4, 2], [4, 3], [5, 3]]


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (("sum", "main"), [0, 2]),
        (("while_body", "main"), [0, 1, 2]),
        (("region_cond.3", "a_cluster"), [0, 1, 2]),
        (("Cluster", "WHILE"), [0, 2]),
    ],
)
def test_segments_end_where_major_computations_do(names, splits):
    parts = [computation(id, name, instruction(1, "parameter")) for id, name in enumerate(names, 1)]
    found = features.node_splits(of_message(module(*parts).SerializeToString()))
    assert found.dtype == np.int64
    assert found.tolist() == splits


@pytest.fixture(scope="module")
def unet(data) -> bytes:
    """The HLO of ``unet_3d.4x4.bf16``."""
    tuned = hlo_pb2.ModuleTuningData.FromString((data / "tuning" / "module_tuning_data_layout.pb").read_bytes())
    return tuned.module


def test_a_real_module_gives_the_arrays_of_its_file_bit_for_bit(data, unet):
    record, program = real.record(data, "unet_3d.4x4.bf16"), of_message(unet)
    files = (record.features, record.opcode_numbers, record.edges, record.splits)
    for array, file in zip(ARRAYS, files, strict=True):
        ours = array(program)
        assert (ours.dtype, ours.shape) == (file.dtype, file.shape)
        assert ours.tobytes() == file.tobytes()


def test_text_and_message_of_a_real_module_agree(unet):
    message, hlo = of_message(unet), of_text(oracle.text(unet))
    assert same(message, hlo)
    assert message == hlo


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_text_and_message_of_jax_programs_agree(name):
    data = programs.proto(name)
    message, hlo = of_message(data), of_text(oracle.text(data))
    assert same(message, hlo)
    assert message == hlo


def test_text_and_message_of_every_opcode_agree():
    data = oracle.message(oracle.EVERY_OPCODE.read_text())
    message, hlo = of_message(data), of_text(oracle.text(data))  # which has some computations in another order
    assert rows_by_name(message) == rows_by_name(hlo)
    assert edges_by_name(message) == edges_by_name(hlo)


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_text_and_message_of_optimized_jax_programs_agree(name):
    """Text has the computations and instructions of a module with a schedule as they run, so rows go by name."""
    function, shapes = programs.PROGRAMS[name]
    (optimized,) = jax.jit(function).lower(*shapes).compile().runtime_executable().hlo_modules()
    message, hlo = of_message(optimized.as_serialized_hlo_module_proto()), of_text(optimized.to_string())
    assert rows_by_name(message) == rows_by_name(hlo)
    assert edges_by_name(message) == edges_by_name(hlo)


def rows_by_name(program: Program) -> dict[str, tuple[int, bytes]]:
    numbers, rows = features.opcode_numbers(program).tolist(), features.node_features(program)
    names = program.names.tolist()
    return {name: (number, row.tobytes()) for name, number, row in zip(names, numbers, rows, strict=True)}


def edges_by_name(program: Program) -> set[tuple[str, str]]:
    names = program.names.tolist()
    return {(names[consumer], names[producer]) for consumer, producer in features.edge_index(program).tolist()}
