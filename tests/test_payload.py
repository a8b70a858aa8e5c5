import hashlib
import json
import mmap
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given

from tests import graphs, real, strategies
from tpugraph_db import content, payload
from tpugraph_db.errors import PayloadError, StoreError

LITERAL = pytest.mark.parametrize(
    "record",
    [graphs.chain(), graphs.diamond(), graphs.two_computations(), graphs.lowered()],
    ids=["chain", "diamond", "two", "lowered"],
)
CURE = "load its file again with --replace"


def changed(name, folder, change):
    """Write the payload again, changed."""
    path = folder / name
    path.write_bytes(change(bytearray(path.read_bytes())))
    return path


def flip_last_bit(data):
    data[-1] ^= 1
    return data


def with_header(data, change):
    """The same file with another JSON header."""
    length = int.from_bytes(data[:8], "little")
    header = change(json.loads(data[8 : 8 + length])).encode()
    return len(header).to_bytes(8, "little") + header + data[8 + length :]


def put(record, folder):
    """Write a record's payload; the file's name."""
    encoded = payload.encode(record)
    content.write([encoded], folder)
    return encoded.name


@LITERAL
def test_a_record_comes_back(record, tmp_path):
    assert payload.read(tmp_path, put(record, tmp_path), verify=True) == record


@given(record=strategies.records() | strategies.lowered_records())
def test_every_record_comes_back(record, tmp_path_factory):
    folder = tmp_path_factory.mktemp("payload")
    assert payload.read(folder, put(record, folder), verify=True) == record


@pytest.mark.parametrize("changes", [{"failed_runs": 0}, {"failed_runs": 3}, {"unknown": {"x": 1}}])
def test_what_only_some_sources_say_comes_back(changes, tmp_path):
    record = graphs.diamond().replace(**changes)
    assert payload.read(tmp_path, put(record, tmp_path), verify=True) == record


def test_a_second_run_and_the_default_come_back(tmp_path):
    known = {"repeat_runtime_ns": np.array([31, 11, 21, 0]), "is_default": np.array([True, False, False, False])}
    record = graphs.diamond().replace(configurations=replace(graphs.diamond().configurations, **known))
    assert payload.read(tmp_path, put(record, tmp_path), verify=True) == record


def test_a_payload_has_the_name_that_version_0_1_gave_it():
    names = [payload.encode(record).name for record in (graphs.chain(), graphs.diamond(), graphs.two_computations())]
    assert names == [
        "b671714fc7d8177e3305ba230772cbbfb244bbe034dda81978eba9fd1df6e381.safetensors",
        "dd7e5ed2dc295832c6ca1e0988fb37bb31076fffdd6c151cef3781199b052f14.safetensors",
        "4331d59ac18209a6193d1c92d19b5e048a92fd670c28bf43154ece6a6857d212.safetensors",
    ]


def test_a_program_is_mapped_from_the_file(tmp_path):
    record = payload.read(tmp_path, put(graphs.lowered(), tmp_path))
    owner = record.program.names.data
    while isinstance(owner, np.ndarray):
        owner = owner.base
    assert isinstance(owner, mmap.mmap)


@pytest.mark.parametrize("name", real.FILES)
def test_a_real_record_comes_back(data, name, tmp_path):
    record = real.record(data, name)
    assert payload.read(tmp_path, put(record, tmp_path), verify=True) == record


@LITERAL
def test_the_name_is_the_sha256_of_the_content(record, tmp_path):
    name = put(record, tmp_path)
    assert name == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() + ".safetensors"


