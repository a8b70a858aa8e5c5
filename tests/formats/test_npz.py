import io
import time
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests import graphs, real, strategies
from tests.formats.files import arrays_of, refusal, same_arrays, save, save_members, written
from tpugraph_db.configurations import Configurations
from tpugraph_db.errors import DataError
from tpugraph_db.formats import npz, read

DIAMOND, TWO = graphs.diamond(), graphs.two_computations()
LITERAL = pytest.mark.parametrize("record", [graphs.chain(), DIAMOND, TWO], ids=["chain", "diamond", "two"])


def read_back(content, record):
    """What a file says, under the identity of the record that it was written from."""
    identity = {"collection": record.collection, "split": record.split, "name": record.name}
    return read("-", stdin=io.BytesIO(content), **identity).replace(sha256=record.sha256)


@LITERAL
def test_a_record_comes_back(record):
    assert read_back(written(record), record) == record


@given(strategies.records())
def test_every_record_comes_back(record):
    assert read_back(written(record), record) == record


@pytest.mark.parametrize("record", [DIAMOND, TWO], ids=["diamond", "two"])
def test_a_second_run_and_the_default_come_back(record):
    runs = len(record.configurations)
    known = {"repeat_runtime_ns": np.arange(runs), "is_default": np.arange(runs) == 1}
    record = record.replace(configurations=replace(record.configurations, **known))
    content = written(record)
    assert read_back(content, record) == record
    assert arrays_of(content)["config_is_default"].dtype == np.bool_
    assert arrays_of(content)["config_runtime_repeat"].tolist() == list(range(runs))


@LITERAL
def test_what_is_not_known_has_no_key(record):
    assert not {"config_is_default", "config_runtime_repeat"} & arrays_of(written(record)).keys()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"config_is_default": np.zeros(4, np.int64)},
            "config_is_default: expected bool (configs) with 4 configs, found int64 (4,)",
        ),
        (
            {"config_is_default": np.zeros(3, np.bool_)},
            "config_is_default: expected bool (configs) with 4 configs, found bool (3,)",
        ),
        (
            {"config_runtime_repeat": np.array([1, 2, -3, 4])},
            "config_runtime_repeat: expected nanoseconds, 0 for not measured, found -3",
        ),
    ],
)
def test_a_second_run_or_default_that_is_none(tmp_path, changes, reason):
    assert refusal(save(tmp_path / "x.npz", DIAMOND, changes)) == reason


def test_a_program_is_not_in_an_npz():
    lowered = graphs.lowered()
    content = written(lowered)
    assert arrays_of(content).keys() == arrays_of(written(graphs.chain())).keys()
    assert read_back(content, lowered) == lowered.replace(program=None)


@given(strategies.records())
def test_writing_what_was_read_gives_the_same_file(record):
    content = written(record)
    assert written(read_back(content, record)) == content


@pytest.mark.parametrize("name", real.FILES)
def test_writing_a_real_record_gives_the_arrays_it_was_read_from(data, name):
    assert same_arrays(arrays_of(written(real.record(data, name))), arrays_of(real.path(data, name)))


