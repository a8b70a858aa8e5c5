import numpy as np
import pytest

from tests import graphs, real
from tpugraph_db.columns import IS_ROOT, MINOR_TO_MAJOR

LAYOUT = ["unet3d", "unet_3d.4x4.bf16", "xla hidden", "nlp hidden"]


@pytest.mark.parametrize(
    "name",
    ["opcode_numbers", "features", "edges", "splits", "opcodes", "minor_to_major", "is_root", "is_call", "computation"],
)
def test_arrays_cannot_be_written(name):
    array = getattr(graphs.diamond(), name)
    with pytest.raises(ValueError, match="read-only"):
        array[...] = array


def test_fields_cannot_be_set():
    with pytest.raises(AttributeError):
        graphs.chain().name = "other"


def test_a_record_does_not_freeze_the_arrays_it_is_made_from():
    edges = np.array([[1, 0]])
    graphs.chain().replace(edges=edges)
    edges[0, 0] = 2
    assert edges.tolist() == [[2, 0]]


def test_equal_records_are_equal():
    assert graphs.diamond() == graphs.diamond()


def test_records_that_differ_in_one_bit_are_not_equal():
    record = graphs.chain()
    features = record.features.copy()
    features[0, 1] = -0.0
    assert (features == record.features).all()
    assert record.replace(features=features) != record


def test_records_that_differ_in_their_configurations_are_not_equal():
    assert graphs.diamond().replace(configurations=graphs.chain().configurations) != graphs.diamond()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"splits": None},
        {"failed_runs": 0},
        {"program": graphs.lowered().program},
        {"source_dtypes": {"edge_index": "<i4"}},
    ],
)
def test_records_that_differ_in_one_field_are_not_equal(changes):
    assert graphs.chain().replace(**changes) != graphs.chain()


def test_what_a_reader_did_not_know_is_no_difference():
    assert graphs.chain().replace(unknown={"attribute frozen": 2}) == graphs.chain()


def test_a_record_is_no_key():
    with pytest.raises(TypeError):
        hash(graphs.chain())


def test_a_record_says_what_it_is():
    assert repr(graphs.diamond()) == (
        "<GraphRecord layout:test:default/valid/diamond: 4 ops, 4 edges, 4 configurations>"
    )


def test_the_id_is_collection_split_and_name():
    assert graphs.chain().id == "layout:test:default/train/chain"


def test_its_length_is_its_ops():
    assert len(graphs.two_computations()) == 8


def test_opcodes_are_hlo_names():
    assert graphs.diamond().opcodes.tolist() == ["parameter", "convolution", "dot", "add"]


def test_opcodes_of_a_program_are_its_own():
    record = graphs.lowered()
    assert (record.opcodes[8], record.opcode_numbers[8]) == ("erf", 0)


def test_a_program_says_its_computations_and_calls():
    record = graphs.lowered()
    assert record.computation.tolist() == [0] * 3 + [1] * 2 + [2] * 6
    assert record.edges[record.is_call].tolist() == [[7, 4], [9, 2]]


def test_a_root_that_its_own_computation_reads_is_no_call_of_a_program():
    record = graphs.lowered()
    features = record.features.copy()
    features[8, IS_ROOT] = 1
    assert record.edges[record.replace(features=features).is_call].tolist() == [[7, 4], [9, 2]]


def test_configurable_ops_of_a_layout_graph():
    assert graphs.diamond().configurable_ops.tolist() == [1, 2]


def test_a_tile_graph_has_no_configurable_ops():
    assert graphs.two_computations().configurable_ops.tolist() == []


def test_layout_padding_is_repaired():
    assert graphs.diamond().minor_to_major.tolist() == [
        [1, 0, -1, -1, -1, -1],
        [2, 1, 0, -1, -1, -1],
        [0, 1, -1, -1, -1, -1],
        [-1, -1, -1, -1, -1, -1],
    ]


def test_the_repair_keeps_the_original():
    assert graphs.diamond().features[1, MINOR_TO_MAJOR].tolist() == [2, 1, 0, 0, 0, 0]


def test_is_root():
    assert np.flatnonzero(graphs.two_computations().is_root).tolist() == [2, 7]


def test_the_edge_from_a_root_is_a_call():
    record = graphs.two_computations()
    assert record.edges[record.is_call].tolist() == [[6, 2]]


@pytest.mark.parametrize("record", [graphs.chain(), graphs.diamond()], ids=["chain", "diamond"])
def test_one_computation_has_no_calls(record):
    assert not record.is_call.any()


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (graphs.chain(), [0, 0, 0, 0]),
        (graphs.diamond(), [0, 0, 0, 0]),
        (graphs.two_computations(), [0, 0, 0, 0, 1, 1, 1, 1]),
    ],
    ids=["chain", "diamond", "two"],
)
def test_computations(record, expected):
    assert record.computation.tolist() == expected


def test_unet3d_has_64_computations(data):
    assert np.unique(real.record(data, "unet3d").computation).tolist() == list(range(64))


def test_unet3d_goes_on_after_root_2303_to_2309(data):
    record = real.record(data, "unet3d")
    own = np.flatnonzero(record.computation == record.computation[2303])
    assert record.is_root[2303]
    assert own[-1] == 2309
    assert own.tolist() == list(range(own[0], 2310))


def test_unet_3d_4x4_bf16_has_143_computations(data):
    assert np.unique(real.record(data, "unet_3d.4x4.bf16").computation).tolist() == list(range(143))


def test_unet_3d_4x4_bf16_has_170_call_edges(data):
    assert real.record(data, "unet_3d.4x4.bf16").is_call.sum() == 170


@pytest.mark.parametrize("name", real.FILES)
def test_no_data_edge_of_a_real_graph_crosses_computations(data, name):
    record = real.record(data, name)
    consumers, producers = record.edges[~record.is_call].T
    assert (record.computation[consumers] == record.computation[producers]).all()


@pytest.mark.parametrize("name", real.FILES)
def test_every_call_of_a_real_graph_crosses_computations(data, name):
    record = real.record(data, name)
    consumers, producers = record.edges[record.is_call].T
    assert (record.computation[consumers] > record.computation[producers]).all()


@pytest.mark.parametrize("name", real.FILES)
def test_every_computation_of_a_real_graph_has_one_root(data, name):
    record = real.record(data, name)
    assert (np.bincount(record.computation, weights=record.is_root) == 1).all()


@pytest.mark.parametrize("name", LAYOUT)
def test_configurable_ops_of_a_real_graph_are_convolutions_dots_and_reshapes(data, name):
    record = real.record(data, name)
    assert set(record.opcodes[record.configurable_ops].tolist()) <= {"convolution", "dot", "reshape"}