def test_equal_records_share_one_file(tmp_path):
    assert put(graphs.diamond(), tmp_path) == put(graphs.diamond(), tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_records_of_another_name_do_not(tmp_path):
    names = {put(graphs.chain().replace(name=name), tmp_path) for name in "ab"}
    assert len(names) == 2


def test_safetensors_itself_can_read_it(tmp_path):
    tensors = safetensors.numpy.load_file(tmp_path / put(graphs.diamond(), tmp_path))
    assert tensors["config.runtime_ns"].tolist() == [30, 10, 20, 30]


def test_arrays_are_mapped_from_the_file(tmp_path):
    record = payload.read(tmp_path, put(graphs.diamond(), tmp_path))
    for array in (record.features, record.edges, record.configurations.codebook, record.configurations.codes):
        owner = array
        while isinstance(owner, np.ndarray):
            owner = owner.base
        assert isinstance(owner, mmap.mmap)


def test_arrays_cannot_be_written(tmp_path):
    record = payload.read(tmp_path, put(graphs.diamond(), tmp_path))
    with pytest.raises(ValueError, match="read-only"):
        record.features[0, 0] = 1


def test_a_large_payload_is_not_read_until_it_is_touched(tmp_path):
    ops = 50_000
    large = graphs.chain().replace(
        features=np.zeros((ops, 140), np.float32), opcode_numbers=np.ones(ops, np.uint8), splits=None
    )
    name = put(large, tmp_path)
    tracemalloc.start()
    try:
        payload.read(tmp_path, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < large.features.nbytes / 20


def test_a_missing_payload_is_said(tmp_path):
    with pytest.raises(PayloadError) as error:
        payload.read(tmp_path, "gone.safetensors")
    assert str(error.value) == f"{tmp_path}/gone.safetensors: the payload of this graph is missing; {CURE}"


def test_one_changed_bit_is_said(tmp_path):
    name = put(graphs.diamond(), tmp_path)
    path = changed(name, tmp_path, flip_last_bit)
    with pytest.raises(PayloadError) as error:
        payload.read(tmp_path, name, verify=True)
    assert str(error.value) == f"{path}: the payload has changed since it was written; {CURE}"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"",
        lambda data: b"garbage" * 100,
        lambda data: data[:4],
        lambda data: data[:100],
        lambda data: data[:-1],
        lambda data: data[: 8 + int.from_bytes(data[:8], "little")],
        lambda data: b"\xff" * 8 + data[8:],
        lambda data: with_header(data, lambda header: "[]"),
        lambda data: with_header(data, lambda header: "1"),
        lambda data: with_header(data, lambda header: json.dumps(header | {"__metadata__": {}})),
        lambda data: with_header(data, lambda header: json.dumps(header | {"__metadata__": {"record": "[]"}})),
        lambda data: with_header(data, lambda header: json.dumps({k: header[k] for k in list(header)[:3]})),
        lambda data: with_header(data, lambda header: json.dumps(header).replace("I64", "I65")),
        lambda data: with_header(data, lambda header: json.dumps(header).replace("140", "1" + "0" * 30)),
    ],
    ids=[
        *("empty", "garbage", "a stub", "cut in the header", "cut by a byte", "cut after the header", "a long header"),
        *("a list", "a number", "no metadata", "other metadata", "arrays missing", "a dtype", "a huge shape"),
    ],
)
def test_what_is_no_payload_is_said(change, tmp_path):
    name = put(graphs.diamond(), tmp_path)
    path = changed(name, tmp_path, change)
    with pytest.raises(PayloadError) as error:
        payload.read(tmp_path, name)
    assert str(error.value).startswith(f"{path}: not a payload (")
    assert str(error.value).endswith(f"); {CURE}")
    assert "\n" not in str(error.value)


def full_disk(*args, **kwargs):
    raise OSError(28, "No space left on device")


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(StoreError, match="No space left"):
        content.write([payload.encode(graphs.chain()), payload.encode(graphs.diamond())], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_rename_that_fails_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(StoreError, match="No space left"):
        put(graphs.chain(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_made_and_is_its_owner_s_alone(tmp_path):
    put(graphs.chain(), tmp_path / "a" / "payload")
    assert (tmp_path / "a" / "payload").stat().st_mode & 0o077 == 0


def test_remove_deletes_the_file(tmp_path):
    content.remove(tmp_path, put(graphs.chain(), tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_remove_of_what_is_gone_is_no_error(tmp_path):
    content.remove(tmp_path, "gone.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_remove_deletes_what_an_interrupted_write_has_left(tmp_path):
    name = put(graphs.chain(), tmp_path)
    (tmp_path / f".writing-{name}-abc").write_bytes(b"half")
    content.remove(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_several_are_written_together(tmp_path):
    encoded = [payload.encode(record) for record in (graphs.chain(), graphs.diamond())]
    content.write(encoded, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {one.name for one in encoded}
    assert payload.read(tmp_path, encoded[1].name, verify=True) == graphs.diamond()