@pytest.mark.parametrize("name", ["unet3d", "unet_3d.4x4.bf16", "xla hidden", "nlp hidden"])
def test_config_features_of_a_real_graph_are_the_tensor_s_rows(data, name):
    configurations = real.record(data, name).configurations
    with np.load(real.path(data, name)) as archive:
        tensor = archive["node_config_feat"]
    last = len(tensor) - 1
    assert all(configurations.config_features(at).tobytes() == tensor[at].tobytes() for at in (0, 1, last // 2, last))


def test_a_real_edge_list_in_fortran_order(data):
    with np.load(real.path(data, "unet3d")) as archive:
        edges = archive["edge_index"]
    assert edges.flags.f_contiguous
    assert not edges.flags.c_contiguous
    assert real.record(data, "unet3d").edges.tolist() == edges.tolist()


def test_a_layout_file_has_the_dataset_s_keys():
    assert {key: (a.dtype.name, a.shape) for key, a in arrays_of(written(DIAMOND)).items()} == {
        "node_feat": ("float32", (4, 140)),
        "node_opcode": ("uint8", (4,)),
        "edge_index": ("int64", (4, 2)),
        "node_config_feat": ("float32", (4, 2, 18)),
        "node_config_ids": ("int64", (2,)),
        "config_runtime": ("int64", (4,)),
        "node_splits": ("int64", (1, 2)),
    }


def test_a_tile_file_has_the_dataset_s_keys():
    assert {key: (a.dtype.name, a.shape) for key, a in arrays_of(written(TWO)).items()} == {
        "node_feat": ("float32", (8, 140)),
        "node_opcode": ("uint8", (8,)),
        "edge_index": ("int64", (7, 2)),
        "config_feat": ("float32", (3, 24)),
        "config_runtime": ("int64", (3,)),
        "config_runtime_normalizers": ("int64", (3,)),
    }


def test_the_same_record_is_always_written_as_the_same_bytes():
    assert written(DIAMOND) == written(graphs.diamond())


@pytest.mark.parametrize(
    ("record", "key", "dtype"),
    [
        (DIAMOND, "node_opcode", "int32"),
        (DIAMOND, "node_opcode", "int64"),
        (DIAMOND, "edge_index", "int32"),
        (DIAMOND, "node_config_ids", "int32"),
        (DIAMOND, "node_splits", "int32"),
        (DIAMOND, "config_runtime", "int32"),
        (TWO, "config_runtime_normalizers", "int32"),
        (DIAMOND, "edge_index", ">i8"),
        (DIAMOND, "edge_index", ">i4"),
        (DIAMOND, "node_feat", ">f4"),
        (DIAMOND, "node_config_feat", ">f4"),
        (TWO, "config_feat", ">f4"),
    ],
)
def test_another_width_or_byte_order_is_read_and_restored(tmp_path, record, key, dtype):
    before = arrays_of(written(record))
    path = save(tmp_path / "x.npz", record, {key: before[key].astype(dtype)})
    found = read(path)
    assert found.source_dtypes == {key: np.dtype(dtype).str}
    assert same_arrays(arrays_of(written(found)), arrays_of(path))
    assert same_arrays(arrays_of(written(found.replace(source_dtypes={}))), before)


@pytest.mark.parametrize("key", ["node_feat", "edge_index"])
def test_fortran_order_is_read(tmp_path, key):
    array = np.asfortranarray(arrays_of(written(DIAMOND))[key])
    assert not array.flags.c_contiguous
    found = read(save(tmp_path / "x.npz", DIAMOND, {key: array}))
    assert same_arrays(arrays_of(written(found)), arrays_of(written(DIAMOND)))


@pytest.mark.parametrize("chunk_bytes", [1, 1000])
def test_a_tensor_in_fortran_order_is_read(tmp_path, monkeypatch, chunk_bytes):
    monkeypatch.setattr(npz, "CHUNK_BYTES", chunk_bytes)
    tensor = np.asfortranarray(arrays_of(written(DIAMOND))["node_config_feat"])
    found = read(save(tmp_path / "x.npz", DIAMOND, {"node_config_feat": tensor}))
    assert same_arrays(arrays_of(written(found)), arrays_of(written(DIAMOND)))


def test_a_tensor_in_fortran_order_that_memory_does_not_hold_is_refused(tmp_path):
    tensor = np.full((1000, 2, 18), -1, np.float32, order="F")
    path = save(tmp_path / "x.npz", DIAMOND, {"node_config_feat": tensor, "config_runtime": np.arange(1000)})
    with pytest.raises(DataError) as error:
        read(path, max_bytes=100_000)
    assert str(error.value) == (
        f"{path}: node_config_feat: expected arrays that take at most 100,000 bytes of memory, found 144,128 bytes; "
        "save it again from np.ascontiguousarray, or --max-bytes (max_bytes in Python) raises the limit"
    )
    save(path, DIAMOND, {"node_config_feat": tensor.copy(order="C"), "config_runtime": np.arange(1000)})
    assert len(read(path, max_bytes=100_000).configurations) == 1000


def test_keys_that_are_not_the_dataset_s_are_ignored(tmp_path):
    found = read(save(tmp_path / "x.npz", DIAMOND, {"note": np.array(["mine"])}))
    assert same_arrays(arrays_of(written(found)), arrays_of(written(DIAMOND)))


def test_a_file_without_splits(tmp_path):
    found = read(save(tmp_path / "x.npz", DIAMOND, {"node_splits": None}))
    assert found.splits is None
    assert "node_splits" not in arrays_of(written(found))


def test_a_graph_without_edges(tmp_path):
    assert read(save(tmp_path / "x.npz", DIAMOND, {"edge_index": np.empty((0, 2), np.int64)})).edges.shape == (0, 2)


def test_a_file_without_configurations_keeps_its_slots():
    none = graphs.chain().replace(configurations=graphs.layouts([1, 2], [], []))
    found = read_back(written(none), none)
    assert found == none
    assert found.configurations.codes.shape == (0, 2)


def test_a_file_without_configurable_ops_keeps_its_runtimes():
    bare = graphs.chain().replace(configurations=graphs.layouts([], [[], []], [5, 6]))
    found = read_back(written(bare), bare)
    assert found == bare
    assert found.configurations.runtime_ns.tolist() == [5, 6]


def test_configurations_of_another_kind_are_not_written():
    odd = DIAMOND.replace(configurations=Configurations(runtime_ns=np.array([1])))
    with pytest.raises(DataError, match="expected layout or tile configurations, found Configurations"):
        written(odd)


def test_the_configuration_tensor_is_never_whole_in_memory(tmp_path):
    configs, slots = 28_000, 100
    path = tmp_path / "large.npz"
    write_large(path, configs, slots)
    tracemalloc.start()
    try:
        found = read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.configurations.codes.shape == (configs, slots)
    assert peak < configs * slots * 18 * 4 / 3


def write_large(path, configs, slots):
    """200 MB of configurations that take 8 MB compressed."""
    bare = graphs.make_record("large", [("parameter", "f32[]")] * slots, [])
    runtimes = np.arange(1, configs + 1)
    save(path, bare, {"config_runtime": runtimes, "node_config_ids": np.arange(slots), "node_config_feat": None})
    block = np.random.default_rng(0).integers(-1, 2, (configs // 28, slots, 18)).astype(np.float32)
    block[..., 2:] = -1
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("node_config_feat.npy", "w", force_zip64=True) as member,
    ):
        header = {"descr": "<f4", "fortran_order": False, "shape": (configs, slots, 18)}
        np.lib.format.write_array_header_1_0(member, header)
        for _ in range(28):
            member.write(block.tobytes())


@pytest.mark.parametrize("chunk_bytes", [1, 144, 1000])
def test_the_size_of_the_chunks_does_not_matter(tmp_path, monkeypatch, chunk_bytes):
    monkeypatch.setattr(npz, "CHUNK_BYTES", chunk_bytes)
    assert read_back(written(DIAMOND), DIAMOND) == DIAMOND


@pytest.mark.parametrize(
    ("head", "expected"), [(written(DIAMOND)[:512], True), (b"PK\x05\x06", True), (b"HloModule", False), (b"", False)]
)
def test_sniff(head, expected):
    assert npz.sniff(head) is expected


def declared(shape):
    """An npy member of no values whose header declares a shape of float32."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return header.getvalue()


@pytest.mark.parametrize("shape", [(2**50, 0, 18), (2**62, 0, 18), (4, 2**60, 18), (2**40, 2, 18)])
def test_a_tensor_that_only_its_header_makes_large_is_refused_at_once(tmp_path, shape):
    record = DIAMOND.replace(configurations=graphs.layouts([], [[]] * 4, [1, 2, 3, 4]))
    path = save_members(tmp_path / "x.npz", record, {"node_config_feat.npy": declared(shape)})
    started = time.monotonic()
    expected = "node_config_feat: expected float32 (configs, slots, 18) with 0 slots, 4 configs, found float32 ("
    assert refusal(path).startswith(expected)
    assert time.monotonic() - started < 1


def test_rows_that_are_all_distinct_count_as_what_they_take(tmp_path):
    configs = 20_000
    tensor = np.arange(configs * 18, dtype=np.float32).reshape(configs, 1, 18)
    record = DIAMOND.replace(configurations=graphs.layouts([1], [[[0]]], [1]))
    path = save(tmp_path / "x.npz", record, {"node_config_feat": tensor, "config_runtime": np.arange(configs)})
    message = refusal_of(path, max_bytes=1_000_000)
    assert message.startswith("node_config_feat: expected arrays that take at most 1,000,000 bytes of memory, found ")
    assert read(path, max_bytes=10_000_000).configurations.codebook.tobytes() == tensor.tobytes()


def refusal_of(path, **options):
    with pytest.raises(DataError) as error:
        read(path, **options)
    return str(error.value).removeprefix(f"{path}: ")


def test_200_000_ops_in_one_file(tmp_path):
    ops, numbers = 200_000, np.random.default_rng(0)
    edges = np.sort(numbers.integers(ops, size=(328_000, 2)))[:, ::-1]
    arrays = {
        "node_feat": np.ones((ops, 140), np.float32),
        "node_opcode": np.ones(ops, np.uint8),
        "edge_index": edges[edges[:, 0] > edges[:, 1]],
        "config_feat": np.zeros((3, 24), np.float32),
        "config_runtime_normalizers": np.ones(3, np.int64),
        "config_runtime": np.arange(3),
    }
    np.savez(tmp_path / "x.npz", **arrays)
    tracemalloc.start()
    started = time.monotonic()
    try:
        found = read(tmp_path / "x.npz")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(found), found.edges.tobytes()) == (ops, arrays["edge_index"].tobytes())
    assert peak < 2.5 * arrays["node_feat"].nbytes
    assert time.monotonic() - started < 10


def test_memory_that_is_not_there_is_said(tmp_path, monkeypatch):
    path = tmp_path / "x.npz"
    path.write_bytes(written(DIAMOND))

    def none_left(*arguments):
        raise MemoryError

    monkeypatch.setattr(npz, "check", none_left)
    assert refusal_of(path) == (
        "file: expected arrays that fit in memory, found not enough of it; "
        "free some; 2,147,483,648 bytes are the limit (--max-bytes)"
    )
